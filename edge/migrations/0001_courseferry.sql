-- Times are Unix seconds, flags 0 or 1. D1 hands numbers over as doubles, which STRICT integer columns take back as
-- whole numbers; that is why no statement joins a number into a text.

-- One restore of one course, from its schedule to its end.
CREATE TABLE restores (
    id            TEXT PRIMARY KEY CHECK (length(id) = 32),
    batch         TEXT NOT NULL,
    user_id       INTEGER NOT NULL,
    username      TEXT NOT NULL,
    user_name     TEXT NOT NULL,
    locale        TEXT NOT NULL,
    remote        TEXT NOT NULL CHECK (length(remote) = 12),
    course        INTEGER NOT NULL,
    full_name     TEXT NOT NULL,
    short_name    TEXT NOT NULL,
    identifier    TEXT NOT NULL,
    -- Names in lower case, for searching.
    search        TEXT NOT NULL,
    -- 'original', 'default' or the id of a category.
    target        TEXT NOT NULL,
    category      INTEGER,
    category_name TEXT,
    start_now     INTEGER NOT NULL DEFAULT 0,
    -- 'remote:course' while the course is taken and `onlyoneremoteinstance` is on.
    exclusive_key TEXT UNIQUE,
    status        TEXT NOT NULL DEFAULT 'scheduled'
                  CHECK (status IN ('scheduled', 'in_progress', 'restored', 'failed', 'cancelled')),
    phase         TEXT CHECK (phase IN ('backing_up', 'transferring', 'restoring')),
    since         INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    not_before    INTEGER NOT NULL,
    retry_at      INTEGER NOT NULL DEFAULT 0,
    finished      INTEGER,
    lease         TEXT,
    lease_until   INTEGER,
    cancelling    INTEGER NOT NULL DEFAULT 0,
    -- When the remote was asked for the backup, while it makes one.
    asked         INTEGER,
    -- Until when the remote may still be writing this user's backup.
    busy_until    INTEGER NOT NULL DEFAULT 0,
    backup        INTEGER NOT NULL DEFAULT 0,
    attempt       INTEGER NOT NULL DEFAULT 0,
    handed        INTEGER NOT NULL DEFAULT 0,
    ticket_hash   TEXT,
    -- The first answer of this attempt's download; '' and 0 where it said nothing.
    etag          TEXT,
    length        INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    unknowns      INTEGER NOT NULL DEFAULT 0,
    empties       INTEGER NOT NULL DEFAULT 0,
    bytes         INTEGER NOT NULL DEFAULT 0,
    total_bytes   INTEGER NOT NULL DEFAULT 0,
    percent       INTEGER NOT NULL DEFAULT 0,
    restored      INTEGER,
    -- The restored course was deleted since.
    gone          INTEGER NOT NULL DEFAULT 0,
    -- When we last asked whether it was.
    checked       INTEGER NOT NULL DEFAULT 0,
    warnings      TEXT NOT NULL DEFAULT '[]',
    error         TEXT,
    error_detail  TEXT NOT NULL DEFAULT '',
    CHECK ((status = 'in_progress') = (phase IS NOT NULL))
) STRICT;

-- A remote keeps one backup per user: from its start to the end of its download nobody else may be there.
CREATE UNIQUE INDEX restores_pair ON restores (remote, username)
    WHERE status = 'in_progress' AND phase IN ('backing_up', 'transferring') AND username <> '';
CREATE INDEX restores_busy ON restores (remote, username, busy_until) WHERE busy_until > 0;
CREATE INDEX restores_waiting ON restores (created) WHERE status = 'scheduled';
CREATE INDEX restores_running ON restores (phase, lease_until) WHERE status = 'in_progress';
CREATE INDEX restores_user ON restores (user_id, created);
CREATE INDEX restores_course ON restores (remote, course);
CREATE INDEX restores_batch ON restores (batch);
CREATE INDEX restores_created ON restores (created);
CREATE INDEX restores_checked ON restores (checked) WHERE status = 'restored' AND NOT gone;
CREATE INDEX restores_finished ON restores (finished);

-- What is to be told about the end of an attempt, to its owner and to the administrators.
CREATE TABLE outbox (
    job      TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('owner', 'administrators')),
    user_id  INTEGER NOT NULL,
    batch    TEXT NOT NULL,
    remote   TEXT NOT NULL,
    -- Null: it went well.
    error        TEXT,
    error_detail TEXT NOT NULL DEFAULT '',
    created  INTEGER NOT NULL,
    -- What carries the same letter is one message; null: no letter is closed over it yet.
    letter   TEXT,
    send_at  INTEGER NOT NULL DEFAULT 0,
    tries    INTEGER NOT NULL DEFAULT 0,
    sent     INTEGER,
    PRIMARY KEY (job, attempt, audience)
) STRICT;
CREATE INDEX outbox_open ON outbox (audience, batch) WHERE letter IS NULL;
CREATE INDEX outbox_due ON outbox (send_at, letter) WHERE letter IS NOT NULL AND sent IS NULL;
CREATE INDEX outbox_letter ON outbox (letter);
CREATE INDEX outbox_user ON outbox (user_id);
CREATE INDEX outbox_created ON outbox (created);
CREATE INDEX outbox_told ON outbox (error, remote, created) WHERE audience = 'administrators';

-- The remotes as we last met them; '' is the client Moodle. Pausing the client pauses everything.
CREATE TABLE peers (
    remote         TEXT PRIMARY KEY,
    name           TEXT NOT NULL DEFAULT '',
    release        TEXT NOT NULL DEFAULT '',
    last_success   INTEGER,
    problem        TEXT,
    problem_detail TEXT NOT NULL DEFAULT '',
    problem_since  INTEGER,
    paused         INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A user's courses on a remote; never shared between users.
CREATE TABLE listings (
    user_id    INTEGER NOT NULL,
    remote     TEXT NOT NULL,
    as_of      INTEGER NOT NULL,
    no_account INTEGER NOT NULL,
    courses    TEXT NOT NULL,
    PRIMARY KEY (user_id, remote)
) STRICT;

-- The client's site snapshot, in parts that fit a row.
CREATE TABLE site_snapshot (
    part    INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    as_of   INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE user_snapshots (
    user_id INTEGER PRIMARY KEY,
    as_of   INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

-- Tokens that may be used once and were.
CREATE TABLE used_tokens (
    jti     TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX used_tokens_expires ON used_tokens (expires);

-- Sessions of a user that began before this moment have ended.
CREATE TABLE revoked_sessions (
    user_id INTEGER PRIMARY KEY,
    before  INTEGER NOT NULL
) STRICT;

-- "Enrol me" in a copy that somebody else restored.
CREATE TABLE enrolments (
    restore TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (restore, user_id)
) STRICT;
CREATE INDEX enrolments_user ON enrolments (user_id);

-- Who did what; user 0 is the Worker itself. Rows are added and, after their time, deleted.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    acting    TEXT,
    action    TEXT NOT NULL,
    restore   TEXT,
    remote    TEXT,
    outcome   TEXT NOT NULL,
    request   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_user ON audit (user_id);
-- Two ticks that see the same end write it once.
CREATE UNIQUE INDEX audit_once ON audit (restore, action, at) WHERE user_id = 0;
