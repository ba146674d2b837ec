//! Session inserts through the store, against what `pgbench` reaches with the same rows.
//!
//! Each measurement has a copy of the same database, which holds sessions already, and writes everything down before it
//! begins. Every client of either has a connection of its own and waits for its insert to be durable.

use super::pgbench;
use super::server::SETTINGS;
use super::{Bench, JOB, alone};
use crate::Result;
use crate::inserts::session::{POOL, fresh};
use crate::inserts::store;
use crate::table::{Row, Series, Wanted};
use crate::verify::fill::patient;
use doorward_crypto::Random;
use doorward_model::Secret;
use doorward_store::{Db, PostgresSettings, sessions};

/// As many connections as a node writes over unless told otherwise; and as many clients as the job `inserts` has.
const CLIENTS: [usize; 2] = [4, 16];

const PREPARED: &str = "inserts";
const COPY: &str = "inserts_copy";
/// Sessions of one transaction.
const TOGETHER: u64 = 500;

/// Measures both in turns.
pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let already = bench.either(50_000, 1_000);
    bench.progress.say(&format!("scale: preparing {already} sessions"));
    prepare(&bench.server.empty(PREPARED), already)?;
    let mut rows = vec![disk(bench)?];
    for clients in CLIENTS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..bench.plan.rounds {
            bench.say_round(&format!("inserts of {clients} clients"), round);
            // Who goes first changes, so that neither always meets the other's dirty pages.
            if round % 2 == 0 {
                ours.push(through_store(bench, clients)?);
            }
            theirs.push(through_pgbench(bench, clients)?);
            if round % 2 == 1 {
                ours.push(through_store(bench, clients)?);
            }
        }
        rows.push(Row {
            job: JOB,
            ours: Series::new(format!("session inserts, {clients} clients"), "/s", ours),
            theirs: Some(Series::new(format!("`pgbench -M extended`, {clients} clients"), "/s", theirs)),
            wanted: Wanted::AtLeast(0.7),
        });
    }
    Ok(rows)
}

/// What everything else here stands on: how often a second one client alone is told that its insert is durable.
fn disk(bench: &Bench<'_>) -> Result<Row> {
    let what = format!("PostgreSQL {}, {SETTINGS}: one client of `pgbench`", bench.server.version());
    Ok(alone(what, "inserts/s", through_pgbench(bench, 1)?, Wanted::Nothing))
}

fn through_store(bench: &Bench<'_>, clients: usize) -> Result<f64> {
    let url = bench.server.copy(PREPARED, COPY);
    let settings =
        PostgresSettings { writers: clients, readers: 1, ..PostgresSettings::new(Secret::new(url)) };
    let rate = store::measure_in(Db::open_postgres(&settings)?, clients, bench.plan.span);
    bench.server.drop(COPY);
    Ok(rate?.per_second)
}

fn through_pgbench(bench: &Bench<'_>, clients: usize) -> Result<f64> {
    bench.server.copy(PREPARED, COPY);
    let rate = pgbench::measure(bench.server, COPY, clients, bench.plan.span);
    bench.server.drop(COPY);
    rate
}

fn prepare(url: &str, already: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = Db::open_postgres(&patient(url))?;
        let random = Random::os();
        let mut done = 0;
        while done < already {
            let some: Vec<_> = (0..TOGETHER).map(|_| fresh(&random)).collect::<Result<_>>()?;
            db.write_bulk(POOL, move |tx| some.iter().try_for_each(|opened| sessions::insert(tx, opened)))
                .await?;
            done += TOGETHER;
        }
        db.close().await;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::super::server::Server;
    use super::*;
    use crate::plan::Plan;
    use crate::progress::Progress;
    use std::path::Path;

    #[test]
    fn the_store_and_pgbench_insert_the_same_rows() {
        if doorward_testkit_postgres::is_skipped() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start(directory.path());
        let progress = Progress::start();
        let bench = Bench {
            plan: &Plan::QUICK,
            server: &server,
            binary: Path::new(""),
            directory: directory.path(),
            progress: &progress,
        };
        prepare(&server.empty(PREPARED), 1).unwrap();
        assert!(through_store(&bench, 2).unwrap() > 0.0);
        server.copy(PREPARED, COPY);
        assert!(pgbench::measure(&server, COPY, 2, Plan::QUICK.span).unwrap() > 0.0);
        // What pgbench wrote is what the store wrote, but for what is drawn anew each time.
        let kinds = "SELECT count(*) FROM (SELECT DISTINCT pool, length(id), length(token_hash), length(person), tenant, \
             application, door, scheme, person_generation, tenant_generation, epoch, signed_in_at, last_used_at, \
             idle_until, expires_at, address, agent, kind FROM sessions) AS kinds";
        assert_eq!(server.figure(COPY, kinds).unwrap(), 1.0);
        let found =
            "SELECT count(*) FROM sessions JOIN lookup_sessions USING (token_hash, pool) WHERE id = session";
        let all = "SELECT count(*) FROM sessions";
        assert_eq!(server.figure(COPY, found).unwrap(), server.figure(COPY, all).unwrap());
    }
}
