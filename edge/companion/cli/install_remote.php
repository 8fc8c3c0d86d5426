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
 * Sets this Moodle up to lend courses, and prints the entry that its client needs.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use block_courseferry\remote\lending_setup;
use block_courseferry\remote\token_change;

[$options, $unknown] = cli_get_params(
    ['client' => '', 'rotate' => false, 'stolen' => false, 'help' => false],
    ['c' => 'client', 'h' => 'help'],
);
if ($options['help'] || $unknown || !lending_setup::is_name((string)$options['client'])) {
    cli_writeln(<<<'TEXT'
        Sets this Moodle up to lend courses to another one: web service, account, role, token. Run again, it changes nothing.

          --client=NAME  where several Moodles borrow from this one: small letters and digits. Each has its own account,
                         so that none sees another's backups
          --rotate       replace the token; the old one is good for another day
          --stolen       replace the token; the old one is refused at once

        Example: sudo -u www-data php blocks/courseferry/cli/install_remote.php
        TEXT);
    exit($options['help'] ? 0 : 1);
}

\core\session\manager::set_user(get_admin());
$setup = new lending_setup((string)$options['client']);
$entry = $setup->entry(match (true) {
    (bool)$options['stolen'] => token_change::stolen,
    (bool)$options['rotate'] => token_change::rotate,
    default => token_change::keep,
});
foreach ($setup->done() ?: ['Everything was set up already; nothing is changed.'] as $sentence) {
    cli_writeln($sentence);
}
if (!get_config('tool_task', 'lastcronstart')) {
    cli_problem('Cron has not run yet. Backups are made by it: let it run every minute.');
}
cli_writeln("\nThe client's entry for this Moodle, a secret. In Courseferry's folder there, this command asks for it:");
cli_writeln("cargo xtask secret remote $CFG->wwwroot\n");
cli_writeln($entry);
