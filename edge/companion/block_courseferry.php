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

use block_courseferry\local\people;
use block_courseferry\output\widget;

/**
 * The block: it shows the widget to those who may use it. On its own it asks nothing and stores nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class block_courseferry extends block_base {
    #[\Override]
    public function init() {
        $this->title = get_string('pluginname', 'block_courseferry');
    }

    #[\Override]
    public function has_config() {
        return true;
    }

    #[\Override]
    public function applicable_formats() {
        return ['my' => true, 'site-index' => true];
    }

    #[\Override]
    public function get_content() {
        if ($this->content === null) {
            $this->content = (object)['text' => '', 'footer' => ''];
            if (people::may_see_widget()) {
                $this->content->text = $this->page->get_renderer('core')->render(new widget(widget::BLOCK));
            }
        }
        return $this->content;
    }
}
