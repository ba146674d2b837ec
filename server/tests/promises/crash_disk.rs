//! A file system of its own that can lose power: ext4 in a file behind a loop device.
//!
//! The cut is ext4's own shutdown request (`EXT4_IOC_SHUTDOWN`, without flushing its journal): from then on every read
//! and write fails, and what was never synced is gone. It needs root and loop devices; where either is missing the
//! test says why it proves nothing and passes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Room for the database, its log and the demo's files.
const BYTES: u64 = 256 * 1024 * 1024;

/// The request: `_IOR('X', 125, __u32)` with `EXT4_GOING_FLAGS_NOLOGFLUSH`. Python, because it needs no unsafe code.
const SHUTDOWN: &str = "import fcntl,os,struct,sys\n\
    fd=os.open(sys.argv[1],os.O_RDONLY)\n\
    fcntl.ioctl(fd,0x8004587d,struct.pack('I',2))\n";

/// Written and never synced: gone after an honest cut.
const UNSYNCED: &str = "never-synced";

/// A mounted file system that can be cut off.
pub(crate) struct CrashDisk {
    folder: TempDir,
    is_mounted: bool,
}

impl CrashDisk {
    /// Makes and mounts one; `None`, with the reason printed, where this machine does not allow it.
    pub(crate) fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        fs::File::create(folder.path().join("disk")).unwrap().set_len(BYTES).unwrap();
        fs::create_dir(folder.path().join("mounted")).unwrap();
        let mut disk = Self { folder, is_mounted: false };
        let made = run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()));
        let mounted = made.and_then(|()| disk.attach());
        match mounted {
            Ok(()) => Some(disk),
            Err(why) => {
                not_proven(&why);
                None
            }
        }
    }

    /// Where it is mounted.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// Something that only an honest cut loses.
    pub(crate) fn write_without_syncing(&self) {
        fs::write(self.path().join(UNSYNCED), "still in memory").unwrap();
    }

    /// Cuts it off, under everybody who uses it.
    pub(crate) fn cut(&self) {
        run(Command::new("python3").args(["-c", SHUTDOWN]).arg(self.path())).unwrap();
    }

    /// Power is back.
    pub(crate) fn remount(&mut self) {
        self.detach().unwrap();
        self.attach().unwrap();
    }

    /// Whether the cut lost what nobody had synced.
    pub(crate) fn has_lost_what_was_not_synced(&self) -> bool {
        fs::read(self.path().join(UNSYNCED)).unwrap_or_default().is_empty()
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Commits of the journal far apart, so that nothing is synced by chance.
    fn attach(&mut self) -> Result<(), String> {
        let (image, path) = (self.image(), self.path());
        run(Command::new("mount").args(["-t", "ext4", "-o", "loop,commit=600"]).args([&image, &path]))?;
        self.is_mounted = true;
        Ok(())
    }

    fn detach(&mut self) -> Result<(), String> {
        self.is_mounted = false;
        run(Command::new("umount").arg(Path::new(&self.path())))
    }
}

impl Drop for CrashDisk {
    fn drop(&mut self) {
        if self.is_mounted {
            // Lazily: a failing test may still hold files, and its own message matters more.
            drop(run(Command::new("umount").arg("-l").arg(self.path())));
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing has to say so")]
fn not_proven(why: &str) {
    eprintln!("NOT PROVEN HERE: no file system can be cut off on this machine: {why}");
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
