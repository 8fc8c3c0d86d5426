<?php
/**
 * The states of a restore in this Moodle, in the words that the Worker uses.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

enum state: string {
    case pending = 'pending';
    case downloading = 'downloading';
    case extracting = 'extracting';
    case restoring = 'restoring';
    case complete = 'complete';
    case partiallyrestored = 'partiallyrestored';
    case failed = 'failed';
    case cancelled = 'cancelled';

    /**
     * The states in which a process should be at work or about to be.
     *
     * @return string[]
     */
    public static function unfinished(): array {
        return array_column(array_filter(self::cases(), fn(self $state) => !$state->is_over()), 'value');
    }

    /**
     * Whether nothing will happen any more in this attempt.
     */
    public function is_over(): bool {
        return $this->is_restored() || $this === self::failed || $this === self::cancelled;
    }

    /**
     * Whether the course is there, for good.
     */
    public function is_restored(): bool {
        return $this === self::complete || $this === self::partiallyrestored;
    }

    /**
     * Whether it may still be cancelled: the course is not begun.
     */
    public function is_cancellable(): bool {
        return in_array($this, [self::pending, self::downloading, self::extracting], true);
    }
}
