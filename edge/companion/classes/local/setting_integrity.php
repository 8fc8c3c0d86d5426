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

namespace block_courseferry\local;

/**
 * The setting that pins a build of the widget: it takes the hash that a deployment prints, or nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class setting_integrity extends \admin_setting_configtext {
    #[\Override]
    public function validate($data) {
        $typed = trim($data);
        return $typed === '' || worker_url::is_integrity($typed) ? true : get_string('notanintegrity', 'block_courseferry');
    }

    // Stored as it is compared: with a space around it the hash would be accepted and pin nothing.
    #[\Override]
    public function write_setting($data) {
        return parent::write_setting(trim($data));
    }
}
