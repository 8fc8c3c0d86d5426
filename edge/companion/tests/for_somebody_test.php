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
 * An administrator restores for somebody else: with that person's rights, or with borrowed ones within limits.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\authority
 */
final class for_somebody_test extends companion_testcase {
    /** @var \stdClass may manage */
    private \stdClass $actor;
    /** @var \stdClass may restore nowhere */
    private \stdClass $owner;

    #[\Override]
    protected function setUp(): void {
        global $DB;
        $this->preventResetByRollback();
        parent::setUp();
        $this->actor = $this->getDataGenerator()->create_user();
        role_assign($DB->get_field('role', 'id', ['shortname' => 'manager']), $this->actor->id, \context_system::instance()->id);
        $this->owner = $this->getDataGenerator()->create_user();
    }

    /**
     * Orders a restore for the owner.
     *
     * @param array $change
     */
    private function order(array $change = []): array {
        return $this->hand_over($change + ['userid' => (int)$this->owner->id, 'actorid' => (int)$this->actor->id]);
    }

    public function test_with_borrowed_rights_the_course_is_the_owners_and_both_are_told_in_the_log(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->assertSame('client.no_capability', $this->order(['job' => 'alone', 'actorid' => 0])['error']);
        $sink = $this->redirectEvents();
        $this->assertSame('pending', $this->order(['remotecourseid' => $id])['state']);
        $task = \core\task\manager::get_adhoc_tasks(task\restore::class);
        $this->assertEquals([$this->actor->id], array_values(array_map(fn($one) => $one->get_userid(), $task)));
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', ''], [$entry['state'], $entry['error']], $entry['errordetail']);
        $context = \context_course::instance($entry['courseid']);
        $this->assertEquals([$this->owner->id], array_keys(get_enrolled_users($context)));
        $this->assertFalse(user_has_role_assignment($this->actor->id, local\enrolment::teacher_role(), $context->id));
        $finished = array_values(array_filter($sink->get_events(), fn($event) => $event instanceof event\restore_finished));
        $this->assertEquals([$this->actor->id, $this->owner->id], [$finished[0]->userid, $finished[0]->relateduserid]);
    }

    public function test_the_owners_own_rights_come_first(): void {
        $this->may_restore($this->owner, $this->category);
        $this->order();
        $task = \core\task\manager::get_adhoc_tasks(task\restore::class);
        $this->assertEquals([$this->owner->id], array_values(array_map(fn($one) => $one->get_userid(), $task)));
    }

    public function test_borrowed_rights_never_include_students_data(): void {
        set_config('userdata', 1, 'block_courseferry');
        foreach ([['students' => 1], ['enrolments' => 1]] as $i => $options) {
            $entry = $this->order(['job' => "job$i", 'options' => $options]);
            $this->assertSame('client.no_capability', $entry['error']);
        }
        $this->may_restore($this->owner, $this->category);
        $entry = $this->order(['job' => 'own', 'options' => ['students' => 1]]);
        $this->assertStringContainsString('block/courseferry:can_restore_user_datas', $entry['errordetail']);
    }

    /**
     * What keeps somebody from restoring for somebody else.
     *
     * @return array[] what is done, the code, a part of its detail
     */
    public static function obstacles(): array {
        return [
            'no administrator' => [fn($actor) => role_unassign_all(['userid' => $actor->id]), 'client.no_capability', ':manage'],
            'a suspended administrator' => [
                fn($actor) => self::change($actor, 'suspended', 1), 'client.user_inactive', 'suspended',
            ],
            'an administrator whose account is not vouched for' => [
                fn($actor) => self::change($actor, 'auth', 'email'), 'client.user_inactive', 'not vouched for',
            ],
            'a suspended owner' => [
                fn($actor, $owner) => self::change($owner, 'suspended', 1), 'client.user_inactive', 'suspended',
            ],
            'an owner whose account is not vouched for' => [
                fn($actor, $owner) => self::change($owner, 'auth', 'email'), 'client.user_inactive', 'not vouched for',
            ],
        ];
    }

    /**
     * Changes an account.
     *
     * @param \stdClass $user
     * @param string $field
     * @param mixed $value
     */
    private static function change(\stdClass $user, string $field, mixed $value): void {
        global $DB;
        $DB->set_field('user', $field, $value, ['id' => $user->id]);
    }

    /**
     * Such an order is refused, and one that was taken before does not run.
     *
     * @dataProvider obstacles
     * @param callable $obstruct
     * @param string $error
     * @param string $detail
     */
    public function test_both_must_be_fit_for_it_when_it_is_ordered_and_when_it_runs(
        callable $obstruct,
        string $error,
        string $detail,
    ): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $this->may_restore($this->owner, $this->category);
        $this->assertSame('pending', $this->order(['job' => 'before', 'remotecourseid' => $id])['state']);
        $obstruct($this->actor, $this->owner);
        $entry = $this->order();
        $this->assertSame(['failed', $error], [$entry['state'], $entry['error']]);
        $this->assertStringContainsString($detail, $entry['errordetail']);
        $courses = $this->courses();
        ob_start();
        (new local\run('before', 1))->execute();
        ob_end_clean();
        $this->assertSame(['failed', $error], [$this->entry('before')['state'], $this->entry('before')['error']]);
        $this->assertSame($courses, $this->courses());
    }

    public function test_into_an_existing_course_too(): void {
        [$backup, $id] = $this->backup();
        $this->start_worker($backup);
        $course = $this->getDataGenerator()->create_course();
        $order = ['remotecourseid' => $id, 'categoryid' => 0, 'options' => ['targetcourseid' => (int)$course->id]];
        $this->assertSame('client.no_capability', $this->order(['job' => 'alone', 'actorid' => 0] + $order)['error']);
        $this->order($order);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->assertSame([], get_enrolled_users(\context_course::instance($course->id)));
    }
}
