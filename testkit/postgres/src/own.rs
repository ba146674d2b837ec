//! A server of one test's own.

use crate::{
    USER,
    home::{Home, give, somewhere},
    programs::{as_owner, command},
    watch,
};
use rustix::{
    io::Errno,
    process::{Pid, Signal, kill_process},
};
use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// A server that is gone with its test.
pub struct Own {
    home: Home,
    _using: File,
    _directory: TempDir,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Sessions are ended, what is committed is written down.
    Fast,
    /// As if its machine had crashed.
    Immediate,
}

impl Own {
    /// Starts one, with these lines of configuration.
    pub fn start(configuration: &str) -> Self {
        Self::start_in(&somewhere(), configuration)
    }

    /// The same with everything it writes in a directory of this one, which may be a file system of its own.
    pub fn start_in(place: &Path, configuration: &str) -> Self {
        Self::made(None, place, |home| {
            home.fill();
            home.configure(configuration);
        })
    }

    /// Starts one below this directory, on the disk it is on; below the system's temporary one where the server's user
    /// does not get there, or where the path is too long for a socket.
    pub fn start_near(directory: &Path, configuration: &str) -> Self {
        Self::made(None, &reachable(directory), |home| {
            home.fill();
            home.configure(configuration);
        })
    }

    /// Starts one that listens at a port of 127.0.0.1 too, after `before` has put its files into the server's directory;
    /// they become the server's.
    pub fn on_tcp(configuration: &str, before: impl FnOnce(&Path)) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        Self::made(Some(free.port()), &somewhere(), |home| {
            home.fill();
            before(&home.data());
            for file in std::fs::read_dir(home.data()).expect("the cluster") {
                give(&file.expect("a file of the cluster").path());
            }
            home.configure("listen_addresses = '127.0.0.1'");
            home.configure(configuration);
        })
    }

    /// Starts a standby of another.
    pub fn standby_of(leader: &Self) -> Self {
        Self::made(None, &somewhere(), |home| home.follow(&leader.home))
    }

    fn made(port: Option<u16>, place: &Path, make: impl FnOnce(&Home)) -> Self {
        let directory =
            tempfile::Builder::new().prefix("doorward-postgres-").tempdir_in(place).expect("a directory");
        give(directory.path());
        let mut home = Home::at(directory.path().join("home"));
        home.port = port.unwrap_or(home.port);
        make(&home);
        let using = home.lock("users");
        using.lock_shared().expect("the list of users");
        home.start();
        watch::start(&home, 1);
        Self { home, _using: using, _directory: directory }
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        let promoted = command("pg_ctl").args(["promote", "-w", "-D"]).arg(self.home.data()).status();
        assert!(promoted.is_ok_and(|status| status.success()), "the standby is not promoted");
    }

    /// The port it listens at, which is also in its socket's name.
    pub fn port(&self) -> u16 {
        self.home.port
    }

    /// The URL of a database on its socket.
    pub fn url(&self, database: &str) -> String {
        self.home.url(database)
    }

    /// The directory its socket is in.
    pub fn socket(&self) -> &Path {
        &self.home.path
    }

    /// The process that all others of the server are children of.
    pub fn process(&self) -> u32 {
        let file =
            std::fs::read_to_string(self.home.data().join("postmaster.pid")).expect("a server that runs");
        file.lines().next().and_then(|line| line.trim().parse().ok()).expect("its process in the first line")
    }

    /// A program that came with the server (`pgbench`), to be run as the server's user on its socket.
    pub fn program(&self, name: &str) -> Command {
        let mut program = command(name);
        program.env("PGHOST", self.socket()).env("PGPORT", self.port().to_string()).env("PGUSER", USER);
        program
    }

    /// Runs statements; the rows of the last, `|` between columns.
    pub fn sql(&self, database: &str, text: &str) -> String {
        self.home.sql(database, text)
    }

    /// Stops it.
    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let stopped = command("pg_ctl").args(["stop", "-w", "-m", mode, "-D"]).arg(self.home.data()).status();
        assert!(stopped.is_ok_and(|status| status.success()), "PostgreSQL does not stop");
    }

    /// Changes a setting that needs no restart, and returns when sessions that wait for a statement have it.
    pub fn set(&self, name: &str, value: &str) {
        self.sql("postgres", &format!("ALTER SYSTEM SET {name} = '{value}'"));
        self.sql("postgres", "SELECT pg_reload_conf()");
        while self.sql("postgres", &format!("SHOW {name}")) != value {}
    }

    /// Stops all its processes where they stand: connections stay open, and nothing is answered.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let file =
            std::fs::read_to_string(self.home.data().join("postmaster.pid")).expect("a running server");
        let first = file.lines().next().expect("the number of its first process");
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"));
        let children = children.expect("its processes");
        let numbers = std::iter::once(first).chain(children.split_whitespace());
        for process in numbers.filter_map(|number| Pid::from_raw(number.parse().ok()?)) {
            match kill_process(process, signal) {
                // It may have ended meanwhile.
                Ok(()) | Err(Errno::SRCH) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Whether it answers.
    pub fn is_up(&self) -> bool {
        self.home.is_up()
    }

    /// Makes a primary that was stopped the standby of the one that took its place; start it with [`Own::again`].
    pub fn follow(&self, leader: &Self) {
        let signal = self.home.data().join("standby.signal");
        std::fs::write(&signal, "").expect("the cluster");
        give(&signal);
        let (host, port) = (leader.socket().display(), leader.port());
        self.home.configure(&format!("primary_conninfo = 'host={host} port={port} user={USER}'"));
    }

    /// Starts it again.
    pub fn again(&self) {
        self.home.start();
    }
}

/// The longest path to a socket's folder: what the kernel allows, less the names below it.
const LONGEST: usize = 60;

fn reachable(directory: &Path) -> PathBuf {
    let seen = as_owner(Path::new("/usr/bin/test")).arg("-x").arg(directory).status();
    let is_near = directory.as_os_str().len() <= LONGEST && seen.is_ok_and(|status| status.success());
    if is_near { directory.to_owned() } else { std::env::temp_dir() }
}

impl Drop for Own {
    fn drop(&mut self) {
        if self.home.data().join("postmaster.pid").exists() {
            self.thaw();
        }
        let mut stop = command("pg_ctl");
        // A test may have stopped it already; then there is nothing to do.
        drop(stop.args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.home.data()).status());
    }
}
