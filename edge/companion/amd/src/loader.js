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
 * Brings the Worker's module, which mounts the widget. The address stands in the element that the module mounts into.
 *
 * Plain AMD: it is one statement, and what Moodle's build makes of it is the same but for white space.
 *
 * @module     block_courseferry/loader
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
define('block_courseferry/loader', [], function() {
    return {
        /**
         * Adds the module to the page. A second time it does nothing: a module is run once, and mounts every widget.
         */
        init: function() {
            const place = document.querySelector('[data-courseferry]');
            if (place && !document.querySelector('script[data-courseferry-module]')) {
                const script = document.createElement('script');
                script.type = 'module';
                if (place.dataset.integrity) {
                    // The browser runs that build or none.
                    script.integrity = place.dataset.integrity;
                    script.crossOrigin = 'anonymous';
                }
                script.src = place.dataset.module;
                script.dataset.courseferryModule = '';
                document.head.append(script);
            }
        },
    };
});
