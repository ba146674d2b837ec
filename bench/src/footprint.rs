//! What a server costs when nobody signs in: its binary, its start, its memory before and after a busy time.

use crate::Result;
use crate::accounts;
use crate::client::{sign_in_for, sign_in_once};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::server_process::ServerProcess;
use crate::sign_in::load;
use crate::table::{Row, Series, Wanted};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Between the first answer and the reading of the memory, so that what starts late has started.
const SETTLE: Duration = Duration::from_secs(2);

/// Connections of the busy time: enough that every hashing thread has filled its memory.
const CONNECTIONS: usize = 16;

/// Measures a server that has nothing else to do.
pub(crate) fn run(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let data = TempDir::new_in(directory)?;
    progress.say("footprint: making a database");
    drop(ServerProcess::start(binary, data.path())?);
    progress.say("footprint: starting on an existing database");
    let starts = starts(plan, binary, data.path())?;
    let (server, _) = ServerProcess::start(binary, data.path())?;
    std::thread::sleep(SETTLE);
    let before = server.resident_mb()?;
    progress.say("footprint: a busy time");
    let busy = busy(&server, plan)?;
    progress.say(&format!("footprint: {} s of quiet, until memory is given back", plan.idle.as_secs()));
    std::thread::sleep(plan.idle);
    let after = server.resident_mb()?;
    let alone = |what: String, unit, rounds, wanted| Row {
        job: "footprint",
        ours: Series::new(what, unit, rounds),
        theirs: None,
        wanted,
    };
    let idle = plan.idle.as_secs();
    Ok(vec![
        alone("memory before the first sign-in".to_owned(), "MB", vec![before], Wanted::AtMost(25.0)),
        alone("memory while signing in".to_owned(), "MB", vec![busy], Wanted::Nothing),
        alone(format!("memory {idle} s after the last sign-in"), "MB", vec![after], Wanted::AtMost(25.0)),
        alone("first answer after exec, existing database".to_owned(), "ms", starts, Wanted::AtMost(150.0)),
        alone("binary".to_owned(), "MB", vec![megabytes(binary)?], Wanted::AtMost(25.0)),
    ])
}

/// Milliseconds from exec to the first answer, over several starts.
fn starts(plan: &Plan, binary: &Path, data: &Path) -> Result<Vec<f64>> {
    let mut starts = Vec::new();
    for _ in 0..plan.starts {
        let (server, took) = ServerProcess::start(binary, data)?;
        drop(server);
        starts.push(took.as_secs_f64() * 1000.0);
    }
    Ok(starts)
}

/// Sign-ins over many connections; the memory at their end, before any is given back.
fn busy(server: &ServerProcess, plan: &Plan) -> Result<f64> {
    let mut accounts = accounts::all(&server.accounts()?)?;
    accounts.retain(|account| sign_in_once(server.address(), account).is_ok());
    if accounts.is_empty() {
        return Err("no door let anybody in".into());
    }
    sign_in_for(server.address(), &load(&accounts, CONNECTIONS), plan.span)?;
    server.resident_mb()
}

fn megabytes(file: &Path) -> Result<f64> {
    let bytes = u32::try_from(std::fs::metadata(file)?.len())?;
    Ok(f64::from(bytes) / 1e6)
}
