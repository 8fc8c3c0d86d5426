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

namespace block_courseferry\output;

use block_courseferry\remote\backup_state;
use block_courseferry\remote\lent_backup;

/**
 * The table of the backups that other Moodles asked for.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lent_table extends \table_sql {
    /**
     * Makes the table.
     *
     * @param \moodle_url $url of its page
     */
    public function __construct(\moodle_url $url) {
        parent::__construct('block_courseferry_lent');
        $columns = [
            'timecreated' => get_string('lent_asked', 'block_courseferry'),
            'teacher' => get_string('user'),
            'coursename' => get_string('course'),
            'client' => get_string('lent_client', 'block_courseferry'),
            'state' => get_string('status'),
            'bytes' => get_string('size'),
            'timefetched' => get_string('lent_fetched', 'block_courseferry'),
        ];
        $this->define_columns(array_keys($columns));
        $this->define_headers(array_values($columns));
        $this->define_baseurl($url);
        $this->sortable(true, 'timecreated', SORT_DESC);
        $this->no_sorting('teacher');
        $this->collapsible(false);
        $names = fn(string $alias) => \core_user\fields::for_name()->get_sql($alias, false, "{$alias}_", '', false)->selects;
        $this->set_sql(
            "l.*, s.username AS client, {$names('u')}",
            '{' . lent_backup::TABLE . '} l LEFT JOIN {user} u ON u.id = l.userid LEFT JOIN {user} s ON s.id = l.serviceuserid',
            '1 = 1'
        );
    }

    /**
     * When it was asked for.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_timecreated(\stdClass $row): string {
        return userdate($row->timecreated, get_string('strftimedatetimeshort', 'langconfig'));
    }

    /**
     * For whom.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_teacher(\stdClass $row): string {
        if (!$row->userid) {
            return get_string('lent_anonymised', 'block_courseferry');
        }
        $user = (object)['id' => $row->userid];
        foreach (\core_user\fields::get_name_fields() as $field) {
            $user->$field = $row->{"u_$field"};
        }
        return \html_writer::link(new \moodle_url('/user/profile.php', ['id' => $user->id]), fullname($user));
    }

    /**
     * Of which course.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_coursename(\stdClass $row): string {
        $name = format_string((string)$row->coursename);
        return \html_writer::link(new \moodle_url('/course/view.php', ['id' => $row->courseid]), $name);
    }

    /**
     * How far it is, and why it failed.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_state(\stdClass $row): string {
        $backup = lent_backup::of_row((object)array_intersect_key((array)$row, get_class_vars(lent_backup::class)));
        $state = get_string("lent_{$backup->state->value}", 'block_courseferry');
        $more = match ($backup->state) {
            backup_state::running => (int)$backup->percent . ' %',
            backup_state::failed => s($backup->errordetail),
            backup_state::ready => get_string('lent_until', 'block_courseferry', userdate($backup->expires())),
            default => '',
        };
        $users = $backup->options->users ? get_string('lent_withusers', 'block_courseferry') : '';
        return implode(' · ', array_filter([$state, $more, $users]));
    }

    /**
     * How large it is.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_bytes(\stdClass $row): string {
        return $row->bytes ? display_size((int)$row->bytes) : '';
    }

    /**
     * When it was fetched.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_timefetched(\stdClass $row): string {
        return $row->timefetched ? userdate($row->timefetched, get_string('strftimedatetimeshort', 'langconfig')) : '';
    }
}
