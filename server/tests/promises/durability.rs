//! P1 and P2: the process is killed in the middle of traffic, and the file system is cut off under it. Nothing that
//! was acknowledged is missing afterwards, and nothing that was ended works again.
//!
//! `bench/faults/kill9.sh` runs the same with ten thousand acknowledgements.

use super::crash_disk::CrashDisk;
use super::crowd;
use crate::process::Demo;
use std::env;

/// Acknowledged requests of each test, where nobody asks for more.
const SHORT: usize = 400;
/// Kills of one run: the second hits a database that has already recovered once.
const KILLS: usize = 2;

#[test]
fn killing_the_process_loses_nothing_and_revives_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut ledger = crowd::prepare(&data, wanted() / 2);
    for _ in 0..KILLS {
        let mut demo = Demo::start_in(&data, &[]).unwrap();
        ledger.run(&mut demo, wanted() / KILLS, |demo| drop(demo.doorward.kill()));
        let demo = Demo::start_in(&data, &[]).unwrap();
        ledger.check(&demo);
    }
    assert!(ledger.acknowledged() >= wanted());
}

#[test]
fn cutting_the_file_system_off_loses_nothing_and_revives_nothing() {
    let Some(mut disk) = CrashDisk::mount() else { return };
    let data = disk.path().join("data");
    let mut ledger = crowd::prepare(&data, wanted() / 2);
    let mut demo = Demo::start_in(&data, &[]).unwrap();
    ledger.run(&mut demo, wanted(), |demo| {
        // First the disk goes away under the running server, then the server: what it says in between counts too.
        disk.write_without_syncing();
        disk.cut();
        drop(demo.doorward.kill());
    });
    drop(demo);
    disk.remount();
    assert!(disk.has_lost_what_was_not_synced(), "the cut keeps what was never synced, so it proves nothing");
    let demo = Demo::start_in(&data, &[]).unwrap();
    ledger.check(&demo);
    drop(demo);
}

/// The long form asks for more.
#[expect(clippy::disallowed_methods, reason = "a knob of the fault harness, not configuration of the server")]
fn wanted() -> usize {
    env::var("DOORWARD_FAULT_ACKNOWLEDGEMENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(SHORT)
}
