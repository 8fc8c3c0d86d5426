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
 * Sets this Moodle up for the Worker, and prints the commands that give the Worker its secrets.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use block_courseferry\local\installation;
use block_courseferry\local\worker_url;

[$options, $unknown] = cli_get_params(
    ['worker' => '', 'rotate' => false, 'stolen' => false, 'role' => false, 'help' => false],
    ['w' => 'worker', 'h' => 'help'],
);
if ($options['help'] || $unknown) {
    cli_writeln(<<<'TEXT'
        Sets this Moodle up for Courseferry: service user, role, token and keys. Run again, it changes nothing.

          --worker=https://…  the Worker's address
          --rotate            replace the token and both keys; the Worker accepts the old keys until they are removed
          --stolen            replace them because somebody may have them: the old keys are good no longer
          --role              also make a role with exactly what a teacher needs, to be assigned in categories

        Example: sudo -u www-data php blocks/courseferry/cli/install.php --worker=https://courseferry.example.org
        TEXT);
    exit($unknown ? 1 : 0);
}

$url = worker_url::parse($options['worker'] ?: (string)get_config('block_courseferry', 'workerorigin'));
if (!$url) {
    cli_error('Give the Worker\'s address: --worker=https://courseferry.example.org (https, no path).');
}

\core\session\manager::set_user(get_admin());
$installation = new installation();
$installation->set_worker($url);
$stolen = (bool)$options['stolen'];
$rotate = $stolen || $options['rotate'];
$fresh = $rotate || !get_config('block_courseferry', 'launchkey');
$token = $installation->token($rotate);
$keys = [];
foreach (['LAUNCH_KEY' => 'launchkey', 'SERVICE_KEY' => 'servicekey'] as $secret => $name) {
    [$keys[$secret], $previous] = $installation->key($name, $rotate);
    if ($previous !== '' && !$stolen) {
        $keys["{$secret}_PREVIOUS"] = $previous;
    }
}
if ($options['role']) {
    $installation->teacher_role();
}

foreach ($installation->done() ?: ['Everything was set up already; nothing is changed.'] as $sentence) {
    cli_writeln($sentence);
}
if ((new \core\files\curl_security_helper())->url_is_blocked($url->origin())) {
    cli_problem("Moodle refuses to connect to {$url->origin()}: see Site administration > General > Security > HTTP security.");
}

cli_writeln("\nPaste this in Courseferry's own folder, from where it was deployed:\n");
foreach (['CLIENT_TOKEN' => $token] + $keys as $secret => $value) {
    cli_writeln("printf %s '$value' | cargo xtask wrangler secret put $secret");
}
if ($stolen) {
    // A previous key that an earlier rotation left would still be accepted.
    foreach (['LAUNCH_KEY', 'SERVICE_KEY', 'SESSION_KEY'] as $secret) {
        cli_writeln("cargo xtask wrangler secret delete {$secret}_PREVIOUS");
    }
}
if ($fresh) {
    cli_writeln('openssl rand -hex 32 | tr -d \'\n\' | cargo xtask wrangler secret put SESSION_KEY');
}
if ($stolen) {
    cli_writeln("\nUntil these lines have run, the Worker accepts the stolen keys, and nothing from here.");
} else if (count($keys) > 2) {
    cli_writeln("\nThe old keys are accepted until LAUNCH_KEY_PREVIOUS and SERVICE_KEY_PREVIOUS are deleted there, as they should "
        . 'be in a day. If a key was stolen, use --stolen instead.');
}
cli_writeln("\nIts setting for this Moodle's address is: $CFG->wwwroot");
