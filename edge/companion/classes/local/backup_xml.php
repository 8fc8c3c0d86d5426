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
 * Reads the XML files of an unpacked backup as streams: they can be large.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class backup_xml {
    /**
     * The elements of a file, in its order, up to where it cannot be read any more.
     *
     * @param string $file it may be missing: then there are none
     * @return iterable<\XMLReader> one reader, standing on each element in turn
     */
    public static function elements(string $file): iterable {
        $reader = new \XMLReader();
        if (!is_readable($file) || !$reader->open($file, null, LIBXML_NONET | LIBXML_PARSEHUGE)) {
            return;
        }
        try {
            while (@$reader->read()) {
                if ($reader->nodeType === \XMLReader::ELEMENT) {
                    yield $reader;
                }
            }
        } finally {
            $reader->close();
        }
    }
}
