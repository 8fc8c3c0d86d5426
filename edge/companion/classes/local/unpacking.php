<?php
/**
 * Keeps the job's heartbeat going while its backup is unpacked, and notices when it is no longer wanted.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

global $CFG;
require_once($CFG->libdir . '/filestorage/file_progress.php');

final class unpacking implements \file_progress {
    /** @var int seconds between two writes */
    private const EVERY = 2;
    /** @var int when it was last written */
    private int $written = 0;

    public function __construct(private readonly \stdClass $row) {
    }

    #[\Override]
    public function progress($progress = self::INDETERMINATE, $max = self::INDETERMINATE) {
        if (time() - $this->written < self::EVERY) {
            return;
        }
        $this->written = time();
        $percent = $max > 0 && $progress >= 0 ? round(100 * $progress / $max, 2) : 0;
        job::advance($this->row, ['percent' => $percent]);
    }
}
