<?php
/**
 * Core's restore progress, written to the job's row as per cent and as a heartbeat.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class restore_progress extends \core\progress\base {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var float the most that was shown, so that it never falls: core's plan grows while it runs */
    private float $shown = 0;
    /** @var int when it was last written */
    private int $written = 0;

    public function __construct(private readonly int $id) {
    }

    #[\Override]
    protected function update_progress() {
        global $DB;
        if (time() - $this->written < self::EVERY) {
            return;
        }
        $this->written = time();
        [$least] = $this->get_progress_proportion_range();
        // 100 is for the course that is complete.
        $this->shown = max($this->shown, min(99, round(100 * $least, 2)));
        $DB->update_record(job::TABLE, (object)['id' => $this->id, 'percent' => $this->shown, 'heartbeat' => time(), 'timemodified' => time()]);
    }
}
