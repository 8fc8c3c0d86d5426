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
 * The accounts that restores made, and which of them an administrator has confirmed.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/tablelib.php');

use block_courseferry\local\made_accounts;
use block_courseferry\output\account_table;

$url = new moodle_url('/blocks/courseferry/accounts.php');
$PAGE->set_url($url);
$PAGE->set_context(\context_system::instance());
require_login(null, false);
require_capability('moodle/site:config', \context_system::instance());

$confirmed = optional_param('confirm', 0, PARAM_INT);
if ($confirmed && data_submitted() && confirm_sesskey()) {
    made_accounts::confirm($confirmed, (int)$USER->id);
    redirect($url, get_string('madeaccountconfirmed', 'block_courseferry'), null, \core\output\notification::NOTIFY_SUCCESS);
}

$PAGE->set_pagelayout('admin');
$PAGE->set_title(get_string('madeaccounts', 'block_courseferry'));
$PAGE->set_heading($SITE->fullname);

$table = new account_table($url);
echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('madeaccounts', 'block_courseferry'));
echo html_writer::tag('p', get_string('madeaccounts_desc', 'block_courseferry'));
$table->out(50, false);
echo $OUTPUT->footer();
