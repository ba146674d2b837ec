//! What a restored backup takes over from the database it replaces, as statements over both: `main` is the restored
//! one, `current` the replaced one.
//!
//! One rule for every noun: of the two, the stricter holds, and a secret is the one that is good today. What `current`
//! has never heard of cannot be vouched for and is shut.

use super::{Replaced, Restore};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

/// What was carried over, counted before it happens.
const COUNTS: &[(&str, &str)] = &[
    (
        "people stay disabled or deleted",
        "SELECT count(*) FROM people p JOIN current.people c ON c.pool = p.pool AND c.id = p.id \
         WHERE p.status = 'active' AND c.status <> 'active'",
    ),
    (
        "people keep the password they have today",
        "SELECT count(*) FROM people p JOIN current.people c ON c.pool = p.pool AND c.id = p.id \
         WHERE c.password_hash IS NOT p.password_hash",
    ),
    (
        "access keys stay disabled or keep today's secret",
        "SELECT count(*) FROM access_keys k JOIN current.access_keys c ON c.pool = k.pool AND c.id = k.id \
         WHERE c.disabled > k.disabled OR c.secret_hash <> k.secret_hash",
    ),
    (
        "applications stay disabled or keep today's key",
        "SELECT count(*) FROM applications a JOIN current.applications c ON c.pool = a.pool AND c.id = a.id \
         WHERE c.disabled > a.disabled OR c.key_hash IS NOT a.key_hash",
    ),
    (
        "bearer tokens stay revoked",
        "SELECT count(*) FROM application_tokens t JOIN current.application_tokens c ON c.pool = t.pool AND c.id = t.id \
         WHERE t.revoked_at IS NULL AND c.revoked_at IS NOT NULL",
    ),
    (
        "operators' tokens stay revoked",
        "SELECT count(*) FROM operator_tokens t JOIN current.operator_tokens c ON c.id = t.id \
         WHERE t.revoked_at IS NULL AND c.revoked_at IS NOT NULL",
    ),
    (
        "tenants stay suspended or deleted",
        "SELECT count(*) FROM tenants t JOIN current.tenants c ON c.pool = t.pool AND c.id = t.id \
         WHERE t.status = 'active' AND c.status <> 'active'",
    ),
];

