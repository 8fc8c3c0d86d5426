<?php
/**
 * Codes of failures, and what the Worker's refusals become.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

return [
    'the code that the Worker tells is kept, with its request id for the log' => function () {
        $failure = failure::of_download(410, '{"error":{"code":"backup.gone","message":"The backup is gone.","request_id":"r7"}}');
        same('backup.gone', $failure->error);
        same('HTTP 410 The backup is gone. (request r7)', $failure->getMessage());
    },
    'without a code the status speaks' => function () {
        foreach ([
            401 => 'backup.ticket_refused', 404 => 'backup.ticket_refused', 409 => 'backup.ticket_refused', 410 => 'backup.gone',
            412 => 'backup.replaced', 416 => 'backup.replaced', 302 => 'backup.unreachable', 502 => 'backup.unreachable',
            503 => 'backup.unreachable', 429 => 'backup.unreachable',
        ] as $status => $code) {
            foreach (['', '<html>', '[]', '{"error":"x"}', '{"error":{"code":7}}', '{"error":{"code":"backup.invented"}}', '{"error":{"code":"client.crashed"}}'] as $body) {
                same($code, failure::of_download($status, $body)->error);
            }
        }
    },
    'whether trying again can help depends on the code' => function () {
        same(true, failure::is_transient('backup.unreachable'));
        same(true, failure::is_transient('backup.truncated'));
        same(false, failure::is_transient('backup.not_a_backup'));
        same(false, failure::is_transient('client.no_capability'));
        same(false, failure::is_transient('something.else'));
    },
];
