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
 * Moves a site over from the block my_external_backup_restore_courses: a report first, then what the options say.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use block_courseferry\local\migration;

[$options, $unknown] = cli_get_params(
    ['apply' => false, 'tokens' => false, 'rows' => false, 'undo' => false, 'help' => false],
    ['h' => 'help'],
);
if ($options['help'] || $unknown) {
    cli_writeln(<<<'TEXT'
        Moves this site over from the block my_external_backup_restore_courses. Without options it only reports.

          --tokens  the remotes with their tokens, for a pipe only: … --tokens | cargo xtask wrangler secret put EXTERNAL_MOODLES
          --rows    its restores as SQL: … --rows > rows.sql;
                    cargo xtask wrangler d1 execute courseferry --remote --file "$PWD/rows.sql"
          --apply   take over settings, permissions and restored courses, and switch its scheduled task off
          --undo    the way back: its task runs again, settings are as they were
        TEXT);
    exit($unknown ? 1 : 0);
}
if (!migration::possible()) {
    cli_error('The block my_external_backup_restore_courses was never installed here: there is nothing to move.');
}

\core\session\manager::set_user(get_admin());
$migration = new migration();

if ($options['tokens']) {
    if (stream_isatty(STDOUT)) {
        cli_error('These are secrets. Pipe them: … --tokens | cargo xtask wrangler secret put EXTERNAL_MOODLES');
    }
    fwrite(STDOUT, $migration->external_moodles());
    exit(0);
}
if ($options['rows']) {
    foreach ($migration->rows() as $statement) {
        cli_writeln($statement);
    }
    exit(0);
}
if ($options['apply'] || $options['undo']) {
    foreach ($options['apply'] ? $migration->apply() : $migration->undo() as $sentence) {
        cli_writeln($sentence);
    }
    exit(0);
}

cli_writeln('Nothing is changed by this report.');
cli_writeln("\nRemotes, whose tokens come along with --tokens:");
foreach ($migration->remotes() ?: ['none'] as $remote) {
    cli_writeln("  $remote");
}
cli_writeln("\nRestores, which come along with --rows:");
foreach ($migration->counts() ?: ['none' => 0] as $status => $number) {
    cli_writeln("  $number $status");
}
foreach ($migration->notes() as $note) {
    cli_writeln("  $note");
}
cli_writeln("\nSettings for the Worker's edge/site.toml, under [vars]:");
foreach ($migration->worker_settings() as $line) {
    cli_writeln("  $line");
}
cli_writeln("\nWith --apply: settings, permissions and restored courses are taken over here, and the block's scheduled task is "
    . 'switched off.');
cli_writeln('With --undo: the way back.');
