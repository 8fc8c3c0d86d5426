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

use core\output\named_templatable;
use renderable;
use renderer_base;

/**
 * The page on which an administrator sets this Moodle up to lend courses.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lending implements named_templatable, renderable {
    /**
     * Makes the page's content.
     *
     * @param \moodle_url $url
     * @param string $client
     * @param bool $made
     * @param string|null $entry
     * @param string[] $done
     */
    public function __construct(
        /** @var \moodle_url where the form goes */
        private readonly \moodle_url $url,
        /** @var string the client's short name, or empty */
        private readonly string $client,
        /** @var bool whether its account is made */
        private readonly bool $made,
        /** @var string|null the entry for the client's EXTERNAL_MOODLES, once asked for */
        private readonly ?string $entry,
        /** @var string[] what was changed just now */
        private readonly array $done,
    ) {
    }

    #[\Override]
    public function get_template_name(renderer_base $renderer): string {
        return 'block_courseferry/lending';
    }

    #[\Override]
    public function export_for_template(renderer_base $output): array {
        return [
            'action' => $this->url->out(false),
            'sesskey' => sesskey(),
            'client' => $this->client,
            'made' => $this->made,
            'entry' => $this->entry,
            'done' => $this->done,
            'lent' => (new \moodle_url('/blocks/courseferry/lent.php'))->out(false),
            'settings' => (new \moodle_url('/admin/settings.php', ['section' => 'blocksettingcourseferry']))->out(false),
        ];
    }
}
