<?php
/**
 * The one scheduled task: it looks for restores whose process died.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$tasks = [
    ['classname' => 'block_courseferry\task\recover', 'minute' => '*', 'hour' => '*', 'day' => '*', 'dayofweek' => '*', 'month' => '*'],
];
