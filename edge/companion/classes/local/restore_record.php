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

use block_courseferry\task\restore as restore_task;

/**
 * A restore in this Moodle, as its row says: what the Worker ordered, and how it fares.
 *
 * Rows are changed by one process at a time, by compare and set under a row lock.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class restore_record {
    /** @var string the table */
    public const TABLE = 'block_courseferry_restore';
    /** @var int processes that may start on one attempt before we stop blaming chance */
    public const MAX_RUNS = 3;
    /** @var int seconds after which a dead process's lock expires, on sites whose locks do not end with the process */
    private const LOCK_LIFETIME = 2 * HOURSECS;
    /** @var string the error of an addition of which a part arrived: it goes no further until its owner decides */
    public const PARTLY_ADDED = 'client.partly_added';
    /** @var string the error of an addition of which what had arrived was removed: it may run again */
    public const ARRIVED_REMOVED = 'client.arrived_removed';
    /** @var int characters of an error's detail */
    private const MAX_DETAIL = 500;

    /** @var int the row's id; 0 until it is stored */
    public int $id = 0;
    /** @var int the owner, with whose rights it runs; 0 once anonymised */
    public int $userid = 0;
    /** @var int the category of the new course */
    public int $categoryid = 0;
    /** @var int the course that is added to; 0 where a new one is made */
    public int $targetcourseid = 0;
    /** @var int the administrator who restores for the owner; 0 where that is the owner */
    public int $actorid = 0;
    /** @var string the remote Moodle's name, for people */
    public string $remote = '';
    /** @var int the course there */
    public int $remotecourseid = 0;
    /** @var string the full name that the teacher typed, as Moodle stores names; empty for the backup's */
    public string $fullname = '';
    /** @var string likewise the short name */
    public string $shortname = '';
    /** @var restore_options what else is wanted otherwise than there */
    public restore_options $options;
    /** @var string SHA-256 of the backup, in hexadecimal digits; empty if the remote did not tell */
    public string $sha256 = '';
    /** @var string opens the download of this attempt; emptied when it is over */
    public string $ticket = '';
    /** @var state how far it is */
    public state $state = state::pending;
    /** @var int bytes that have come */
    public int $bytes = 0;
    /** @var int bytes of the whole backup; 0 while unknown */
    public int $totalbytes = 0;
    /** @var bool whether the whole backup has come */
    public bool $downloaded = false;
    /** @var string the ETag of the first answer, for resuming */
    public string $etag = '';
    /** @var float of the present state, 0 to 100 */
    public float $percent = 0.0;
    /** @var int the course that we made, half-made until it is restored; never one that was here before */
    public int $courseid = 0;
    /** @var string how the course that is added to was before, see watermark; empty while nothing is added */
    public string $watermark = '';
    /** @var string stable code of the failure; empty if there is none */
    public string $error = '';
    /** @var string the same for an administrator; no SQL, no secrets */
    public string $errordetail = '';
    /** @var array<array{code: string, message: string, count: int}> what to look at after the restore */
    public array $warnings = [];
    /** @var int the adhoc task that works on it */
    public int $taskid = 0;
    /** @var int processes that started on this attempt */
    public int $runs = 0;
    /** @var int when a process last said that it lives */
    public int $heartbeat;
    /** @var int when a byte last arrived */
    public int $timeprogress;
    /** @var int when this attempt began to download; 0 if it has not */
    public int $timedownload = 0;
    /** @var int when it was restored; 0 if it is not */
    public int $timefinished = 0;
    /** @var int when the removal of its course began; 0 if it has not */
    public int $timeremoval = 0;
    /** @var int when it was handed over */
    public int $timecreated;
    /** @var int when anything last changed */
    public int $timemodified;

    /**
     * A fresh record, not stored, its task not queued.
     *
     * @param string $job the Worker's id of the restore
     * @param int $attempt the fencing number, raised by each hand-over
     */
    public function __construct(
        /** @var string the Worker's id of the restore */
        public readonly string $job,
        /** @var int the fencing number, raised by each hand-over */
        public int $attempt,
    ) {
        $this->options = new restore_options();
        $this->heartbeat = $this->timeprogress = $this->timecreated = $this->timemodified = time();
    }

    /**
     * The record of a row.
     *
     * @param \stdClass $row all its fields
     */
    private static function from_row(\stdClass $row): self {
        $record = new self($row->job, (int)$row->attempt);
        foreach (array_diff_key(get_object_vars($row), ['job' => true]) as $name => $value) {
            $record->$name = match ($name) {
                'state' => state::from($value),
                'options' => restore_options::from_array(json_decode((string)$value, true) ?: []),
                'warnings' => json_decode((string)$value, true) ?: [],
                'downloaded' => (bool)$value,
                'percent' => (float)$value,
                'remote', 'fullname', 'shortname', 'sha256', 'ticket', 'etag', 'watermark', 'error', 'errordetail' =>
                    (string)$value,
                default => (int)$value,
            };
        }
        return $record;
    }

    /**
     * The row of the record.
     */
    private function to_row(): \stdClass {
        $row = (object)get_object_vars($this);
        $row->state = $this->state->value;
        $row->options = $this->options->to_json();
        $row->warnings = json_encode($this->warnings, JSON_INVALID_UTF8_SUBSTITUTE);
        $row->downloaded = (int)$this->downloaded;
        return $row;
    }

    /**
     * The record of a restore, or null.
     *
     * @param string $job the Worker's id of the restore
     */
    public static function find(string $job): ?self {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['job' => $job]);
        return $row ? self::from_row($row) : null;
    }

    /**
     * The records of a user's restores, oldest first.
     *
     * @param int $userid the user
     * @return self[]
     */
    public static function of_user(int $userid): array {
        global $DB;
        return array_values(array_map(
            self::from_row(...),
            $DB->get_records(self::TABLE, ['userid' => $userid], 'timecreated, id'),
        ));
    }

    /**
     * The restores that add to a course and have not ended, or of which a part arrived that nobody has decided on.
     *
     * @param int $courseid the course
     * @return self[]
     */
    public static function adding_to(int $courseid): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(state::unfinished(), SQL_PARAMS_NAMED);
        return array_values(array_map(self::from_row(...), $DB->get_records_select(
            self::TABLE,
            "targetcourseid = :course AND (state $in OR error = :partly)",
            ['course' => $courseid, 'partly' => self::PARTLY_ADDED] + $params,
        )));
    }

    /**
     * Reads a record under a row lock, lets the callback change it, and stores it: compare and set, in one transaction.
     *
     * @param string $job the Worker's id of the restore
     * @param callable $change gets the record or null; returns the record to store, or null to leave all as it is
     * @return self|null the stored record, or null if all was left
     */
    public static function change(string $job, callable $change): ?self {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        try {
            $row = $DB->get_record_sql('SELECT * FROM {' . self::TABLE . '} WHERE job = :job FOR UPDATE', ['job' => $job]);
            $record = $change($row ? self::from_row($row) : null);
            $record?->store();
            $transaction->allow_commit();
            return $record;
        } catch (\Throwable $e) {
            $transaction->rollback($e);
        }
    }

    /**
     * Stores the record as it is.
     */
    public function store(): void {
        global $DB;
        $this->timemodified = time();
        if ($this->id) {
            $DB->update_record(self::TABLE, $this->to_row());
        } else {
            $row = $this->to_row();
            unset($row->id);
            $this->id = (int)$DB->insert_record(self::TABLE, $row);
        }
    }

    /**
     * Changes the record of an attempt that is still going on.
     *
     * @param array $fields what is new, by name
     * @return self the record as it is then
     * @throws superseded if it was cancelled or replaced meanwhile
     */
    public function advance(array $fields): self {
        return self::change($this->job, function (?self $now) use ($fields) {
            if (!self::goes_on($now, $this->attempt)) {
                return null;
            }
            foreach ($fields + ['heartbeat' => time()] as $name => $value) {
                $now->$name = $value;
            }
            return $now;
        }) ?? throw new superseded();
    }

    /**
     * Whether an attempt is the present one and not over.
     *
     * @param self|null $record the record as it is now
     * @param int $attempt the attempt
     */
    public static function goes_on(?self $record, int $attempt): bool {
        return $record !== null && $record->attempt === $attempt && !$record->state->is_over();
    }

    /**
     * Whether a course was begun and not finished.
     */
    public function has_half_made_course(): bool {
        return $this->courseid > 0 && !$this->state->is_restored();
    }

    /**
     * Ends an attempt as failed. What is left of its course is noted in the same transaction and removed afterwards: that may
     * fail, or kill the process, and the restore is over all the same. A course that stays is named; readiness names it too.
     * Where a part of an addition arrived, that is what is said.
     *
     * @param failure $failure why
     */
    public function fail(failure $failure): void {
        $leftover = 0;
        $course = 0;
        $arrival = arrival::of($this);
        if (!$arrival->is_nothing()) {
            $failure = $arrival->failure();
        }
        $failed = self::change($this->job, function (?self $now) use ($failure, &$leftover, &$course) {
            if (!self::goes_on($now, $this->attempt)) {
                return null;
            }
            if ($now->has_half_made_course()) {
                $leftover = leftover::note($now);
                $course = $now->courseid;
                $now->courseid = 0;
            }
            $now->refuse($failure);
            return $now;
        });
        if ($failed) {
            \block_courseferry\event\restore_failed::of($failed)->trigger();
        }
        if ($leftover && !leftover::remove($leftover)) {
            $this->name_what_stays($course);
        }
    }

    /**
     * Says in a failed attempt's detail which course it had begun, where that could not be removed.
     *
     * @param int $courseid the course
     */
    private function name_what_stays(int $courseid): void {
        self::change($this->job, function (?self $now) use ($courseid) {
            if ($now?->attempt !== $this->attempt || $now->state !== state::failed) {
                return null;
            }
            $stays = " The course $courseid, which it had begun, could not be removed.";
            $detail = \core_text::substr(rtrim($now->errordetail, '. '), 0, self::MAX_DETAIL - strlen($stays) - 1);
            $now->errordetail = "$detail.$stays";
            return $now;
        });
    }

    /**
     * Makes it failed before anything was begun. It is not stored here.
     *
     * @param failure $failure why
     */
    public function refuse(failure $failure): void {
        $this->state = state::failed;
        $this->error = $failure->error;
        $this->errordetail = \core_text::substr($failure->getMessage(), 0, self::MAX_DETAIL);
        $this->ticket = '';
    }

    /**
     * Whether a part of an addition arrived, and nobody has decided yet what becomes of it.
     */
    public function is_partly_added(): bool {
        return $this->state === state::failed && $this->error === self::PARTLY_ADDED;
    }

    /**
     * Ends an addition of which a part arrived, as its owner decided.
     *
     * @param string $error ARRIVED_REMOVED, or empty if what arrived is kept
     * @param string $left names of what was to be removed and stayed
     */
    public function decide(string $error, string $left = ''): void {
        self::change($this->job, function (?self $now) use ($error, $left) {
            if (!$now?->is_partly_added()) {
                return null;
            }
            $now->error = $error;
            $now->watermark = '';
            $say = fn(string $string, string $what = ''): string => get_string_manager()->get_string(
                $string,
                'block_courseferry',
                $what,
                \core_user::get_user($now->userid)->lang ?? null,
            );
            $stays = $left === '' ? '' : $say('arrivedleft', $left);
            $now->errordetail = \core_text::substr($stays, 0, self::MAX_DETAIL);
            if ($error === '') {
                $now->state = state::partiallyrestored;
                $now->timefinished = time();
                $now->warnings = [
                    ['code' => 'partly', 'message' => $say('partlyadded'), 'count' => 1],
                ];
            }
            return $now;
        });
        arrival::forget_others($this->targetcourseid);
    }

    /**
     * Cancels an attempt, unless its course is already begun. An attempt that never arrived is noted as cancelled as well: its
     * hand-over may still be on the way.
     *
     * @param string $job the Worker's id of the restore
     * @param int $attempt up to this one
     * @return self the record as it is then
     */
    public static function cancel(string $job, int $attempt): self {
        global $DB;
        $cancelled = self::change($job, function (?self $now) use ($job, $attempt) {
            $now ??= new self($job, $attempt);
            $overtaken = $attempt > $now->attempt && $now->state->is_over() && !$now->state->is_restored()
                && !$now->is_partly_added();
            if ($attempt < $now->attempt || !($now->state->is_cancellable() || $overtaken)) {
                return null;
            }
            $now->attempt = $attempt;
            $now->state = state::cancelled;
            $now->ticket = '';
            return $now;
        });
        if ($cancelled && $cancelled->taskid) {
            // A process that is at work notices, and removes its files itself.
            $DB->delete_records_select(
                'task_adhoc',
                'id = :id AND component = :component AND timestarted IS NULL',
                ['id' => $cancelled->taskid, 'component' => 'block_courseferry'],
            );
            @unlink($cancelled->backup_file());
        }
        return $cancelled ?? self::find($job);
    }

    /**
     * Takes the lock that the one process at work on a restore holds; null if there is such a process.
     *
     * @param string $job the Worker's id of the restore
     * @param int $wait seconds
     */
    public static function lock(string $job, int $wait): ?\core\lock\lock {
        $factory = \core\lock\lock_config::get_lock_factory('block_courseferry');
        return $factory->get_lock("restore_$job", $wait, self::LOCK_LIFETIME) ?: null;
    }

    /**
     * Where the backup of this attempt is kept while it is fetched. The same for every process that works on it, so that a
     * new one resumes, or finds it whole.
     */
    public function backup_file(): string {
        return make_temp_directory('courseferry') . "/$this->job.$this->attempt.mbz";
    }

    /**
     * The name of the directory in which this attempt's backup is unpacked, under the backup temporary directory.
     */
    public function backup_directory(): string {
        return 'courseferry_' . sha1("$this->job.$this->attempt");
    }

    /**
     * Removes the temporary files of this attempt, this process's or a dead one's.
     */
    public function remove_files(): void {
        @unlink($this->backup_file());
        $this->remove_unpacked();
    }

    /**
     * Removes the unpacked backup.
     */
    public function remove_unpacked(): void {
        $path = make_backup_temp_directory('') . '/' . $this->backup_directory();
        if (is_dir($path)) {
            remove_dir($path);
        }
    }

    /**
     * Queues a process. To be called where the record is stored.
     *
     * @param int $delay seconds
     */
    public function queue(int $delay = 0): self {
        $this->taskid = restore_task::queue($this->job, $this->attempt, $this->runs_as(), $delay);
        $this->heartbeat = time();
        return $this;
    }

    /**
     * As whom its process runs.
     */
    private function runs_as(): int {
        try {
            return authority::of($this)->userid;
        } catch (failure) {
            // Nobody has the rights any more: the process only ends the restore, and says which right is missing.
            return $this->userid;
        }
    }

    /**
     * What the Worker is told of a restore.
     *
     * @param string $job the Worker's id of the restore
     * @param self|null $record null if it is not known here
     * @param string|null $answer what is said instead of the state
     */
    public static function entry(string $job, ?self $record, ?string $answer = null): array {
        global $DB;
        $record ??= new self($job, 0);
        $id = $record->state->is_restored() ? ($record->targetcourseid ?: $record->courseid) : 0;
        $course = $id ? $DB->get_record('course', ['id' => $id], 'id, fullname, shortname') : null;
        return [
            'job' => $job,
            'attempt' => $record->attempt,
            'state' => $answer ?? ($record->attempt > 0 ? $record->state->value : 'notfound'),
            'bytes' => $record->bytes,
            'totalbytes' => $record->totalbytes,
            'percent' => $record->percent,
            'courseid' => $course ? (int)$course->id : 0,
            'coursename' => $course ? $course->fullname : '',
            'shortname' => $course ? $course->shortname : '',
            'targetcourseid' => $record->targetcourseid,
            // Warnings that an earlier version stored have no count.
            'warnings' => array_map(fn($warning) => $warning + ['count' => 1], $record->warnings),
            'error' => $record->error,
            'errordetail' => $record->errordetail,
            'transient' => $record->error !== '' && failure::is_transient($record->error),
            'timemodified' => $record->timemodified,
        ];
    }
}
