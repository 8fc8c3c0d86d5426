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
 * What comes of a backup is what Moodle's own restore page makes of the same file and the same wishes; each difference is meant.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\plan_settings
 * @covers     \block_courseferry\local\core_restore
 */
final class core_compared_test extends companion_testcase {
    /**
     * @var string[] columns that tell where or when rather than what; and those of this site's own choice, as names that are taken
     *     and the id number
     */
    private const NOT_CONTENT = [
        'id', 'course', 'courseid', 'timecreated', 'timemodified', 'cacherev', 'sortorder', 'originalcourseid', 'section',
        'fullname', 'shortname', 'idnumber', 'categoryid', 'iteminstance', 'intro', 'contextid', 'stamp', 'instanceid', 'category',
    ];

    #[\Override]
    protected function setUp(): void {
        $this->preventResetByRollback();
        parent::setUp();
    }

    /**
     * A backup of a course with everything, and what can be left out of it.
     *
     * @return array{0: string, 1: int, 2: array} its bytes, the course's id in it, and ids of a section and an activity
     */
    private function everything(): array {
        $left = [];
        $start = strtotime('2025-09-01 08:00 UTC');
        $fill = function ($course) use ($start, &$left): void {
            global $DB;
            $generator = $this->getDataGenerator();
            $this->dated_activities($course, $start);
            $quiz = $DB->get_record('quiz', ['course' => $course->id]);
            $cm = get_coursemodule_from_instance('quiz', $quiz->id);
            $questions = $generator->get_plugin_generator('core_question');
            $bank = ['contextid' => \context_module::instance($cm->id)->id, 'name' => 'Bank'];
            $category = $questions->create_question_category($bank);
            foreach (['shortanswer', 'truefalse', 'multichoice', 'essay'] as $type) {
                $question = $questions->create_question($type, null, ['category' => $category->id, 'name' => "A $type"]);
                quiz_add_quiz_question($question->id, $quiz);
            }
            $group = $generator->create_group(['courseid' => $course->id, 'name' => 'Lab A', 'idnumber' => 'LA']);
            $grouping = $generator->create_grouping(['courseid' => $course->id, 'name' => 'Labs']);
            groups_assign_grouping($grouping->id, $group->id);
            $availability = json_encode(['op' => '&', 'c' => [['type' => 'group', 'id' => (int)$group->id]], 'showc' => [true]]);
            $page = $generator->create_module('page', ['course' => $course->id, 'name' => 'For the lab', 'section' => 2]);
            $DB->set_field('course_modules', 'availability', $availability, ['id' => $page->cmid]);
            $generator->create_module('resource', ['course' => $course->id, 'name' => 'Slides', 'section' => 3]);
            $hidden = $generator->create_module('label', ['course' => $course->id, 'section' => 2, 'visible' => 0]);
            $generator->create_grade_category(['courseid' => $course->id, 'fullname' => 'Labs in grades']);
            $DB->set_field('course_sections', 'name', 'Light and shade', ['course' => $course->id, 'section' => 2]);
            $DB->set_field('course_sections', 'summary', '<p>Read this first</p>', ['course' => $course->id, 'section' => 2]);
            $generator->create_block('online_users', ['parentcontextid' => \context_course::instance($course->id)->id]);
            $left = ['section' => (int)get_fast_modinfo($course)->get_section_info(3)->id, 'activity' => (int)$hidden->cmid];
        };
        [$backup, $id] = $this->backup(['startdate' => $start, 'numsections' => 4, 'summary' => 'All about light'], $fill);
        return [$backup, $id, $left];
    }

    /**
     * All that makes a course, without ids and times, in an order that does not depend on them.
     *
     * @param int $courseid
     */
    private function picture(int $courseid): array {
        global $DB;
        $course = get_course($courseid);
        $context = \context_course::instance($courseid);
        $plain = fn(object|array $row): array => array_diff_key((array)$row, array_flip(self::NOT_CONTENT));
        $picture = ['course' => $plain($course), 'format' => course_get_format($course)->get_format_options()];
        $sections = [];
        foreach ($DB->get_records('course_sections', ['course' => $courseid], 'section') as $section) {
            $sections[$section->section] = [$section->name, $section->summary, $section->visible, $section->availability];
        }
        $picture['sections'] = $sections;
        \course_modinfo::clear_instance_cache();
        foreach (get_fast_modinfo($DB->get_record('course', ['id' => $courseid]))->get_cms() as $cm) {
            $group = $cm->availability ? preg_replace('/"id":\d+/', '"id":n', $cm->availability) : null;
            $instance = $plain($DB->get_record($cm->modname, ['id' => $cm->instance]));
            unset($instance['reference'], $instance['revision']);
            $files = $DB->get_records_select(
                'files',
                "contextid = ? AND filename <> '.'",
                [$cm->context->id],
                'filearea, filename',
                'id, filearea, filename, contenthash'
            );
            $picture['activities']["$cm->sectionnum $cm->modname $cm->name"] = [
                'visible' => $cm->visible, 'completion' => $cm->completion, 'availability' => $group, 'row' => $instance,
                'files' => array_values(array_map($plain, $files)),
            ];
        }
        ksort($picture['activities']);
        $quiz = 'SELECT s.id, s.slot, s.maxmark, qu.name, qu.qtype
                   FROM {quiz_slots} s
                   JOIN {quiz} q ON q.id = s.quizid
                   JOIN {question_references} r ON r.itemid = s.id AND r.component = :mod AND r.questionarea = :slot
                   JOIN {question_versions} v ON v.questionbankentryid = r.questionbankentryid
                   JOIN {question} qu ON qu.id = v.questionid
                  WHERE q.course = :course
               ORDER BY s.slot';
        $picture['questions'] = array_values(array_map($plain, $DB->get_records_sql($quiz, [
            'mod' => 'mod_quiz', 'slot' => 'slot', 'course' => $courseid,
        ])));
        foreach (['groups' => 'name', 'groupings' => 'name', 'grade_categories' => 'fullname'] as $table => $order) {
            $picture[$table] = array_values($DB->get_fieldset_sql(
                "SELECT $order FROM {{$table}} WHERE courseid = ? ORDER BY $order",
                [$courseid],
            ));
        }
        $picture['blocks'] = $DB->count_records('block_instances', ['parentcontextid' => $context->id]);
        $items = 'SELECT itemname FROM {grade_items} WHERE courseid = ? AND itemmodule IS NOT NULL ORDER BY itemname';
        $picture['grade_items'] = $DB->get_fieldset_sql($items, [$courseid]);
        $methods = 'SELECT DISTINCT enrol FROM {enrol} WHERE courseid = ? ORDER BY enrol';
        $picture['enrol'] = $DB->get_fieldset_sql($methods, [$courseid]);
        return $picture;
    }

