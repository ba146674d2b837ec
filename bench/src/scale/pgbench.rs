//! The peer of the inserts: `pgbench`, PostgreSQL's own load generator, with a script that inserts what the store does.
//!
//! The statements repeat those of `store/src/sessions.rs` and `store/src/lookup/sessions.rs`, because the peer must not go
//! through the store. `pgbench` draws whole numbers only: an id is one of sixteen digits, which are sixteen bytes, and a
//! token's hash is made of one by the server. What the store says besides at BEGIN (time limits, and whether this is still a
//! primary) the peer leaves out.

use super::server::Server;
use crate::Result;
use crate::inserts::session::fresh;
use crate::machine::cores;
use doorward_crypto::Random;
use doorward_crypto::hex;
use doorward_store::sessions::StoredSession;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const SCRIPT: &str = "\
\\set id random(1000000000000000, 9999999999999999)
\\set token random(1000000000000000, 9999999999999999)
\\set person random(1000000000000000, 9999999999999999)
BEGIN ISOLATION LEVEL SERIALIZABLE;
INSERT INTO lookup_sessions (token_hash, pool, session) VALUES (sha256(:token), :pool, :id);
INSERT INTO sessions (pool, id, token_hash, person, tenant, application, door, scheme, person_generation, \
tenant_generation, epoch, signed_in_at, last_used_at, idle_until, expires_at, address, agent, kind) \
VALUES (:pool, :id, sha256(:token), :person, :tenant, NULL, NULL, :scheme, :one, \
:one, :one, :now, :now, :end, :end, :address, :agent, :kind);
COMMIT;
";

/// Tries of a transaction that met another, as the store tries again.
const TRIES: u32 = 40;
/// `pgbench` counts in whole seconds.
const SHORTEST: u64 = 1;

/// How many inserts a second `clients` reach, each on a connection of its own.
pub(super) fn measure(server: &Server, database: &str, clients: usize, span: Duration) -> Result<f64> {
    let (mut program, folder) = server.program("pgbench");
    let script = folder.join("inserts.pgbench");
    write(&script)?;
    program
        .args(["--no-vacuum", "--protocol=extended", &format!("--max-tries={TRIES}")])
        .args([format!("--client={clients}"), format!("--jobs={}", clients.min(cores()))])
        .arg(format!("--time={}", span.as_secs().max(SHORTEST)))
        .arg(format!("--file={}", script.display()))
        .args(values()?)
        .arg(database);
    let output = program.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    match tps {
        Some(tps) if output.status.success() => Ok(tps.parse()?),
        _ => Err(format!("pgbench failed: {said}{}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Where the server's user can read it.
fn write(script: &Path) -> Result<()> {
    std::fs::write(script, SCRIPT)?;
    Ok(std::fs::set_permissions(script, Permissions::from_mode(0o644))?)
}

/// What the same session has everywhere, as definitions of variables.
fn values() -> Result<Vec<String>> {
    let StoredSession { session, .. } = fresh(&Random::os())?;
    let bytes = |id: &[u8; 16]| format!("\\x{}", hex(id));
    let pairs = [
        ("pool", bytes(session.pool.as_bytes())),
        ("tenant", bytes(session.tenant.as_bytes())),
        ("scheme", session.scheme.as_str().to_owned()),
        ("one", "1".to_owned()),
        ("now", session.signed_in_at.micros().to_string()),
        ("end", session.expires_at.micros().to_string()),
        ("address", session.address.map(|address| address.to_string()).unwrap_or_default()),
        ("agent", session.agent.unwrap_or_default()),
        ("kind", session.kind.as_str().to_owned()),
    ];
    Ok(pairs.iter().map(|(name, value)| format!("--define={name}={value}")).collect())
}
