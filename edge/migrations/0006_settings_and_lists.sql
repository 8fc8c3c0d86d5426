-- A person's list of courses on a remote, in parts that fit a row. It is a cache: what was kept is asked for again.
DROP TABLE listings;
CREATE TABLE listings (
    user_id    INTEGER NOT NULL,
    remote     TEXT NOT NULL,
    part       INTEGER NOT NULL,
    as_of      INTEGER NOT NULL,
    no_account INTEGER NOT NULL,
    courses    TEXT NOT NULL,
    PRIMARY KEY (user_id, remote, part)
) STRICT;
CREATE INDEX listings_as_of ON listings (as_of);

-- Who asks a Moodle something now, so that others who want to know the same wait for that answer. One row a question.
CREATE TABLE questions (
    name  TEXT PRIMARY KEY,
    asked INTEGER NOT NULL
) STRICT;
CREATE INDEX questions_asked ON questions (asked);

-- Settings that an administrator changed on the Manage page, over those of the deployment.
CREATE TABLE settings (
    name      TEXT PRIMARY KEY,
    value     TEXT NOT NULL,
    changed   INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    user_name TEXT NOT NULL
) STRICT;