    /**
     * The wishes, as an order says them and as somebody sets them at Moodle's own page.
     *
     * @return array[]
     */
    public static function wishes(): array {
        return ['nothing' => [false], 'another start, hidden, a section and an activity left out' => [true]];
    }

    /**
     * A new course is what core makes.
     *
     * @dataProvider wishes
     * @param bool $wishes whether anything is wanted otherwise than there
     */
    public function test_a_new_course_is_the_one_that_cores_page_makes(bool $wishes): void {
        global $DB;
        [$backup, $id, $left] = $this->everything();
        $this->start_worker($backup);
        $role = $DB->get_field('role', 'id', ['shortname' => local\installation::TEACHER_ROLE]);
        assign_capability('moodle/restore:rolldates', CAP_ALLOW, $role, \context_system::instance()->id);
        $start = strtotime('2026-09-07 08:00 UTC');
        $this->hand_over(['remotecourseid' => $id, 'options' => $wishes ? [
            'startdate' => $start, 'visible' => 0,
            'leaveoutsections' => [$left['section']], 'leaveoutactivities' => [$left['activity']],
        ] : []]);
        $this->run_restores();
        $entry = $this->entry();
        $this->assertSame(['complete', []], [$entry['state'], $entry['warnings']], $entry['errordetail']);
        $ours = $this->picture($entry['courseid']);

        $theirs = \restore_dbops::create_new_course('Theirs', 'THEIRS', $this->category->id);
        $settings = ['users' => 0, 'enrolments' => \backup::ENROL_NEVER];
        $this->by_core($backup, $theirs, \backup::TARGET_NEW_COURSE, $settings + ($wishes ? [
            'course_startdate' => $start, "section_{$left['section']}_included" => 0, "label_{$left['activity']}_included" => 0,
        ] : []));
        if ($wishes) {
            // Core's page does not ask whether students see the course; that is the course's own settings page.
            $DB->set_field('course', 'visible', 0, ['id' => $theirs]);
            $DB->set_field('course', 'visibleold', 0, ['id' => $theirs]);
        }
        $this->assertEquals($this->picture($theirs), $ours);
        $this->assertNotEmpty($ours['questions']);
    }

    public function test_what_is_added_to_a_course_is_what_core_adds_but_nothing_there_is_changed(): void {
        global $DB;
        [$backup, $id] = $this->everything();
        $this->start_worker($backup);
        $generator = $this->getDataGenerator();
        $existing = function (string $shortname) use ($generator): \stdClass {
            $course = $generator->create_course(['shortname' => $shortname, 'numsections' => 2, 'summary' => '']);
            $generator->create_module('page', ['course' => $course->id, 'name' => 'There before', 'section' => 1]);
            return $course;
        };
        $here = $existing('HERE');
        $owner = $generator->create_and_enrol($here, 'editingteacher');
        $there = $existing('THERE');
        $before = $this->picture((int)$here->id);
        $this->hand_over([
            'userid' => (int)$owner->id, 'categoryid' => 0, 'remotecourseid' => $id,
            'options' => ['targetcourseid' => (int)$here->id],
        ]);
        $this->run_restores();
        $this->assertSame('complete', $this->entry()['state'], $this->entry()['errordetail']);
        $this->by_core($backup, (int)$there->id, \backup::TARGET_EXISTING_ADDING, [
            'users' => 0, 'enrolments' => \backup::ENROL_NEVER, 'course_startdate' => (int)$there->startdate,
        ]);
        $ours = $this->picture((int)$here->id);
        $theirs = $this->picture((int)$there->id);
        foreach (['course', 'format', 'activities', 'questions', 'groups', 'groupings', 'grade_items', 'enrol'] as $what) {
            $this->assertEquals($theirs[$what], $ours[$what], $what);
        }
        // Core names a section that has no name and gives it the backup's summary; here it keeps what it had.
        $this->assertSame('Light and shade', $theirs['sections'][2][0]);
        $this->assertEquals($before['sections'], array_intersect_key($ours['sections'], $before['sections']));
        $new = array_diff_key($theirs['sections'], $before['sections']);
        $this->assertEquals($new, array_diff_key($ours['sections'], $before['sections']));
        // Core adds blocks, and the backup's grade categories to a gradebook that has none; these are the course's own.
        $this->assertSame([$before['blocks'], $before['blocks'] + 1], [$ours['blocks'], $theirs['blocks']]);
        $this->assertContains('Labs in grades', $theirs['grade_categories']);
        $this->assertNotContains('Labs in grades', $ours['grade_categories']);
    }
}
