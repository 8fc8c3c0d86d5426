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
 * Sends a visitor whom Moodle has logged in back to the Worker, with a launch token in the fragment.
 *
 * It leads to the one page that the Worker's sign-in comes back to, and nowhere else: that page takes the token out of the
 * address at once. On any other the token would stay there.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use block_courseferry\local\launch;
use block_courseferry\local\worker;
use block_courseferry\local\worker_url;

$path = optional_param('path', worker_url::SIGN_IN_RETURN, PARAM_RAW);
$state = substr(optional_param('state', '', PARAM_ALPHANUMEXT), 0, 128);

$PAGE->set_context(context_system::instance());
$PAGE->set_url('/blocks/courseferry/launch.php', ['path' => $path, 'state' => $state]);
$PAGE->set_pagelayout('standard');
$PAGE->set_title(get_string('pluginname', 'block_courseferry'));
if ($path !== worker_url::SIGN_IN_RETURN) {
    throw new moodle_exception('notapath', 'block_courseferry');
}
require_login(null, false);

if (isguestuser()) {
    $SESSION->wantsurl = $PAGE->url->out(false);
    echo $OUTPUT->header();
    echo $OUTPUT->confirm(get_string('guestinvitation', 'block_courseferry'), get_login_url(), new moodle_url('/'));
    echo $OUTPUT->footer();
    die;
}

$worker = worker::configured() ?? throw new moodle_exception('notconnected', 'block_courseferry');
$address = $worker->url->sign_in_return(launch::mint($worker, $state)['token']);
// Not core's redirect(): it may show a page first, and would write the token into its HTML.
header('Cache-Control: no-store');
header('Referrer-Policy: no-referrer');
header("Location: $address", true, 303);
