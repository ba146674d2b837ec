//! Sign-ins through the doors of a real server, against the hashes the same machine computes in a bare loop.
//!
//! What is between the two is everything Doorward does for a sign-in: HTTP, the throttle, two durable transactions.

use crate::Result;
use crate::accounts::{self, Account};
use crate::client::{sign_in_for, sign_in_once};
use crate::hashing::{self, Loop};
use crate::machine::cores;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::rate::Rate;
use crate::server_process::ServerProcess;
use crate::table::{Row, Series, Wanted};
use doorward_crypto::password::{Engine, HashQueueSettings, Params};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;

/// The demo's memory limit for hashing, which decides how many threads hash (`server/src/config/hashing.rs`).
pub(crate) const MEMORY_LIMIT: u64 = 256 << 20;

/// Connections per hashing thread: one being hashed, the others on their way, so that no thread waits for the load.
pub(crate) const CONNECTIONS_PER_THREAD: usize = 3;

/// One round of the three measurements.
#[derive(Default)]
struct Rounds {
    door: Vec<Rate>,
    raw: Vec<Rate>,
    plain: Vec<Rate>,
}

#[derive(Clone, Copy)]
enum Measured {
    Door,
    Raw,
    Plain,
}

/// Measures all three in turns.
pub(crate) fn run(plan: &Plan, binary: &Path, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let data = TempDir::new_in(directory)?;
    progress.say("sign-in: starting the server");
    let (server, _) = ServerProcess::start(binary, data.path())?;
    let accounts = answering(&server)?;
    let engine = Engine::fastest();
    let threads = HashQueueSettings::sized(cores(), MEMORY_LIMIT, Params::OWASP).threads;
    let clients = load(&accounts, threads * CONNECTIONS_PER_THREAD);
    let mut rounds = Rounds::default();
    let mut order = [Measured::Door, Measured::Raw, Measured::Plain];
    for round in 0..plan.rounds {
        progress.say(&format!("sign-in, round {} of {}", round + 1, plan.rounds));
        for measured in order {
            match measured {
                Measured::Door => rounds.door.push(door(&server, &clients, plan)?),
                Measured::Raw => rounds.raw.push(hashing::measure(Loop::Raw(engine), threads, plan.span)?),
                Measured::Plain => rounds.plain.push(hashing::measure(Loop::Plain, threads, plan.span)?),
            }
        }
        order.rotate_left(1);
    }
    Ok(rows(&rounds, &doors(&accounts), threads))
}

fn door(server: &ServerProcess, clients: &[Account], plan: &Plan) -> Result<Rate> {
    let before = server.cpu_seconds()?;
    let mut rate = sign_in_for(server.address(), clients, plan.span)?;
    rate.cpu_seconds = server.cpu_seconds()? - before;
    Ok(rate)
}

/// The accounts whose doors let them in; the table names those doors. That every door answers is for the tests.
fn answering(server: &ServerProcess) -> Result<Vec<Account>> {
    let mut refused = String::new();
    let mut answering = Vec::new();
    for account in accounts::all(&server.accounts()?)? {
        match sign_in_once(server.address(), &account) {
            Ok(()) => answering.push(account),
            Err(error) => refused = format!("{refused}; {error}"),
        }
    }
    if answering.is_empty() { Err(format!("no door let anybody in{refused}").into()) } else { Ok(answering) }
}

/// So many connections, accounts in turns.
pub(crate) fn load(accounts: &[Account], connections: usize) -> Vec<Account> {
    accounts.iter().cycle().take(connections).cloned().collect()
}

fn doors(accounts: &[Account]) -> String {
    let names: BTreeSet<_> = accounts.iter().map(|account| account.door).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn rows(rounds: &Rounds, doors: &str, threads: usize) -> Vec<Row> {
    let pair = |theirs: &[Rate], name: &str, wanted| {
        let row = |unit, figure: fn(&Rate) -> f64, wanted| Row {
            job: "sign-in",
            ours: Series::new(format!("through {doors}"), unit, rounds.door.iter().map(figure).collect()),
            theirs: Some(Series::new(
                format!("{name}, {threads} threads"),
                unit,
                theirs.iter().map(figure).collect(),
            )),
            wanted,
        };
        [row("/s", |rate| rate.per_second, wanted), row("/CPU-s", Rate::per_cpu_second, wanted)]
    };
    let raw = pair(&rounds.raw, "raw hash", Wanted::AtLeast(0.95));
    let plain = pair(&rounds.plain, "`argon2` crate, fresh memory", Wanted::AtLeast(1.4));
    raw.into_iter().chain(plain).collect()
}
