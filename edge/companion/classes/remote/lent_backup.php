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

use block_courseferry\task\lend;

/**
 * A backup that a client asked for: its row, its file, the lock of the process that works on it.
 *
 * It belongs to the service account that asked. Whoever else names its job and number finds nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lent_backup {
    /** @var string */
    public const TABLE = 'block_courseferry_lent';
    /** @var int processes that may start on one before we stop blaming chance */
    public const MAX_RUNS = 3;
    /** @var int seconds after which a dead process's lock expires, on sites whose locks do not end with the process */
    private const LOCK_LIFETIME = 2 * HOURSECS;
    /** @var string where its file lies */
    private const FILE_AREA = 'lent';
    /** @var string[] the columns that hold whole numbers */
    private const NUMBERS = [
        'id', 'serviceuserid', 'backupno', 'userid', 'courseid', 'bytes', 'taskid', 'runs', 'heartbeat',
        'timecreated', 'timestarted', 'timeready', 'timefetched', 'timemodified',
    ];

    /** @var int */
    public int $id = 0;
    /** @var int the client's service account */
    public int $serviceuserid;
    /** @var string the client's id of the restore */
    public string $job;
    /** @var int raised by the client for each backup of a job */
    public int $backupno;
    /** @var int the teacher; 0 once anonymised */
    public int $userid;
    /** @var int */
    public int $courseid;
    /** @var string the course's full name then, for the administrator's list */
    public string $coursename;
    /** @var backup_options */
    public backup_options $options;
    /** @var backup_state */
    public backup_state $state = backup_state::waiting;
    /** @var float 0 to 100 */
    public float $percent = 0;
    /** @var int bytes of the file */
    public int $bytes = 0;
    /** @var string SHA-256 of the file */
    public string $sha256 = '';
    /** @var string code of the failure, or empty */
    public string $error = '';
    /** @var string what it says to people */
    public string $errordetail = '';
    /** @var string core's id of the backup that the present process makes */
    public string $backupid = '';
    /** @var int the adhoc task that works on it */
    public int $taskid = 0;
    /** @var int processes that started on it */
    public int $runs = 0;
    /** @var int when a process last said that it lives */
    public int $heartbeat;
    /** @var int when it was asked for */
    public int $timecreated;
    /** @var int when the present process began */
    public int $timestarted = 0;
    /** @var int when it was ready */
    public int $timeready = 0;
    /** @var int when it was first fetched */
    public int $timefetched = 0;
    /** @var int */
    public int $timemodified;

    /**
     * One as it stands in its table.
     *
     * @param \stdClass $row
     * @return self
     */
    public static function of_row(\stdClass $row): self {
        $backup = new self();
        foreach ((array)$row as $name => $value) {
            $backup->$name = match (true) {
                in_array($name, self::NUMBERS, true) => (int)$value,
                $name === 'percent' => (float)$value,
                $name === 'state' => backup_state::from($value),
                $name === 'options' => backup_options::of_json((string)$value),
                default => (string)$value,
            };
        }
        return $backup;
    }

    /**
     * The row to be stored.
     *
     * @return \stdClass
     */
    public function row(): \stdClass {
        return (object)(['state' => $this->state->value, 'options' => $this->options->json()] + get_object_vars($this));
    }

    /**
     * What a service account knows under a job and number, or null.
     *
     * @param int $serviceuserid
     * @param string $job
     * @param int $backupno
     * @return self|null
     */
    public static function find(int $serviceuserid, string $job, int $backupno): ?self {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['serviceuserid' => $serviceuserid, 'job' => $job, 'backupno' => $backupno]);
        return $row ? self::of_row($row) : null;
    }

    /**
     * The one with that row, or null.
     *
     * @param int $id
     * @return self|null
     */
    public static function get(int $id): ?self {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['id' => $id]);
        return $row ? self::of_row($row) : null;
    }

    /**
     * Stores a new one and queues its task, both or neither. If two calls ask for the same at once, both get the first one's.
     *
     * @param int $serviceuserid
     * @param string $job
     * @param int $backupno
     * @param int $userid
     * @param \stdClass $course
     * @param backup_options $options
     * @return self
     */
    public static function start(
        int $serviceuserid,
        string $job,
        int $backupno,
        int $userid,
        \stdClass $course,
        backup_options $options,
    ): self {
        global $DB;
        $backup = new self();
        $backup->serviceuserid = $serviceuserid;
        $backup->job = $job;
        $backup->backupno = $backupno;
        $backup->userid = $userid;
        $backup->courseid = (int)$course->id;
        $backup->coursename = \core_text::substr($course->fullname, 0, 255);
        $backup->options = $options;
        $backup->heartbeat = $backup->timecreated = $backup->timemodified = time();
        $transaction = $DB->start_delegated_transaction();
        try {
            $row = $backup->row();
            unset($row->id);
            $backup->id = $DB->insert_record(self::TABLE, $row);
            $backup->queue();
            $DB->set_field(self::TABLE, 'taskid', $backup->taskid, ['id' => $backup->id]);
            $transaction->allow_commit();
        } catch (\dml_exception $e) {
            try {
                $transaction->rollback($e);
            } catch (\dml_exception) {
                return self::find($serviceuserid, $job, $backupno) ?? throw $e;
            }
        }
        \block_courseferry\event\lent_backup_asked::of($backup)->trigger();
        return $backup;
    }

    /**
     * Reads the row under a row lock, lets the callback change it, and stores it: compare and set, in one transaction.
     *
     * @param int $id
     * @param callable $change gets the backup; returns whether it is to be stored
     * @return self|null the stored one, or null if it was left as it is
     */
    public static function change(int $id, callable $change): ?self {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        try {
            $row = $DB->get_record_sql('SELECT * FROM {' . self::TABLE . '} WHERE id = ? FOR UPDATE', [$id]);
            $backup = $row ? self::of_row($row) : null;
            $changed = $backup && $change($backup);
            if ($changed) {
                $backup->timemodified = time();
                $DB->update_record(self::TABLE, $backup->row());
            }
            $transaction->allow_commit();
            return $changed ? $backup : null;
        } catch (\Throwable $e) {
            $transaction->rollback($e);
        }
    }

    /**
     * Takes the lock that the one process at work on it holds; null if there is such a process.
     *
     * @param int $wait seconds
     * @return \core\lock\lock|null
     */
    public function lock(int $wait): ?\core\lock\lock {
        $factory = \core\lock\lock_config::get_lock_factory('block_courseferry');
        return $factory->get_lock("lent_$this->id", $wait, self::LOCK_LIFETIME) ?: null;
    }

    /**
     * Queues a process, as the teacher. To be called where the row is stored.
     */
    public function queue(): void {
        $this->taskid = lend::queue($this->id, $this->userid);
        $this->heartbeat = time();
    }

    /**
     * The file, or null if there is none.
     *
     * @return \stored_file|null
     */
    public function file(): ?\stored_file {
        $context = \context_system::instance();
        $files = get_file_storage()->get_area_files($context->id, 'block_courseferry', self::FILE_AREA, $this->id);
        foreach ($files as $file) {
            if (!$file->is_directory()) {
                return $file;
            }
        }
        return null;
    }

    /**
     * Keeps a finished backup as this one's file, and removes it from where core put it.
     *
     * @param \stored_file $made
     * @return \stored_file
     */
    public function keep_file(\stored_file $made): \stored_file {
        $this->remove_file();
        $file = get_file_storage()->create_file_from_storedfile([
            'contextid' => \context_system::instance()->id, 'component' => 'block_courseferry', 'filearea' => self::FILE_AREA,
            'itemid' => $this->id, 'filepath' => '/', 'filename' => 'backup.mbz', 'userid' => null,
        ], $made);
        $made->delete();
        return $file;
    }

    /**
     * Removes the file.
     */
    public function remove_file(): void {
        get_file_storage()->delete_area_files(\context_system::instance()->id, 'block_courseferry', self::FILE_AREA, $this->id);
    }

    /**
     * Removes it: a waiting one does not begin, a running one notices and stops, a file is deleted.
     *
     * @param backup_state $end removed or expired
     * @return bool whether there was anything to remove
     */
    public function remove(backup_state $end = backup_state::removed): bool {
        global $DB;
        $removed = self::change($this->id, function (self $now) use ($end): bool {
            $there = !$now->state->is_gone();
            $now->state = $end;
            return $there;
        });
        if (!$removed) {
            return false;
        }
        $DB->delete_records_select(
            'task_adhoc',
            'id = :id AND component = :component AND timestarted IS NULL',
            ['id' => $removed->taskid, 'component' => 'block_courseferry']
        );
        $removed->remove_file();
        \block_courseferry\event\lent_backup_removed::of($removed)->trigger();
        return true;
    }

    /**
     * Ends it as failed, unless it is over already.
     *
     * @param lending_exception $why
     */
    public function fail(lending_exception $why): void {
        $failed = self::change($this->id, function (self $now) use ($why): bool {
            if (!$now->state->is_unfinished()) {
                return false;
            }
            $now->state = backup_state::failed;
            $now->error = $why->errorcode;
            $now->errordetail = lending_exception::cut($why->getMessage());
            return true;
        });
        if ($failed) {
            \block_courseferry\event\lent_backup_failed::of($failed)->trigger();
        }
    }

    /**
     * When a finished one is removed by itself.
     *
     * @return int Unix time
     */
    public function expires(): int {
        $keep = get_config('block_courseferry', 'lentkeep');
        return $this->timeready + ($keep === false ? 2 * DAYSECS : max(HOURSECS, (int)$keep));
    }

    /**
     * What a client is told.
     *
     * @param string $job
     * @param int $backupno
     * @param self|null $backup
     * @return array
     */
    public static function entry(string $job, int $backupno, ?self $backup): array {
        $told = $backup && !$backup->state->is_gone();
        $state = $told ? $backup->state : null;
        return [
            'job' => $job,
            'number' => $backupno,
            'state' => $state?->value ?? 'gone',
            'percent' => $told ? $backup->percent : 0.0,
            'elapsed' => match ($state) {
                backup_state::waiting => max(0, time() - $backup->timecreated),
                backup_state::running => max(0, time() - $backup->timestarted),
                default => 0,
            },
            'bytes' => $told ? $backup->bytes : 0,
            'sha256' => $told ? $backup->sha256 : '',
            'error' => $told ? $backup->error : '',
            'message' => $told ? $backup->errordetail : '',
            'transient' => $told && lending_exception::is_transient($backup->error),
            'expires' => $state === backup_state::ready ? $backup->expires() : 0,
        ];
    }
}
