-- An administrator restores for somebody else: the row belongs to that person, and names who asked. The user 0 asked once
-- and was erased since.
ALTER TABLE restores ADD COLUMN actor_id INTEGER;
ALTER TABLE restores ADD COLUMN actor_name TEXT NOT NULL DEFAULT '';
ALTER TABLE restores ADD COLUMN actor_locale TEXT NOT NULL DEFAULT '';
-- What one administrator asked for together, for however many people, carries the same list, and gets one message.
ALTER TABLE restores ADD COLUMN list TEXT;
CREATE INDEX restores_actor ON restores (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX restores_list ON restores (list) WHERE list IS NOT NULL;

-- For whom something was done; 0 once that person's data are erased.
ALTER TABLE audit ADD COLUMN for_id INTEGER;
ALTER TABLE audit ADD COLUMN for_name TEXT;
CREATE INDEX audit_for ON audit (for_id) WHERE for_id IS NOT NULL;

-- Whoever asked is told too. SQLite changes no CHECK, so the table is made anew.
CREATE TABLE outbox_with_actor (
    job      TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('owner', 'actor', 'administrators')),
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
INSERT INTO outbox_with_actor (job, attempt, audience, user_id, batch, remote, error, error_detail, created, letter,
    send_at, tries, sent)
SELECT job, attempt, audience, user_id, batch, remote, error, error_detail, created, letter, send_at, tries, sent
FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_actor RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (audience, batch) WHERE letter IS NULL;
CREATE INDEX outbox_due ON outbox (send_at, letter) WHERE letter IS NOT NULL AND sent IS NULL;
CREATE INDEX outbox_letter ON outbox (letter);
CREATE INDEX outbox_user ON outbox (user_id);
CREATE INDEX outbox_created ON outbox (created);
CREATE INDEX outbox_told ON outbox (error, remote, created) WHERE audience = 'administrators';
