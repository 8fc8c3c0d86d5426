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

namespace block_courseferry\external;

use block_courseferry\local\arrival_removal;
use block_courseferry\local\restore_record;

/**
 * Takes out of a course what an interrupted addition had brought.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remove_arrived extends decision {
    #[\Override]
    protected static function decide(restore_record $record, arrival_removal $removal, int $userid): array {
        if ($record->userid === $userid && $record->error === restore_record::ARRIVED_REMOVED) {
            return ['done', '', ''];
        }
        $obstacle = $removal->obstacle();
        if ($obstacle) {
            return ['refused', ...$obstacle];
        }
        \block_courseferry\task\remove_arrived::queue($record->job, $userid);
        return ['queued', '', ''];
    }
}
