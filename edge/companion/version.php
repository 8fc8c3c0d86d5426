<?php
/**
 * Which version of the companion this is, and the Moodles that it is for.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$plugin->component = 'block_courseferry';
$plugin->version = 2026112400;
$plugin->release = '1.1.0';
$plugin->maturity = MATURITY_STABLE;
$plugin->requires = 2024100700; // Moodle 4.5.
$plugin->supported = [405, 503];
