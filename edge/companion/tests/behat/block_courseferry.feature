@block @block_courseferry
Feature: The Courseferry block and its settings
  In order to bring courses from other Moodles
  As a teacher
  I need to see the widget, or why it is not there

  Background:
    Given the following "users" exist:
      | username | firstname | lastname | email                |
      | creator  | Cora      | Creator  | creator@example.com  |
      | student  | Stu       | Dent     | student@example.com  |
    And the following "role assigns" exist:
      | user    | role          | contextlevel | reference |
      | creator | coursecreator | System       |           |
    And the following "blocks" exist:
      | blockname   | contextlevel | reference | pagetypepattern | defaultregion |
      | courseferry | System      | 1         | site-index      | side-pre      |

  Scenario: Until the Worker is connected an administrator is led to the settings
    Given I log in as "admin"
    And I am on site homepage
    And I should see "Courseferry is not connected yet." in the "Courseferry" "block"
    When I click on "Set up" "link" in the "Courseferry" "block"
    Then I should see "Not connected. Step 2 of 4, connect your Moodle and the Worker:"
    And the field "Category table" matches value "course_categories"

  Scenario: Others are only told that it is not connected
    When I log in as "creator"
    And I am on site homepage
    Then I should see "Courseferry is not connected yet." in the "Courseferry" "block"
    And I should not see "Set up"

  Scenario: Whoever may not bring courses sees no block
    When I log in as "student"
    And I am on site homepage
    Then I should not see "Courseferry"

  Scenario: With the Worker configured the widget has its place, and whose name proves nothing has none
    Given the following config values are set as admin:
      | workerorigin | https://courseferry.invalid                 | block_courseferry |
      | launchkey    | 0123456789012345678901234567890123456789012 | block_courseferry |
      | servicekey   | 0123456789012345678901234567890123456789012 | block_courseferry |
    And I log in as "creator"
    And I am on site homepage
    And "[data-courseferry]" "css_element" should exist in the "Courseferry" "block"
    When the following config values are set as admin:
      | trustedauth | ldap | block_courseferry |
    And I reload the page
    Then I should see "Your account is not of a kind with which courses can be brought" in the "Courseferry" "block"

  Scenario: The setting for the Worker takes an address without a path only
    Given I log in as "admin"
    And I navigate to "Plugins > Blocks > Courseferry" in site administration
    When I set the field "Worker" to "https://courseferry.example.org/path"
    And I press "Save changes"
    Then I should see "An address such as https://courseferry.example.org, without a path."
