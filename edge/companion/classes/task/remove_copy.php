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

namespace block_courseferry\task;

use block_courseferry\local\copy_removal;
use block_courseferry\local\leftover;
use block_courseferry\local\restore_record;

/**
 * Removes a course that a restore made.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remove_copy extends removal {
    #[\Override]
    public function get_name() {
        return get_string('taskremovecopy', 'block_courseferry');
    }

    #[\Override]
    protected function remove(restore_record $record, int $userid): void {
        (new copy_removal($record, $userid))->execute();
    }

    #[\Override]
    protected static function give_up(restore_record $record): void {
        leftover::give_up($record, 'its teacher wanted it removed, and each try failed or died: the log of that task says where');
    }
}
