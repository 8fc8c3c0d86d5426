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
 * Gives a client the file of one of its backups: POST with the token of its service account, the job and the number.
 *
 * Errors have their HTTP status and Moodle's JSON. The token is never taken from an address.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('AJAX_SCRIPT', true);
define('NO_MOODLE_COOKIES', true);
define('NO_DEBUG_DISPLAY', true);

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/filelib.php');

use block_courseferry\remote\byte_range;
use block_courseferry\remote\download;
use block_courseferry\remote\lending_exception;

try {
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        throw new moodle_exception('invalidmethod', 'block_courseferry');
    }
    $sent = fn(string $name): string => is_string($_POST[$name] ?? null) ? $_POST[$name] : '';
    $backup = download::authorise($sent('token'), $sent('job'), (int)$sent('number'));
    $file = $backup->file() ?? throw new lending_exception('backup.gone');
    $size = $file->get_filesize();
    $range = byte_range::wanted(
        $_SERVER['HTTP_RANGE'] ?? null,
        $_SERVER['HTTP_IF_RANGE'] ?? null,
        $file->get_contenthash(),
        $size
    );
} catch (Throwable $e) {
    $status = download::status($e);
    if ($status === 500) {
        debugging($e->getMessage() . "\n" . $e->getTraceAsString(), DEBUG_NONE);
    }
    http_response_code($status);
    header('Content-Type: application/json; charset=utf-8');
    header('Cache-Control: no-store');
    if ($status === 405) {
        header('Allow: POST');
    }
    if ($status === 416) {
        header("Content-Range: bytes */$size");
    }
    echo json_encode([
        'exception' => get_class($e),
        'errorcode' => $e->errorcode ?? 'internalerror',
        'message' => $status === 500 ? '' : lending_exception::cut($e->getMessage()),
    ], JSON_INVALID_UTF8_SUBSTITUTE);
    exit;
}

download::note($backup);
\core\session\manager::write_close();
header(download::digest($backup));
// The range is ours: core answers what it does not understand with the whole file, and a front end that sends the file by
// itself puts its own ETag in the place of Moodle's.
unset($_SERVER['HTTP_RANGE'], $_SERVER['HTTP_IF_NONE_MATCH'], $_SERVER['HTTP_IF_MODIFIED_SINCE']);
if ($range) {
    $_SERVER['HTTP_RANGE'] = "bytes=$range->first-$range->last";
}
$CFG->xsendfile = null;
core_php_time_limit::raise();
send_stored_file($file, 0, 0, true, ['filename' => 'backup.mbz', 'dontdie' => false]);
