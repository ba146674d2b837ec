//! The database's file system is full, and then is not.

use super::cluster::Cluster;
use super::traffic::survives;
use super::{not_proven, share};
use doorward_testkit_postgres::{Own, is_skipped};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Room for a cluster and its log, and not much more.
const SIZE: &str = "size=256m,mode=0755";
/// So that the log stays within it.
const CONFIGURATION: &str = "max_wal_size = 64MB\nmin_wal_size = 64MB";

/// A small file system in memory; it needs root.
struct Small {
    folder: TempDir,
}

impl Small {
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", SIZE, "doorward-full"]).arg(folder.path());
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(Self { folder })
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves no room for anything.
    fn fill(&self) {
        let mut file = File::create(self.ballast()).unwrap();
        let mut size = 1 << 20;
        while size > 0 {
            if file.write_all(&vec![0; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // Lazily: a failing test may still hold files, and its own message matters more.
        drop(Command::new("umount").arg("-l").arg(self.path()).output());
    }
}

#[test]
fn the_database_has_no_room() {
    const FAULT: &str = "database-full";
    if is_skipped() {
        return;
    }
    let small = match Small::mount() {
        Ok(small) => small,
        Err(why) => return not_proven(FAULT, &format!("no file system of our own on this machine: {why}")),
    };
    let own = Own::start_in(small.path(), CONFIGURATION);
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives(FAULT, &mut cluster, |_, progress| {
        progress.more(share(2));
        small.fill();
        progress.refused_at(&[0, 1, 2]);
        small.empty();
        progress.served_at(&[0, 1, 2]);
        progress.more(share(2));
    });
}