/// Run when the replaced database is readable.
const CARRY: &[&str] = &[
    // An address that changed must not get the mails of its former owner: free all first, so that two may have swapped.
    "UPDATE people SET email_key = NULL FROM current.people c WHERE c.pool = people.pool AND c.id = people.id \
     AND c.email_key IS NOT people.email_key",
    "UPDATE OR IGNORE people SET email = c.email, email_key = c.email_key FROM current.people c \
     WHERE c.pool = people.pool AND c.id = people.id AND c.email_key IS NOT NULL",
    "UPDATE people SET \
       status = CASE WHEN 'deleted' IN (people.status, c.status) THEN 'deleted' \
         WHEN 'inactive' IN (people.status, c.status) THEN 'inactive' ELSE 'active' END, \
       password_hash = c.password_hash, password_changed_at = c.password_changed_at, \
       password_reset_required = max(people.password_reset_required, c.password_reset_required), \
       verified = c.verified, \
       feed_generation = max(people.feed_generation, c.feed_generation), \
       auth_generation = max(people.auth_generation, c.auth_generation), \
       version = max(people.version, c.version) + 1 \
     FROM current.people c WHERE c.pool = people.pool AND c.id = people.id",
    "UPDATE access_keys SET secret_hash = c.secret_hash, previous_hash = c.previous_hash, \
       previous_until = c.previous_until, disabled = max(access_keys.disabled, c.disabled), \
       expires_at = coalesce(min(access_keys.expires_at, c.expires_at), c.expires_at, access_keys.expires_at), \
       generation = c.generation, version = max(access_keys.version, c.version) + 1 \
     FROM current.access_keys c WHERE c.pool = access_keys.pool AND c.id = access_keys.id",
    "DELETE FROM lookup_application_keys WHERE (pool, application) IN (SELECT pool, id FROM current.applications)",
    "UPDATE applications SET key_hash = c.key_hash, previous_hash = c.previous_hash, \
       previous_until = c.previous_until, disabled = max(applications.disabled, c.disabled), \
       trusted_server = min(applications.trusted_server, c.trusted_server), \
       version = max(applications.version, c.version) + 1 \
     FROM current.applications c WHERE c.pool = applications.pool AND c.id = applications.id",
    "INSERT OR IGNORE INTO lookup_application_keys (key_hash, pool, application) \
     SELECT key_hash, pool, id FROM applications WHERE key_hash IS NOT NULL",
    "INSERT OR IGNORE INTO lookup_application_keys (key_hash, pool, application) \
     SELECT previous_hash, pool, id FROM applications WHERE previous_hash IS NOT NULL",
    "UPDATE application_tokens SET revoked_at = coalesce(application_tokens.revoked_at, c.revoked_at) \
     FROM current.application_tokens c WHERE c.pool = application_tokens.pool AND c.id = application_tokens.id",
    "UPDATE operator_tokens SET revoked_at = coalesce(operator_tokens.revoked_at, c.revoked_at) \
     FROM current.operator_tokens c WHERE c.id = operator_tokens.id",
    "UPDATE tenants SET \
       status = CASE WHEN 'deleted' IN (tenants.status, c.status) THEN 'deleted' \
         WHEN 'suspended' IN (tenants.status, c.status) THEN 'suspended' ELSE 'active' END, \
       auth_generation = max(tenants.auth_generation, c.auth_generation), \
       version = max(tenants.version, c.version) + 1 \
     FROM current.tenants c WHERE c.pool = tenants.pool AND c.id = tenants.id",
    "DELETE FROM memberships WHERE EXISTS \
       (SELECT 1 FROM current.people c WHERE c.pool = memberships.pool AND c.id = memberships.person) \
     AND NOT EXISTS (SELECT 1 FROM current.memberships c WHERE c.pool = memberships.pool \
       AND c.person = memberships.person AND c.tenant = memberships.tenant AND c.kind = memberships.kind)",
    // Strongest first in the text, so a later place in it is the weaker role.
    "UPDATE memberships SET \
       role = CASE WHEN instr('owner admin user callcentre', c.role) > instr('owner admin user callcentre', memberships.role) \
         THEN c.role ELSE memberships.role END, \
       version = max(memberships.version, c.version) + 1 \
     FROM current.memberships c WHERE c.pool = memberships.pool \
       AND c.person = memberships.person AND c.tenant = memberships.tenant AND c.kind = memberships.kind",
    // What a digest told since the backup is not told again: its events are carried over below.
    "UPDATE digests SET told_until = max(digests.told_until, c.told_until) FROM current.digests c \
     WHERE c.pool = digests.pool AND c.person = digests.person",
    // Addresses changed without their words and passwords without their kinds, so that everybody's are filled in anew.
    "DELETE FROM fills",
    "DELETE FROM password_schemes",
    // What was used since the backup is not unused, whoever asks.
    "INSERT INTO uses SELECT pool, scope, kind, subject, day, counted, last_at FROM current.uses WHERE true \
     ON CONFLICT (pool, scope, kind, subject, day) DO UPDATE SET counted = max(uses.counted, excluded.counted), \
       last_at = max(uses.last_at, excluded.last_at)",
    "INSERT INTO used_by SELECT pool, scope, kind, subject, person, days, first_at, last_at FROM current.used_by WHERE true \
     ON CONFLICT (pool, scope, kind, subject, person) DO UPDATE SET days = max(used_by.days, excluded.days), \
       first_at = min(used_by.first_at, excluded.first_at), last_at = max(used_by.last_at, excluded.last_at)",
    "DELETE FROM operators WHERE id NOT IN (SELECT id FROM current.operators)",
    "DELETE FROM operator_tokens WHERE operator NOT IN (SELECT id FROM operators)",
    "UPDATE operators SET email = c.email, email_key = c.email_key, password_hash = c.password_hash \
     FROM current.operators c WHERE c.id = operators.id",
    // Numbers are never handed out twice, and the log's order never goes back.
    "INSERT INTO numbers SELECT scope, kind, next FROM current.numbers WHERE true \
     ON CONFLICT (scope, kind) DO UPDATE SET next = max(numbers.next, excluded.next)",
    "INSERT INTO epochs SELECT shard, value FROM current.epochs WHERE true \
     ON CONFLICT (shard) DO UPDATE SET value = max(epochs.value, excluded.value)",
    "INSERT OR IGNORE INTO revocations SELECT shard, value, pool, kind, subject, at FROM current.revocations",
    // A database that was moved away is as old as that day, and a backup of it is older.
    "INSERT OR IGNORE INTO moves SELECT one, id, state, other, at FROM current.moves WHERE state IN ('leaving', 'left')",
    // The audit trail is append-only, also over a restore.
    "INSERT OR IGNORE INTO events SELECT pool, id, tenant, kind, person, actor, session, door, application, address, \
     detail, at FROM current.events",
];

/// Shut what the replaced database does not know.
const SHUT_UNKNOWN: &[(&str, &str)] = &[
    (
        "people are disabled, because the replaced database did not know them",
        "UPDATE people SET status = 'inactive', auth_generation = auth_generation + 1, version = version + 1 WHERE status = 'active' AND \
         NOT EXISTS (SELECT 1 FROM current.people c WHERE c.pool = people.pool AND c.id = people.id)",
    ),
    (
        "access keys are disabled, because the replaced database did not know them",
        "UPDATE access_keys SET disabled = 1, version = version + 1 WHERE disabled = 0 AND NOT EXISTS \
         (SELECT 1 FROM current.access_keys c WHERE c.pool = access_keys.pool AND c.id = access_keys.id)",
    ),
    (
        "applications are disabled, because the replaced database did not know them",
        "UPDATE applications SET disabled = 1, version = version + 1 WHERE disabled = 0 AND NOT EXISTS \
         (SELECT 1 FROM current.applications c WHERE c.pool = applications.pool AND c.id = applications.id)",
    ),
    (
        "bearer tokens are revoked, because the replaced database did not know them",
        "UPDATE application_tokens SET revoked_at = created_at WHERE revoked_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM current.application_tokens c WHERE c.pool = application_tokens.pool AND c.id = application_tokens.id)",
    ),
    (
        "operators' tokens are revoked, because the replaced database did not know them",
        "UPDATE operator_tokens SET revoked_at = created_at WHERE revoked_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM current.operator_tokens c WHERE c.id = operator_tokens.id)",
    ),
];

