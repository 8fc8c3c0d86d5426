-- Manage's list in the order in which restores ended.
CREATE INDEX restores_ended ON restores (finished) WHERE finished IS NOT NULL;

-- What Manage draws, kept so that no million rows are counted for it. Neither table holds a person or a course.

-- How restores ended, by hour and remote. An hour, since the database does not know the site's time zone: the Worker adds
-- hours up to nights.
CREATE TABLE hours (
    hour     INTEGER NOT NULL,
    remote   TEXT NOT NULL,
    restored INTEGER NOT NULL,
    to_check INTEGER NOT NULL,
    failed   INTEGER NOT NULL,
    PRIMARY KEY (hour, remote)
) STRICT;
CREATE TRIGGER hours_ended AFTER UPDATE OF status ON restores
WHEN old.status <> new.status AND new.status IN ('restored', 'failed') BEGIN
    INSERT INTO hours (hour, remote, restored, to_check, failed)
    VALUES (new.since / 3600, new.remote, new.status = 'restored' AND new.warnings = '[]',
        new.status = 'restored' AND new.warnings <> '[]', new.status = 'failed')
    ON CONFLICT (hour, remote) DO UPDATE SET restored = restored + excluded.restored,
        to_check = to_check + excluded.to_check, failed = failed + excluded.failed;
END;

-- How long the steps took, by day and remote: how many took up to so many minutes. A try that failed counts nothing.
CREATE TABLE scale (minutes INTEGER PRIMARY KEY) STRICT;
INSERT INTO scale VALUES (1), (2), (3), (5), (10), (15), (20), (30), (45), (60), (90), (120), (180), (240), (480), (1440);
CREATE TABLE step_minutes (
    day     INTEGER NOT NULL,
    remote  TEXT NOT NULL,
    step    INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (day, remote, step, minutes)
) STRICT;
CREATE TRIGGER step_minutes_passed AFTER UPDATE OF phase ON restores
WHEN old.phase IS NOT NULL AND old.phase IS NOT new.phase AND (new.status = 'restored' OR new.phase = 'restoring'
    OR old.phase = 'backing_up' AND new.phase = 'transferring') BEGIN
    INSERT INTO step_minutes (day, remote, step, minutes, number)
    VALUES (new.since / 86400, new.remote,
        CASE old.phase WHEN 'backing_up' THEN 1 WHEN 'transferring' THEN 2 ELSE 3 END,
        coalesce((SELECT min(minutes) FROM scale WHERE minutes >= (new.since - old.since + 59) / 60), 1440), 1)
    ON CONFLICT (day, remote, step, minutes) DO UPDATE SET number = number + 1;
END;
