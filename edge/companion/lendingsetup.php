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
 * Sets this Moodle up to lend courses, for administrators without a shell: what cli/install_remote.php does.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use block_courseferry\output\lending;
use block_courseferry\remote\lending_setup;
use block_courseferry\remote\token_change;

$url = new moodle_url('/blocks/courseferry/lendingsetup.php');
$PAGE->set_url($url);
$PAGE->set_context(\context_system::instance());
require_admin();
$PAGE->set_pagelayout('admin');
$PAGE->set_title(get_string('lendingsetup', 'block_courseferry'));
$PAGE->set_heading($SITE->fullname);

$client = optional_param('client', '', PARAM_ALPHANUM);
$client = lending_setup::is_name($client) ? $client : '';
$action = optional_param('action', '', PARAM_ALPHA);
$entry = null;
$setup = new lending_setup($client);
if ($action !== '' && data_submitted()) {
    require_sesskey();
    $entry = $setup->entry(match ($action) {
        'rotate' => token_change::rotate,
        'stolen' => token_change::stolen,
        default => token_change::keep,
    });
}

echo $OUTPUT->header();
echo $OUTPUT->render(new lending($url, $client, $setup->is_made(), $entry, $setup->done()));
echo $OUTPUT->footer();