/// Shut what nothing vouches for.
const SHUT_ALL: &[(&str, &str)] = &[
    (
        "access keys are disabled",
        "UPDATE access_keys SET disabled = 1, version = version + 1 WHERE disabled = 0",
    ),
    (
        "applications are disabled",
        "UPDATE applications SET disabled = 1, version = version + 1 WHERE disabled = 0",
    ),
    (
        "bearer tokens are revoked",
        "UPDATE application_tokens SET revoked_at = created_at WHERE revoked_at IS NULL",
    ),
    (
        "operators' tokens are revoked",
        "UPDATE operator_tokens SET revoked_at = created_at WHERE revoked_at IS NULL",
    ),
];

/// Whatever there was before: sign-ins and codes end, and no mail is sent a second time.
const END: &[&str] = &[
    "DELETE FROM sessions",
    "DELETE FROM lookup_sessions",
    "DELETE FROM tickets",
    "DELETE FROM lookup_tickets",
    "UPDATE mails SET state = 'failed', sealed = x'', lease = NULL, last_error = 'a backup was restored' \
     WHERE state = 'queued'",
];

pub(super) fn attach(restored: &Connection, database: &Path) -> rusqlite::Result<()> {
    let database =
        database.as_os_str().to_str().ok_or_else(|| rusqlite::Error::InvalidPath(database.to_owned()))?;
    restored.execute("ATTACH DATABASE ?1 AS current", [database]).map(|_rows| ())
}

pub(super) fn detach(restored: &Connection) -> rusqlite::Result<()> {
    restored.execute_batch("DETACH DATABASE current")
}

pub(super) fn is_same_installation(restored: &Connection) -> rusqlite::Result<bool> {
    let same = "SELECT (SELECT id FROM installation) IS (SELECT id FROM current.installation)";
    restored.query_row(same, [], |row| row.get(0))
}

/// Carries everything over; returns the new epoch, and how many of what were touched.
pub(super) fn carry(
    restored: &mut Connection,
    restore: &Restore,
    current: &Replaced,
) -> rusqlite::Result<(i64, Vec<(u64, &'static str)>)> {
    let transaction = restored.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut told = Vec::new();
    let mut note = |count: u64, what: &'static str| {
        if count > 0 {
            told.push((count, what));
        }
    };
    let shut = match current {
        Replaced::Readable => {
            for (what, count) in COUNTS {
                let count: i64 = transaction.query_row(count, [], |row| row.get(0))?;
                note(count.unsigned_abs(), what);
            }
            for statement in CARRY {
                transaction.execute(statement, [])?;
            }
            SHUT_UNKNOWN
        }
        Replaced::Unreadable | Replaced::Nothing => SHUT_ALL,
    };
    for (what, statement) in shut.iter().filter(|_| !restore.trust_keys) {
        let rows = transaction.execute(statement, [])?;
        note(u64::try_from(rows).unwrap_or(u64::MAX), what);
    }
    for statement in END {
        transaction.execute(statement, [])?;
    }
    let epoch = advance(&transaction, current)?;
    tell(&transaction, restore)?;
    transaction.commit()?;
    Ok((epoch, told))
}

/// A new epoch, later than that of both databases.
fn advance(transaction: &Transaction<'_>, current: &Replaced) -> rusqlite::Result<i64> {
    let latest = match current {
        Replaced::Readable => {
            "SELECT max((SELECT epoch FROM installation), (SELECT epoch FROM current.installation))"
        }
        Replaced::Unreadable | Replaced::Nothing => "SELECT epoch FROM installation",
    };
    let epoch = transaction.query_row(latest, [], |row| row.get::<_, i64>(0))? + 1;
    transaction.execute("UPDATE installation SET epoch = ?1", [epoch])?;
    Ok(epoch)
}

/// Events of the installation itself stand under the nil pool.
fn tell(transaction: &Transaction<'_>, restore: &Restore) -> rusqlite::Result<()> {
    let statement =
        "INSERT INTO events (pool, id, kind, actor, at) VALUES (?1, ?2, 'restored', 'operator', ?3)";
    let (house, id) = ([0_u8; 16], restore.event.into_bytes());
    transaction.execute(statement, (house, id, restore.now.micros())).map(|_rows| ())
}
