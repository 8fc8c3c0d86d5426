@block @block_courseferry
Feature: Lending courses to other Moodles
  In order to let teachers take their courses to another Moodle
  As an administrator
  I need to set lending up and to see what is lent

  Background:
    Given I log in as "admin"
    And I navigate to "Plugins > Blocks > Courseferry" in site administration

  Scenario: The settings say who gets what, and lend neither to administrators nor students' data by default
    Then the field "Lend to administrators" matches value "0"
    And the field "Lend students' data" matches value "0"
    And I should see "Roles that make a course one's own"
    And I should see "Accounts that are lent to"

  Scenario: Setting it up shows the entry for the client, and done again the same one
    When I follow "Set up lending"
    And I should not see "The entry for this Moodle"
    And I press "Set up and show the entry"
    Then I should see "A new token is made."
    And I should see "The entry for this Moodle"
    And I press "Set up and show the entry"
    And I should not see "A new token is made."
    And I should see "The entry for this Moodle"

  Scenario: The list of what is lent is there before anything is
    When I follow "Lent backups"
    Then I should see "Nothing to display"
