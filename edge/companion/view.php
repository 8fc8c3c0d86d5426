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
 * The full page inside Moodle: find courses, one's restores, manage. Which of them is shown is the widget's, by #find and so on.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use block_courseferry\local\people;
use block_courseferry\output\widget;

require_login(null, false);
$PAGE->set_context(context_system::instance());
$PAGE->set_url('/blocks/courseferry/view.php');
$PAGE->set_pagelayout('standard');
$PAGE->set_title(get_string('pluginname', 'block_courseferry'));
$PAGE->set_heading(get_string('pluginname', 'block_courseferry'));
if (!people::may_see_widget()) {
    throw new required_capability_exception(context_system::instance(), 'block/courseferry:view', 'nopermissions', '');
}

echo $OUTPUT->header();
echo $OUTPUT->render(new widget(widget::PAGE));
echo $OUTPUT->footer();
