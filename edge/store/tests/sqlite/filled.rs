//! A site after years.

use crate::world::{LETTRES, SCIENCES, World};

/// So many ended restores of the last two years, with their letters and two lines each in the audit, of 2,000 teachers.
pub fn fill(world: &World, restores: u32) {
    let now = world.now.get();
    world
        .database
        .connection
        .execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {restores})
             INSERT INTO restores (id, batch, user_id, username, user_name, locale, remote, course, full_name, short_name,
                 identifier, search, target, exclusive_key, status, since, created, not_before, finished, busy_until,
                 attempt, restored, checked, warnings, error)
             SELECT printf('%032x', 1000000 + i), 'old batch ' || (i / 3), 1000 + i % 2000, 'teacher' || (i % 2000),
                 'Teacher ' || (i % 2000), 'en', iif(i % 2, '{SCIENCES}', '{LETTRES}'), 1000 + i, 'Old course ' || i,
                 'O' || i, '', 'teacher ' || (i % 2000) || ' teacher' || (i % 2000) || ' old course ' || i || ' o' || i,
                 'default', iif(i % 50, iif(i % 2, '{SCIENCES}', '{LETTRES}') || ':' || (1000 + i), NULL),
                 CASE WHEN i % 50 THEN 'restored' WHEN i % 100 THEN 'cancelled' ELSE 'failed' END,
                 at, at - 600, at - 600, at, iif(i % 10, 0, at), 1, iif(i % 50, 5000 + i, NULL), {now}, '[]',
                 iif(i % 50 = 0 AND i % 100 = 0, 'remote.not_owner', NULL)
             FROM (SELECT i, {now} - 86400 * 20 - (63072000 / {restores}) * ({restores} - i) AS at FROM n);
             INSERT INTO outbox (job, attempt, audience, user_id, batch, remote, error, created, letter, sent)
             SELECT id, 1, 'owner', user_id, batch, remote, error, finished, 'letter ' || batch, finished FROM restores
             WHERE status IN ('restored', 'failed');
             INSERT INTO outbox (job, attempt, audience, user_id, batch, remote, error, created, letter, sent)
             SELECT id, 1, 'administrators', user_id, batch, remote, error, finished, 'digest ' || (finished / 86400), finished
             FROM restores WHERE status = 'failed';
             INSERT INTO audit (at, user_id, user_name, action, restore, remote, outcome, request)
             SELECT created, user_id, user_name, 'restore.scheduled', id, remote, 'ok', '' FROM restores ORDER BY created;
             INSERT INTO audit (at, user_id, user_name, action, restore, remote, outcome, request)
             SELECT finished, 0, '', 'restore.' || status, id, remote, 'ok', '' FROM restores ORDER BY created;
             COMMIT;"
        ))
        .unwrap();
}
