//! A move that is killed goes on where it stopped: nothing twice, nothing lost, and nobody lets a half be used.

use super::Pair;
use crate::operations::text;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Rows, in batches of a thousand.
const ROWS: u32 = 5_000;

/// Longer than it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Pair {
    fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.current_dir(self.site.path("")).env_clear().args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until a session of the server sleeps.
    fn wait_for_sleeper(&self) {
        let start = Instant::now();
        while self.database.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
             AND datname = current_database()",
        ) != "1"
        {
            assert!(start.elapsed() < PATIENCE, "the move never came to the row that stops it");
        }
    }
}

#[test]
fn a_move_to_a_server_that_is_killed_goes_on() {
    let Some(mut pair) = Pair::new() else { return };
    pair.migrate();
    pair.fill_file(ROWS);
    pair.at_insert("tallies", "NEW.counted = 2500", "PERFORM pg_sleep(3600)");
    let mut moving = pair.begin(&Pair::there(&[]));
    pair.wait_for_sleeper();
    let refusal = pair.site.refused(&["backup", "copy.db"]);
    assert!(refusal.contains("is in use by process") || refusal.contains("cannot be reached"), "{refusal}");
    moving.kill().unwrap();
    moving.wait().unwrap();
    pair.database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
         AND datname = current_database()",
    );
    pair.calm("tallies");

    assert_eq!(pair.database.sql("SELECT count(*), max(counted) FROM tallies"), "2000|2000");
    let source = pair.site.refused(&["tenant", "list"]);
    assert!(source.contains("doorward.db is being moved to "), "{source}");
    pair.use_server();
    let target = pair.site.refused(&["serve"]);
    assert!(target.contains("is being filled from ") && target.contains("same `doorward move`"), "{target}");

    let ended = pair.site.run(&Pair::there(&[]));
    let told = text(&ended.stderr);
    assert!(ended.status.success(), "{told}");
    assert!(told.contains("copied tallies: ") && told.contains("verified tallies: "), "{told}");
    assert_eq!(pair.database.sql("SELECT count(*), sum(counted) FROM tallies"), "5000|12502500");
    pair.site.done(&["tenant", "list"]);
}

#[test]
fn a_move_to_a_file_that_is_killed_goes_on() {
    let Some(mut pair) = Pair::new() else { return };
    pair.site.done(&Pair::there(&[]));
    pair.use_server();
    pair.site.done(&["tenant", "list"]);
    pair.fill_server(20 * ROWS);
    let mut moving = pair.begin(&Pair::back(&[]));
    let told = BufReader::new(moving.stderr.take().unwrap());
    let stopped = told.lines().map_while(Result::ok).find(|line| line.starts_with("copying tallies: "));
    moving.kill().unwrap();
    moving.wait().unwrap();
    assert!(stopped.is_some(), "it was over before it was killed");
    let source = pair.site.refused(&["tenant", "list"]);
    assert!(source.contains(" is being moved to "), "{source}");
    pair.use_file("back.db");
    let target = pair.site.refused(&["tenant", "list"]);
    assert!(target.contains("back.db is being filled from "), "{target}");

    pair.site.done(&Pair::back(&[]));
    let file = rusqlite::Connection::open(pair.site.path("doorward-data/back.db")).unwrap();
    let question = "SELECT count(*), count(DISTINCT counted), max(counted) FROM tallies";
    let found: (u32, u32, u32) =
        file.query_row(question, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    assert_eq!(found, (20 * ROWS, 20 * ROWS, 20 * ROWS));
    drop(file);
    pair.site.done(&["tenant", "list"]);
}
