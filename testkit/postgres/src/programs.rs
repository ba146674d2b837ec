//! Where PostgreSQL's programs are, and as whom they run: the server refuses to run as root.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Debian keeps every major version in a folder of its own.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The user and group a server runs as.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// Us, or the system's `postgres` where we are root.
pub(crate) fn owner() -> Owner {
    static OWNER: OnceLock<Owner> = OnceLock::new();
    *OWNER.get_or_init(|| {
        let me = std::fs::metadata("/proc/self").expect("/proc");
        let own = std::os::unix::fs::MetadataExt::uid(&me);
        if own != 0 {
            return Owner { uid: own, gid: std::os::unix::fs::MetadataExt::gid(&me) };
        }
        let users = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
        let number = |name: &str, field: usize| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            line.split(':').nth(field)?.parse().ok()
        };
        let find = |name| Some(Owner { uid: number(name, 2)?, gid: number(name, 3)? });
        find("postgres").or_else(|| find("nobody")).expect("a user that is not root")
    })
}

/// A program that comes with the server; `None` when there is no server here.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|(_, folder)| folder);
    debian.chain(path()).map(|folder| folder.join(name)).find(|program| program.is_file())
}

#[expect(clippy::disallowed_methods, reason = "programs are searched where a shell would")]
fn path() -> Vec<PathBuf> {
    let own = std::env::var("PATH").unwrap_or_default();
    std::env::split_paths(&own).chain([PathBuf::from("/usr/sbin")]).collect()
}

/// The program, run as [`owner`], with nothing of ours left open.
pub(crate) fn command(name: &str) -> Command {
    let program = find(name).unwrap_or_else(|| {
        panic!(
            "{name} is missing: ./test installs it (Debian: postgresql, pgbouncer); \
             DOORWARD_SKIP_POSTGRES=1 leaves these tests out"
        )
    });
    as_owner(&program)
}

pub(crate) fn as_owner(program: &Path) -> Command {
    let mut command = Command::new(program);
    let Owner { uid, gid } = owner();
    let is_us =
        std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == uid);
    if !is_us {
        command.uid(uid).gid(gid);
    }
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs it and returns what it printed; what went wrong is the test's failure.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
