<?php
/**
 * The Content-Range header of a resumed download: which bytes came, of how many.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class content_range {
    private function __construct(
        /** @var int|null first byte; null in the answer to a range that could not be served */
        public readonly ?int $start,
        /** @var int|null last byte, likewise */
        public readonly ?int $end,
        /** @var int|null length of the whole file; null if the server does not know it */
        public readonly ?int $total,
    ) {
    }

    /**
     * Reads the header's value.
     *
     * @return self|null null if it is missing or makes no sense
     */
    public static function parse(?string $header): ?self {
        if (!preg_match('~^\s*bytes\s+(?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)\s*$~Di', $header ?? '', $match, PREG_UNMATCHED_AS_NULL)) {
            return null;
        }
        [, $start, $end, $total] = array_map(fn($number) => is_numeric($number) ? (int)$number : null, $match);
        if ($start === null && $total === null) {
            return null;
        }
        if ($start !== null && ($end < $start || ($total !== null && $end >= $total))) {
            return null;
        }
        return new self($start, $end, $total);
    }

    /**
     * Whether these bytes may be appended to a file that has so many already.
     *
     * @param int $have bytes that we have
     * @param int $expected length of the whole file as told before; 0 if it was not
     */
    public function continues(int $have, int $expected): bool {
        return $this->start === $have && ($expected === 0 || $this->total === null || $this->total === $expected);
    }
}
