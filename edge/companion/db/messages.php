<?php
/**
 * The messages that teachers and administrators can switch on and off for themselves.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$shown = MESSAGE_PERMITTED + MESSAGE_DEFAULT_ENABLED;

$messageproviders = [
    'restorationsuccess' => ['defaults' => ['popup' => $shown, 'email' => $shown]],
    'restorationfailed' => ['defaults' => ['popup' => $shown, 'email' => $shown]],
];
