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
 * Writes how far a backup is, which is its process's sign of life as well, and stops it when nobody wants it any more.
 *
 * Core serialises it with its controller, so it holds nothing but numbers.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class backup_progress extends \core\progress\base {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var float the most that was shown, so that it never falls: core's plan grows while it runs */
    private float $shown = 0;
    /** @var int when it was last written */
    private int $written = 0;

    /**
     * Makes the progress of a backup.
     *
     * @param int $id
     */
    public function __construct(
        /** @var int the row's id */
        private readonly int $id,
    ) {
    }

    #[\Override]
    protected function update_progress() {
        global $DB;
        if (time() - $this->written < self::EVERY) {
            return;
        }
        $this->written = time();
        [$least] = $this->get_progress_proportion_range();
        // The last per cent is for the checksum.
        $this->shown = max($this->shown, min(99, round(100 * $least, 2)));
        if ($DB->get_field(lent_backup::TABLE, 'state', ['id' => $this->id]) !== backup_state::running->value) {
            throw new no_longer_wanted();
        }
        $DB->update_record(lent_backup::TABLE, (object)[
            'id' => $this->id, 'percent' => $this->shown, 'heartbeat' => time(), 'timemodified' => time(),
        ]);
    }
}
