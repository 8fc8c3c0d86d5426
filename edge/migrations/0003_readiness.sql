-- What the Worker notes of itself, one row a thing: when its cron last ticked, what the client told of its readiness.
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    at   INTEGER NOT NULL,
    body TEXT NOT NULL DEFAULT ''
) STRICT;

-- What a peer last refused; unlike `problem` it stays when another call succeeds.
ALTER TABLE peers ADD COLUMN refused INTEGER;
ALTER TABLE peers ADD COLUMN refusal TEXT;
ALTER TABLE peers ADD COLUMN refusal_detail TEXT NOT NULL DEFAULT '';
