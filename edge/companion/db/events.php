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

/**
 * Core's events that concern us: courses and accounts that are deleted, and what others make in a course that a restore adds to.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [
    ['eventname' => '\core\event\course_deleted', 'callback' => 'block_courseferry\observer::course_deleted'],
    ['eventname' => '\core\event\user_deleted', 'callback' => 'block_courseferry\observer::user_deleted'],
    ['eventname' => '\core\event\course_restored', 'callback' => 'block_courseferry\observer::course_restored'],
];
foreach (['course_module', 'course_section', 'group', 'grouping', 'question_category'] as $thing) {
    $observers[] = ['eventname' => "\\core\\event\\{$thing}_created", 'callback' => 'block_courseferry\observer::made_in_course'];
}
