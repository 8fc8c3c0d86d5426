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
use block_courseferry\local\worker;
use block_courseferry\local\worker_url;
use core\output\named_templatable;

/**
 * The place into which the Worker's module mounts the widget, and the few facts that it starts with; or why it is not there.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class widget implements named_templatable, \renderable {
    /** @var string in a block */
    public const BLOCK = 'block';
    /** @var string on the full page */
    public const PAGE = 'page';

    /**
     * A widget.
     *
     * @param string $surface where it stands: BLOCK or PAGE
     */
    public function __construct(
        /** @var string where it stands */
        private readonly string $surface,
    ) {
    }

    #[\Override]
    public function get_template_name(\renderer_base $renderer): string {
        return 'block_courseferry/widget';
    }

    #[\Override]
    public function export_for_template(\renderer_base $output): array {
        global $CFG, $PAGE;
        $worker = worker::configured();
        if ($worker === null) {
            return ['refusal' => get_string('notconnected', 'block_courseferry'), 'setup' => self::setup()];
        }
        $refusal = launch::refusal();
        if ($refusal !== null) {
            return ['refusal' => get_string($refusal, 'block_courseferry')];
        }
        $PAGE->requires->js_call_amd('block_courseferry/loader', 'init');
        $integrity = (string)get_config('block_courseferry', 'integrity');
        return [
            'worker' => $worker->url->origin(),
            'module' => $worker->url->widget($integrity),
            'integrity' => worker_url::is_integrity($integrity) ? $integrity : '',
            'launch' => launch::mint($worker)['token'],
            'sesskey' => sesskey(),
            'wwwroot' => $CFG->wwwroot,
            'lang' => launch_claims::locale(current_language()),
            'surface' => $this->surface,
            'page' => (new \moodle_url('/blocks/courseferry/view.php'))->out(false),
        ];
    }

    /**
     * The address of the settings, for those who may change them.
     */
    private static function setup(): ?string {
        return has_capability('moodle/site:config', \context_system::instance())
            ? (new \moodle_url('/admin/settings.php', ['section' => 'blocksettingcourseferry']))->out(false) : null;
    }
}
