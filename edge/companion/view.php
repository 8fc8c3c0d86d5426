<?php
/**
 * The full page inside Moodle: find courses, one's restores, manage. Which of them is shown is the widget's, by #find and so on.
 *
 * @package    block_courseferry
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
echo widget::html($OUTPUT, 'page');
echo $OUTPUT->footer();
