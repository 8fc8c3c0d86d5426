<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

namespace block_courseferry;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/companion_testcase.php');

/**
 * Administrators find people by name, and see of them what they may see.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\external\find_people
 */
final class find_people_test extends companion_testcase {
    /** @var \stdClass may manage */
    private \stdClass $administrator;

    #[\Override]
    protected function setUp(): void {
        global $DB;
        parent::setUp();
        $this->administrator = $this->getDataGenerator()->create_user(['firstname' => 'Grace', 'lastname' => 'Hopper']);
        $manager = $DB->get_field('role', 'id', ['shortname' => 'manager']);
        role_assign($manager, $this->administrator->id, \context_system::instance());
        foreach (
            [
            ['mcurie', 'Marie', 'Curie'], ['ijoliot', 'Irène', 'Joliot-Curie'], ['cent', 'Per', '100%'],
            ['gone', 'Pierre', 'Curie', 'deleted'], ['new', 'Eve', 'Curie', 'unconfirmed'],
            ] as $person
        ) {
            $state = $person[3] ?? '';
            $user = $this->getDataGenerator()->create_user([
                'username' => $person[0], 'firstname' => $person[1], 'lastname' => $person[2],
                'confirmed' => (int)($state !== 'unconfirmed'),
            ]);
            if ($state === 'deleted') {
                delete_user($user);
            }
        }
        $this->as_service();
    }

    /**
     * The full names that a search finds.
     *
     * @param string $search
     */
    private function found(string $search): array {
        return array_column($this->call('find_people', [(int)$this->administrator->id, $search])['people'], 'fullname');
    }

    public function test_every_word_is_looked_for_in_the_name_and_in_what_the_site_shows_of_people(): void {
        set_config('showuseridentity', 'username,email');
        $this->assertSame(['Marie Curie', 'Irène Joliot-Curie'], $this->found('curie'));
        $this->assertSame(['Irène Joliot-Curie'], $this->found('  CURIE joliot '));
        $this->assertSame(['Marie Curie'], $this->found('mcur'));
        $this->assertSame(['Per 100%'], $this->found('%'), 'not everybody');
        $this->assertSame([], $this->found(''), 'not everybody either');
        $this->assertSame([], $this->found(str_repeat('x', 5000)));
    }

    public function test_user_names_are_found_exactly_whatever_their_case(): void {
        $answer = $this->call('find_people', [(int)$this->administrator->id, '', ['MCurie', 'curie', 'gone', 'guest']]);
        $this->assertSame(['mcurie'], array_column($answer['people'], 'username'));
        $this->expectException(\invalid_parameter_exception::class);
        $this->call('find_people', [(int)$this->administrator->id, '', array_fill(0, 101, 'x')]);
    }

    public function test_of_many_the_first_are_told_and_that_there_are_more(): void {
        for ($i = 0; $i < 21; $i++) {
            $this->getDataGenerator()->create_user(['firstname' => 'Anna', 'lastname' => sprintf('Many%02d', $i)]);
        }
        $answer = $this->call('find_people', [(int)$this->administrator->id, 'many']);
        $this->assertCount(20, $answer['people']);
        $this->assertTrue($answer['more']);
        $this->assertSame('Anna Many00', $answer['people'][0]['fullname']);
    }

    public function test_what_is_shown_and_searched_besides_the_name_is_what_moodles_own_lists_show(): void {
        global $DB;
        $DB->set_field('user', 'email', 'm.curie@there.example', ['username' => 'mcurie']);
        set_config('showuseridentity', 'email,idnumber');
        $answer = $this->call('find_people', [(int)$this->administrator->id, 'marie']);
        $this->assertSame(['', 'm.curie@there.example'], [$answer['people'][0]['username'], $answer['people'][0]['identity']]);
        $this->assertSame(['Marie Curie'], $this->found('m.curie@there'));
        $this->assertSame([], $this->found('mcur'), 'user names are not shown on this site');

        // Hidden fields are for those who may see them.
        set_config('hiddenuserfields', 'email');
        $manager = $DB->get_field('role', 'id', ['shortname' => 'manager']);
        assign_capability('moodle/user:viewhiddendetails', CAP_PREVENT, $manager, \context_system::instance(), true);
        $this->assertSame([], $this->found('m.curie@there'));
        $answer = $this->call('find_people', [(int)$this->administrator->id, 'marie']);
        $this->assertSame('', $answer['people'][0]['identity']);
        assign_capability('moodle/user:viewhiddendetails', CAP_ALLOW, $manager, \context_system::instance(), true);
        $this->assertSame(['Marie Curie'], $this->found('m.curie@there'));
    }

    public function test_whoever_may_not_see_who_people_are_finds_them_by_name_only_or_by_the_user_name_that_they_know(): void {
        global $DB;
        set_config('showuseridentity', 'username,email');
        $manager = $DB->get_field('role', 'id', ['shortname' => 'manager']);
        assign_capability('moodle/site:viewuseridentity', CAP_PREVENT, $manager, \context_system::instance(), true);
        $answer = $this->call('find_people', [(int)$this->administrator->id, 'Marie']);
        $this->assertSame(['', ''], [$answer['people'][0]['username'], $answer['people'][0]['identity']]);
        $this->assertSame([], $this->found('mcur'), 'nor can they guess them');
        $answer = $this->call('find_people', [(int)$this->administrator->id, '', ['mcurie']]);
        $this->assertSame('mcurie', $answer['people'][0]['username']);
    }

    public function test_nobody_is_found_for_whoever_may_not_manage(): void {
        global $DB;
        foreach (
            [
            fn() => (int)$this->teacher->id,
            function () use ($DB) {
                $DB->set_field('user', 'suspended', 1, ['id' => $this->administrator->id]);
                return (int)$this->administrator->id;
            },
            ] as $whom
        ) {
            try {
                $this->call('find_people', [$whom(), 'Marie']);
                $this->fail('somebody was found');
            } catch (\moodle_exception $e) {
                $this->assertSame('client.no_capability', $e->errorcode);
            }
        }
    }
}
