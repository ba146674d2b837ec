//! Where one server lives: its data, its socket, its log.

use crate::{
    USER,
    programs::{command, owner, run},
};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::Stdio,
};

/// What suits a server that forgets everything when it ends.
const CONFIGURATION: &str = "
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
max_wal_size = 256MB
jit = off
lc_messages = 'C'
";

/// The port that names the socket, where no other was asked for.
const PORT: u16 = 5432;

/// Where servers live: in memory, where there is room for many copies of the template, so that tests which wait for the
/// disk do not wait for ours.
pub(crate) fn somewhere() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).map_or(0, |it| it.f_bavail.saturating_mul(it.f_frsize));
    if room >= ROOM { memory.to_owned() } else { std::env::temp_dir() }
}

/// A database is 8 MB, and is dropped when its test ends well.
const ROOM: u64 = 2 << 30;

/// A directory of the server's user.
pub(crate) struct Home {
    pub(crate) path: PathBuf,
    pub(crate) port: u16,
}

impl Home {
    /// Makes it, or takes one that only that user can have made.
    pub(crate) fn at(path: PathBuf) -> Self {
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => give(&path),
            Err(error) => {
                let about = std::fs::symlink_metadata(&path)
                    .unwrap_or_else(|_| panic!("{}: {error}", path.display()));
                assert!(
                    about.is_dir() && about.uid() == owner().uid,
                    "{} is somebody else's",
                    path.display()
                );
            }
        }
        let home = Self { path, port: PORT };
        for name in ["gate", "users"] {
            let file = home.path.join(name);
            drop(OpenOptions::new().append(true).create(true).mode(0o600).open(&file).expect("a lock file"));
            give(&file);
        }
        home
    }

    /// The port of a server that listens on a socket only.
    pub(crate) const fn usual_port() -> u16 {
        PORT
    }

    pub(crate) fn lock(&self, name: &str) -> File {
        File::open(self.path.join(name)).expect("a lock file")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Makes an empty cluster.
    pub(crate) fn fill(&self) {
        // Of one that died, nothing is of use.
        if self.data().exists() {
            std::fs::remove_dir_all(self.data()).expect("an old cluster goes");
        }
        run(command("initdb").arg("-D").arg(self.data()).args([
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "--no-instructions",
            "-U",
            USER,
        ]));
        self.configure(CONFIGURATION);
        self.settle();
    }

    /// Takes over the cluster of another server, and follows it.
    pub(crate) fn follow(&self, leader: &Self) {
        run(command("pg_basebackup").arg("-D").arg(self.data()).arg("-h").arg(&leader.path).args([
            "-p",
            &leader.port.to_string(),
            "-U",
            USER,
            "-R",
            "--checkpoint=fast",
            "--no-sync",
        ]));
        self.settle();
    }

    fn settle(&self) {
        self.configure(&format!("unix_socket_directories = '{}'\nport = {}", self.path.display(), self.port));
    }

    /// Adds lines to the configuration; the last of a setting counts.
    pub(crate) fn configure(&self, lines: &str) {
        let file = self.data().join("postgresql.conf");
        let mut file = OpenOptions::new().append(true).open(file).expect("postgresql.conf");
        writeln!(file, "{lines}").expect("postgresql.conf can be written");
    }

    /// Starts it and waits until it answers.
    pub(crate) fn start(&self) {
        let log = self.path.join("log");
        let started = command("pg_ctl")
            .args(["start", "-w", "-t", "60", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(&log)
            .status();
        let is_up = started.is_ok_and(|status| status.success());
        assert!(is_up, "PostgreSQL does not start: {}", std::fs::read_to_string(log).unwrap_or_default());
    }

    /// Whether it answers.
    pub(crate) fn is_up(&self) -> bool {
        self.data().exists()
            && command("psql")
                .args(self.session("postgres"))
                .args(["-c", "SELECT 1"])
                .status()
                .is_ok_and(|it| it.success())
    }

    /// Runs statements one by one; the rows of the last, `|` between columns.
    pub(crate) fn sql(&self, database: &str, text: &str) -> String {
        run(command("psql").args(self.session(database)).args(["-c", text]).stdin(Stdio::null()))
    }

    fn session(&self, database: &str) -> [String; 11] {
        let words = ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-U", USER];
        let [a, b, c, d, e, f, g, h] = words.map(str::to_owned);
        let host = format!("--host={}", self.path.display());
        [a, b, c, d, e, f, g, h, host, format!("--port={}", self.port), format!("--dbname={database}")]
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql:///{database}?host={}&port={}&user={USER}", self.path.display(), self.port)
    }
}

/// Hands a file over to the server's user.
pub(crate) fn give(path: &Path) {
    let owner = owner();
    std::os::unix::fs::chown(path, Some(owner.uid), Some(owner.gid))
        .expect("the server's user gets its files");
}
