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

namespace block_courseferry\event;

/**
 * An administrator confirmed an account that a restore had made.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class account_confirmed extends \core\event\base {
    /**
     * The event about an account.
     *
     * @param int $userid whose it is
     * @param string $job the restore that made it
     */
    public static function of(int $userid, string $job): self {
        return self::create([
            'context' => \context_system::instance(), 'relateduserid' => $userid, 'other' => ['job' => $job],
        ]);
    }

    #[\Override]
    protected function init() {
        $this->data['crud'] = 'u';
        $this->data['edulevel'] = self::LEVEL_OTHER;
    }

    #[\Override]
    public static function get_name() {
        return get_string('eventaccount_confirmed', 'block_courseferry');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '$this->userid' confirmed the account of the user with id '$this->relateduserid', "
            . "which the restore {$this->other['job']} had made.";
    }
}
