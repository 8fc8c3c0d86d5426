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
 * What a teacher should look at after a restore: each thing once, with how often it was said, and never too many.
 *
 * One backup can bring thousands of warnings, one of them a hundred thousand characters. It knows nothing of Moodle.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class warnings {
    /** @var int at most so many */
    public const MAX = 50;
    /** @var int at most so many characters each */
    public const LENGTH = 500;

    /** @var array<string, array{code: string, message: string, count: int}> by what they say */
    private array $list = [];
    /** @var array<array{code: string, message: string, count: int}> those that come first and are never left out */
    private array $first = [];
    /** @var int how many were left out */
    private int $more = 0;

    /**
     * Adds one; an equal one is only counted. Those that differ only in a quoted name are equal: Moodle 5 says of each question
     * category where it goes, and that is one thing to look at, not seventy.
     *
     * @param string $code where it comes from
     * @param string $message what it says; tags are taken out
     */
    public function add(string $code, string $message): void {
        $message = self::plain($message);
        $key = "$code " . preg_replace('/"[^"]*"/', '""', $message);
        if (isset($this->list[$key])) {
            $this->list[$key]['count']++;
        } else if (count($this->list) + count($this->first) < self::MAX - 1) {
            $this->list[$key] = ['code' => $code, 'message' => $message, 'count' => 1];
        } else {
            $this->more++;
        }
    }

    /**
     * Adds one of our own sentences. It stands before all that core says, however much that is.
     *
     * @param string $code where it comes from
     * @param string $message what it says
     */
    public function add_first(string $code, string $message): void {
        $this->first[] = ['code' => $code, 'message' => self::plain($message), 'count' => 1];
    }

    /**
     * A message without tags, and not too long.
     *
     * @param string $message
     */
    private static function plain(string $message): string {
        // Cut first: taking tags out of a very long text is slow.
        $message = mb_substr(mb_scrub($message), 0, 4 * self::LENGTH);
        return mb_substr(trim(strip_tags($message)), 0, self::LENGTH);
    }

    /**
     * All of them; the last says how many others there were.
     *
     * @return array<array{code: string, message: string, count: int}>
     */
    public function all(): array {
        $list = [...$this->first, ...array_values($this->list)];
        $more = $this->more + max(0, count($list) - self::MAX + 1);
        if ($this->more === 0 && count($list) <= self::MAX) {
            return $list;
        }
        return [...array_slice($list, 0, self::MAX - 1), ['code' => 'more', 'message' => '', 'count' => $more]];
    }
}
