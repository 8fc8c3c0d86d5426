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
 * Calls the Worker as the settings say, and tells an administrator what came of it.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use block_courseferry\local\connection;

require_login(null, false);
require_capability('moodle/site:config', context_system::instance());

$PAGE->set_context(context_system::instance());
$PAGE->set_url('/blocks/courseferry/testconnection.php');
$PAGE->set_pagelayout('admin');
$PAGE->set_title(get_string('testconnection', 'block_courseferry'));

// Opened without the session's key, as from a bookmark, the page only says how it stands and offers the test.
$tested = optional_param('sesskey', '', PARAM_RAW) !== '' && confirm_sesskey() ? connection::test() : null;

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('testconnection', 'block_courseferry'));
if ($tested) {
    echo $OUTPUT->notification($tested['text'], $tested['ok'] ? 'success' : 'error', false);
} else {
    echo html_writer::tag('p', connection::status());
}
echo $OUTPUT->single_button($PAGE->url, get_string($tested ? 'testagain' : 'testconnection', 'block_courseferry'));
echo $OUTPUT->continue_button(new moodle_url('/admin/settings.php', ['section' => 'blocksettingcourseferry']));
echo $OUTPUT->footer();
