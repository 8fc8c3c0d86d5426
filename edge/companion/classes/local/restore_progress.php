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
 * Notes how far core's restore is, now and then.
 *
 * Core serialises it with its controller, so it holds nothing then but the restore's id.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class restore_progress extends \core\progress\base {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var float the most that was shown, so that it never falls: core's plan grows while it runs */
    private float $shown = 0;
    /** @var int when it was last written */
    private int $written = 0;

    /**
     * For a restore.
     *
     * @param int $id of its row
     */
    public function __construct(
        /** @var int of its row */
        private int $id,
    ) {
    }

    /**
     * What core stores of it.
     */
    public function __serialize(): array {
        return ['id' => $this->id];
    }

    /**
     * From what core stored of it.
     *
     * @param array $values
     */
    public function __unserialize(array $values): void {
        $this->id = $values['id'];
    }

    #[\Override]
    protected function update_progress() {
        if (time() - $this->written < self::EVERY) {
            return;
        }
        $this->written = time();
        [$least] = $this->get_progress_proportion_range();
        // 100 is for the course that is complete.
        $this->shown = max($this->shown, min(99, round(100 * $least, 2)));
        $this->write((object)[
            'id' => $this->id, 'percent' => $this->shown, 'heartbeat' => time(), 'timemodified' => time(),
        ]);
    }

    /**
     * Writes it down.
     *
     * @param \stdClass $row what of the row is new
     */
    protected function write(\stdClass $row): void {
        global $DB;
        $DB->update_record(restore_record::TABLE, $row);
    }
}
