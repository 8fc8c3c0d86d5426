<?php
/**
 * The one core event that concerns us: a restored course is deleted.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [
    ['eventname' => '\core\event\course_deleted', 'callback' => 'block_courseferry\observer::course_deleted'],
];
