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

use block_courseferry\local\copy_removal;

/**
 * Puts a course back that a restore made, for its owner and as long as nobody has worked in it: it is queued, or it is said what
 * holds that back.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class remove_copy extends get_copy {
    #[\Override]
    protected static function act(array $decision, string $job, int $userid): array {
        if ($decision[0] !== copy_removal::POSSIBLE) {
            return $decision;
        }
        \block_courseferry\task\remove_copy::queue($job, $userid);
        return [copy_removal::QUEUED, '', ''];
    }
}
