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

namespace block_courseferry\output;

use block_courseferry\local\launch;
use block_courseferry\local\launch_claims;
use block_courseferry\local\people;
use block_courseferry\local\worker;

/**
 * The place into which the Worker's module mounts the widget, and the few facts that it starts with.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class widget implements \renderable, \templatable {
    public function __construct(
        /** @var string block or page */
        private readonly string $surface,
    ) {
    }

    /**
     * The widget as HTML, or a sentence that says why it is not there.
     */
    public static function html(\core_renderer $output, string $surface): string {
        global $USER;
        if (worker::configured() === null) {
            $setup = has_capability('moodle/site:config', \context_system::instance())
                ? ' ' . \html_writer::link(new \moodle_url('/admin/settings.php', ['section' => 'blocksettingcourseferry']),
                    get_string('setup', 'block_courseferry')) : '';
            return \html_writer::tag('p', get_string('notconnected', 'block_courseferry') . $setup);
        }
        if (!people::is_vouched_for($USER)) {
            return \html_writer::tag('p', get_string('untrustedaccount', 'block_courseferry'));
        }
        $widget = new self($surface);
        return $output->render_from_template('block_courseferry/widget', $widget->export_for_template($output));
    }

    #[\Override]
    public function export_for_template(\renderer_base $output): array {
        global $CFG;
        $worker = worker::configured();
        return [
            'worker' => $worker->url->origin(),
            'module' => $worker->url->widget(),
            'launch' => launch::mint($worker)['token'],
            'sesskey' => sesskey(),
            'wwwroot' => $CFG->wwwroot,
            'lang' => launch_claims::locale(current_language()),
            'surface' => $this->surface,
            'page' => (new \moodle_url('/blocks/courseferry/view.php'))->out(false),
        ];
    }
}
