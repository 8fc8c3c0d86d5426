-- What a million finished restores must not cost. Migration 0004 belongs to the claim.

-- Manage's pages: everybody's restores by state and remote, newest first.
CREATE INDEX restores_status ON restores (status, created);
CREATE INDEX restores_remote ON restores (remote, created);
CREATE INDEX restores_remote_status ON restores (remote, status, created);
-- Failures of the last days, however many restores succeeded meanwhile.
CREATE INDEX restores_failed ON restores (finished) WHERE status = 'failed';

-- The clean-up finds what it has to do, and not what it has done or must keep.
DROP INDEX restores_finished;
CREATE INDEX restores_deletable ON restores (finished) WHERE exclusive_key IS NULL;
CREATE INDEX restores_with_owner ON restores (finished) WHERE user_id <> 0;

-- How many restores there are of each remote and state: kept, because counting a million rows takes seconds.
CREATE TABLE restore_counts (
    remote TEXT NOT NULL,
    status TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (remote, status)
) STRICT;
INSERT INTO restore_counts (remote, status, number) SELECT remote, status, count(*) FROM restores GROUP BY remote, status;
CREATE TRIGGER restore_counts_insert AFTER INSERT ON restores BEGIN
    INSERT OR IGNORE INTO restore_counts (remote, status, number) VALUES (new.remote, new.status, 0);
    UPDATE restore_counts SET number = number + 1 WHERE remote = new.remote AND status = new.status;
END;
CREATE TRIGGER restore_counts_update AFTER UPDATE OF status ON restores WHEN old.status <> new.status BEGIN
    INSERT OR IGNORE INTO restore_counts (remote, status, number) VALUES (new.remote, new.status, 0);
    UPDATE restore_counts SET number = number - 1 WHERE remote = old.remote AND status = old.status;
    UPDATE restore_counts SET number = number + 1 WHERE remote = new.remote AND status = new.status;
END;
CREATE TRIGGER restore_counts_delete AFTER DELETE ON restores BEGIN
    UPDATE restore_counts SET number = number - 1 WHERE remote = old.remote AND status = old.status;
END;

-- Parts of names, for Manage's search. A row is found by three letters or more, wherever in the name they stand.
CREATE VIRTUAL TABLE restores_search USING fts5 (search, content = 'restores', tokenize = 'trigram');
INSERT INTO restores_search (rowid, search) SELECT rowid, search FROM restores;
CREATE TRIGGER restores_search_insert AFTER INSERT ON restores BEGIN
    INSERT INTO restores_search (rowid, search) VALUES (new.rowid, new.search);
END;
CREATE TRIGGER restores_search_update AFTER UPDATE OF search ON restores WHEN old.search <> new.search BEGIN
    INSERT INTO restores_search (restores_search, rowid, search) VALUES ('delete', old.rowid, old.search);
    INSERT INTO restores_search (rowid, search) VALUES (new.rowid, new.search);
END;
CREATE TRIGGER restores_search_delete AFTER DELETE ON restores BEGIN
    INSERT INTO restores_search (restores_search, rowid, search) VALUES ('delete', old.rowid, old.search);
END;

-- How often the same was refused: a hundred refusals of one person in a row are one line.
ALTER TABLE audit ADD COLUMN times INTEGER NOT NULL DEFAULT 1;

-- Steps of the tick that failed for one restore alone: the next restore goes on, and this is shown to administrators.
CREATE TABLE row_faults (
    restore TEXT NOT NULL,
    step    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    times   INTEGER NOT NULL,
    PRIMARY KEY (restore, step)
) STRICT;
CREATE INDEX row_faults_last ON row_faults (last);

-- The category that was named before its owner pressed: only another one is news afterwards.
ALTER TABLE restores ADD COLUMN announced INTEGER;
-- Hand-overs of this backup that the client, though it answered other calls, did not take.
ALTER TABLE restores ADD COLUMN hand_overs INTEGER NOT NULL DEFAULT 0;
-- Backups that ended because our own invocation did, which says nothing of the remote.
ALTER TABLE restores ADD COLUMN interruptions INTEGER NOT NULL DEFAULT 0;

-- The clean-up deletes a few hundred rows at a time, the oldest first.
CREATE INDEX enrolments_at ON enrolments (at);
CREATE INDEX listings_as_of ON listings (as_of);
CREATE INDEX user_snapshots_as_of ON user_snapshots (as_of);
CREATE INDEX revoked_sessions_before ON revoked_sessions (before);
