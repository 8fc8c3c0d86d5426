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

use block_courseferry\local\made_accounts;

/**
 * The table of the accounts that restores made.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class account_table extends \table_sql {
    /**
     * Makes the table.
     *
     * @param \moodle_url $url of its page
     */
    public function __construct(
        /** @var \moodle_url of its page */
        private readonly \moodle_url $url,
    ) {
        parent::__construct('block_courseferry_account');
        $columns = [
            'timecreated' => get_string('timecreated'),
            'username' => get_string('username'),
            'fullname' => get_string('user'),
            'email' => get_string('email'),
            'remote' => get_string('madeaccountfrom', 'block_courseferry'),
            'timeconfirmed' => get_string('status'),
        ];
        $this->define_columns(array_keys($columns));
        $this->define_headers(array_values($columns));
        $this->define_baseurl($url);
        $this->sortable(true, 'timecreated', SORT_DESC);
        $this->no_sorting('fullname');
        $this->collapsible(false);
        $names = \core_user\fields::for_name()->get_sql('u', false, '', '', false)->selects;
        $this->set_sql(
            "a.id, u.username, a.userid, a.remote, a.timecreated, a.timeconfirmed, u.email, $names",
            '{' . made_accounts::TABLE . '} a JOIN {user} u ON u.id = a.userid AND u.deleted = 0',
            '1 = 1'
        );
    }

    /**
     * When it was made.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_timecreated(\stdClass $row): string {
        return userdate($row->timecreated, get_string('strftimedatetimeshort', 'langconfig'));
    }

    /**
     * Where it comes from.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_remote(\stdClass $row): string {
        return s($row->remote);
    }

    /**
     * Its username. The other site chose it, as the name and the address, and core stores them as they come.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_username(\stdClass $row): string {
        return s($row->username);
    }

    /**
     * Whose it says it is.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_fullname($row): string {
        return \html_writer::link(new \moodle_url('/user/profile.php', ['id' => $row->userid]), s(fullname($row, true)));
    }

    /**
     * Its e-mail address.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_email(\stdClass $row): string {
        return s($row->email);
    }

    /**
     * When it was confirmed, or the button that does.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_timeconfirmed(\stdClass $row): string {
        global $OUTPUT;
        if ($row->timeconfirmed) {
            $when = userdate($row->timeconfirmed, get_string('strftimedatetimeshort', 'langconfig'));
            return get_string('madeaccountconfirmedon', 'block_courseferry', $when);
        }
        $button = new \single_button(
            new \moodle_url($this->url, ['confirm' => $row->id]),
            get_string('madeaccountconfirm', 'block_courseferry', $row->username),
        );
        return $OUTPUT->render($button);
    }
}
