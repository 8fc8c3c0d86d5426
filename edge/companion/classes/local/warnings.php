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
    /** @var int how many were left out */
    private int $more = 0;

    /**
     * Adds one; an equal one is only counted.
     *
     * @param string $code where it comes from
     * @param string $message what it says; tags are taken out
     */
    public function add(string $code, string $message): void {
        // Cut first: taking tags out of a very long text is slow.
        $message = mb_substr(mb_scrub($message), 0, 4 * self::LENGTH);
        $message = mb_substr(trim(strip_tags($message)), 0, self::LENGTH);
        $key = "$code $message";
        if (isset($this->list[$key])) {
            $this->list[$key]['count']++;
        } else if (count($this->list) < self::MAX - 1) {
            $this->list[$key] = ['code' => $code, 'message' => $message, 'count' => 1];
        } else {
            $this->more++;
        }
    }

    /**
     * All of them; the last says how many others there were.
     *
     * @return array<array{code: string, message: string, count: int}>
     */
    public function all(): array {
        $more = $this->more > 0 ? [['code' => 'more', 'message' => '', 'count' => $this->more]] : [];
        return [...array_values($this->list), ...$more];
    }
}
