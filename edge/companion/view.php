<?php
/**
 * The full page inside Moodle: find courses, one's restores, manage.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use block_courseferry\local\people;
use block_courseferry\output\widget;

$view = optional_param('view', '', PARAM_ALPHA);
$view = in_array($view, widget::VIEWS, true) ? $view : '';

require_login(null, false);
$PAGE->set_context(context_system::instance());
$PAGE->set_url('/blocks/courseferry/view.php', $view === '' ? [] : ['view' => $view]);
$PAGE->set_pagelayout('standard');
$PAGE->set_title(get_string('pluginname', 'block_courseferry'));
$PAGE->set_heading(get_string('pluginname', 'block_courseferry'));
if (!people::may_see_widget()) {
    throw new required_capability_exception(context_system::instance(), 'block/courseferry:view', 'nopermissions', '');
}

echo $OUTPUT->header();
echo widget::html($OUTPUT, 'page', $view);
echo $OUTPUT->footer();
