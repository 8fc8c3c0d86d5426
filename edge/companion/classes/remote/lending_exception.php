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

namespace block_courseferry\remote;

/**
 * Why this site does not lend: a code of Courseferry's table, which is the error code of the web service as well.
 *
 * The language pack has each code's sentence under the code itself.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lending_exception extends \moodle_exception {
    /** @var int characters of a message, at most */
    public const LENGTH = 500;
    /** @var string[] codes after which a new backup may succeed without anybody's doing */
    private const TRANSIENT = ['backup.gone', 'remote.backup_failed', 'remote.disk_full', 'remote.not_ready'];

    /**
     * Makes one.
     *
     * @param string $code
     * @param string $detail why exactly, in the site's language or as core says it
     */
    public function __construct(string $code, string $detail = '') {
        parent::__construct($code, 'block_courseferry', '', self::cut($detail));
    }

    /**
     * Whether a new backup may succeed without anybody's doing.
     *
     * @param string $code
     * @return bool
     */
    public static function is_transient(string $code): bool {
        return in_array($code, self::TRANSIENT, true);
    }

    /**
     * What an exception of core's says to people. Its debugging text can hold SQL with values and stays out.
     *
     * @param \Throwable $e
     * @return self
     */
    public static function of(\Throwable $e): self {
        if ($e instanceof self) {
            return $e;
        }
        $detail = $e->getMessage();
        if ($e instanceof \moodle_exception) {
            // Where debugging is on, the message of Moodle's exceptions holds the debugging text too.
            $known = get_string_manager()->string_exists($e->errorcode, $e->module);
            $detail = $known && !$e instanceof \dml_exception ? get_string($e->errorcode, $e->module, $e->a) : $e->errorcode;
        }
        return new self('remote.backup_failed', $detail);
    }

    /**
     * The first characters of a text, without markup.
     *
     * @param string $text
     * @return string
     */
    public static function cut(string $text): string {
        return \core_text::substr(trim(strip_tags($text)), 0, self::LENGTH);
    }
}
