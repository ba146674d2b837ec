//! Who uses a database on a server from here: one server, or commands while none runs.
//!
//! The embedded database has a lock that says so. A PostgreSQL database is open to other nodes at any time, and hears
//! from them through its revocation log; but within one machine a second server would take the first one's admin
//! socket, and a command must not go past a server that could carry it out and know of it at once. The claim stands
//! beside the admin socket, by which they know each other.

use crate::cli::Failure;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Held for as long as this lives; the operating system lets go when the process ends, however it ends.
pub(crate) struct Claim {
    _file: File,
}

impl Claim {
    /// For a server, which is alone. The failure is a locked one while others are there.
    pub(crate) fn for_server(socket: &Path) -> Result<Self, Failure> {
        let file = open(socket)?;
        let taken = file.try_lock();
        let hint = "Nodes of one machine need a socket each: `socket` in [admin], or `data_dir` in [node].";
        taken.map_err(|error| refused(socket, error, hint))?;
        Ok(Self { _file: file })
    }

    /// For a command, beside others.
    pub(crate) fn for_command(socket: &Path) -> Result<Self, Failure> {
        let file = open(socket)?;
        let taken = file.try_lock_shared();
        taken.map_err(|error| refused(socket, error, "Stop it first."))?;
        Ok(Self { _file: file })
    }
}

/// The file stays when the claim is let go: removing it would let two processes lock two files of one name.
fn open(socket: &Path) -> Result<File, Failure> {
    let path = beside(socket);
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    opened.map_err(|error| {
        Failure::new(format!("{} cannot be opened: {error}.", path.display())).hint(
            "`doorward init` makes the data directory. Every command must run as the server's own user.",
        )
    })
}

fn beside(socket: &Path) -> PathBuf {
    let mut name = socket.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn refused(socket: &Path, error: TryLockError, hint: &str) -> Failure {
    match error {
        TryLockError::WouldBlock => {
            let sentence = format!("Another Doorward runs with the admin socket {}.", socket.display());
            Failure::new(sentence).hint(hint).locked()
        }
        TryLockError::Error(error) => {
            Failure::new(format!("{} cannot be locked: {error}.", beside(socket).display()))
        }
    }
}
