<?php
/**
 * The states of a restore.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

return [
    'a process is at work, or should be, until the state is an end' =>
        fn() => same(['pending', 'downloading', 'extracting', 'restoring'], state::unfinished()),
    'a restore can be cancelled until its course is begun' => fn() => same(
        ['pending', 'downloading', 'extracting'],
        array_column(array_filter(state::cases(), fn($state) => $state->is_cancellable()), 'value'),
    ),
    'a course that is there stays there' => fn() => same(
        ['complete', 'partiallyrestored'],
        array_column(array_filter(state::cases(), fn($state) => $state->is_restored()), 'value'),
    ),
];
