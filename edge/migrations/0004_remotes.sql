-- Three kinds of remote are told apart. A row stores the kind under which it was claimed, and its slot: what no other
-- row may use while its backup is made or copied, and until `busy_until`. The slot is opaque (a hash), because erasing
-- a person blanks the user name.
ALTER TABLE restores ADD COLUMN kind TEXT CHECK (kind IN ('courseferry', 'original3', 'original2'));
ALTER TABLE restores ADD COLUMN slot TEXT;
-- Which backup of this row a courseferry remote makes; raised by each claim.
ALTER TABLE restores ADD COLUMN backup_no INTEGER NOT NULL DEFAULT 0;
-- When it was last claimed: people take turns by it.
ALTER TABLE restores ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
-- When a courseferry remote's backup last got further.
ALTER TABLE restores ADD COLUMN progress_at INTEGER NOT NULL DEFAULT 0;
-- The remote refused it for a cause that may be the whole remote's; a second time it is the row's own.
ALTER TABLE restores ADD COLUMN suspected INTEGER NOT NULL DEFAULT 0;
-- The number of a backup that is still to be deleted on its courseferry remote; 0 = none.
ALTER TABLE restores ADD COLUMN to_delete INTEGER NOT NULL DEFAULT 0;
-- Of the backup, where the remote tells it.
ALTER TABLE restores ADD COLUMN sha256 TEXT CHECK (length(sha256) = 64);
-- What the teacher decided beyond the category, as JSON; what is not there is taken as the remote has it.
ALTER TABLE restores ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
-- The existing course to which the content is added.
ALTER TABLE restores ADD COLUMN target_course INTEGER GENERATED ALWAYS AS (options ->> 'target_course') VIRTUAL;

-- Rows from before ran one per person. Nobody knows which kind their remote was, so each keeps the whole remote, under
-- a slot of its own because several may run on one remote.
UPDATE restores SET kind = 'original3', slot = remote || '/' || id
WHERE busy_until > 0 OR (status = 'in_progress' AND phase IN ('backing_up', 'transferring'));
UPDATE restores SET started = since WHERE status <> 'scheduled';

DROP INDEX restores_pair;
DROP INDEX restores_busy;
DROP INDEX restores_waiting;
CREATE UNIQUE INDEX restores_slot ON restores (slot)
    WHERE status = 'in_progress' AND phase IN ('backing_up', 'transferring');
CREATE INDEX restores_holding ON restores (remote, kind, phase, slot)
    WHERE status = 'in_progress' AND phase IN ('backing_up', 'transferring');
CREATE INDEX restores_busy ON restores (busy_until);
CREATE INDEX restores_waiting ON restores (remote, user_id, created, id) WHERE status = 'scheduled';
CREATE INDEX restores_started ON restores (remote, user_id, started);
CREATE INDEX restores_to_delete ON restores (to_delete) WHERE to_delete > 0;
-- One addition to an existing course at a time.
CREATE UNIQUE INDEX restores_target ON restores (target_course)
    WHERE status = 'in_progress' AND target_course IS NOT NULL;

-- What a remote's kind is, and when that was learnt.
ALTER TABLE peers ADD COLUMN kind TEXT CHECK (kind IN ('courseferry', 'original3', 'original2'));
ALTER TABLE peers ADD COLUMN kind_learnt INTEGER NOT NULL DEFAULT 0;
-- When a restore from it was last claimed: remotes take turns by it.
ALTER TABLE peers ADD COLUMN served INTEGER NOT NULL DEFAULT 0;
-- While it fails or is held: when the next row may try it.
ALTER TABLE peers ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;
-- A cause that only an administrator can mend: its rows wait, and one at a time tries.
ALTER TABLE peers ADD COLUMN held_since INTEGER;
ALTER TABLE peers ADD COLUMN held TEXT;
ALTER TABLE peers ADD COLUMN held_detail TEXT NOT NULL DEFAULT '';
-- How many backups at once it bears, and the seconds that one usually takes; 0 = not known.
ALTER TABLE peers ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0;
ALTER TABLE peers ADD COLUMN usual_seconds INTEGER NOT NULL DEFAULT 0;
