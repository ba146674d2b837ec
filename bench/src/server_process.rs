//! A real server: the built binary as a process of its own, ended when its owner is done with it.
//!
//! It runs `doorward demo` or `doorward serve` on a directory the bench made, so there are doors, accounts and sessions;
//! or this program itself as the peer of verify.

use crate::Result;
use crate::process;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The first start makes the demo's accounts, a hash each; on a busy machine that takes seconds.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// Finishing requests in progress and closing the database.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks at a process that starts or ends: well below what is measured.
const LOOK: Duration = Duration::from_millis(1);

/// A running server. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct ServerProcess {
    child: Child,
    address: SocketAddr,
    data: PathBuf,
}

impl ServerProcess {
    /// Starts the demo on a directory and waits for its first answer, which read the database. Says how long it took
    /// from before the exec.
    pub(crate) fn start(binary: &Path, data: &Path) -> Result<(Self, Duration)> {
        let address = free_address()?;
        let mut command = Command::new(binary);
        command.args(["demo", "--listen", &address.to_string(), "--data"]).arg(data);
        Self::run(command, address, data)
    }

    /// Starts the server proper on a directory that was prepared, with these settings in the environment.
    pub(crate) fn serve(binary: &Path, data: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(binary);
        command
            .arg("serve")
            .current_dir(data)
            .env("DOORWARD_NODE__DATA_DIR", data)
            .env("DOORWARD_LISTEN__ADDRESSES", address.to_string())
            .env("DOORWARD_LOG__LEVEL", "warn")
            .envs(settings.iter().copied());
        Ok(Self::run(command, address, data)?.0)
    }

    /// Starts this program as the peer that verify is compared with.
    pub(crate) fn baseline(data: &Path, sessions: u64) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--baseline", &address.to_string(), "--sessions", &sessions.to_string()]);
        Ok(Self::run(command, address, data)?.0)
    }

    fn run(mut command: Command, address: SocketAddr, data: &Path) -> Result<(Self, Duration)> {
        let log = File::create(data.join("server.log"))?;
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?;
        let mut server = Self { child, address, data: data.to_owned() };
        while !server.is_ready() {
            server.check_alive()?;
            if began.elapsed() > START_PATIENCE {
                return Err(server.complaint("did not answer in time").into());
            }
            std::thread::sleep(LOOK);
        }
        Ok((server, began.elapsed()))
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `demo.json`: its accounts.
    pub(crate) fn accounts(&self) -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(self.data.join("demo.json"))?)?)
    }

    /// Processor time so far.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        process::cpu_seconds(self.child.id())
    }

    /// Resident memory in MB (10^6 bytes).
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        process::resident_mb(self.child.id())
    }

    /// A figure of `/metrics`.
    pub(crate) fn figure(&self, name: &str) -> Result<f64> {
        let answer = self.get("/metrics")?;
        let value = answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.ok_or_else(|| format!("/metrics shows no {name}: {answer}"))?;
        Ok(value.parse()?)
    }

    fn is_ready(&self) -> bool {
        // Refused while the socket is not bound yet: that is what this waits for.
        self.get("/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(START_PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn check_alive(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => Err(self.complaint(&format!("ended at once ({status})")).into()),
            None => Ok(()),
        }
    }

    fn complaint(&self, what: &str) -> String {
        let log = fs::read_to_string(self.data.join("server.log")).unwrap_or_default();
        format!("the server {what}; it said: {}", log.trim())
    }

    fn has_stopped(&mut self) -> bool {
        let asked = Instant::now();
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if pid.is_none_or(|pid| kill_process(pid, Signal::TERM).is_err()) {
            return false;
        }
        while asked.elapsed() < STOP_PATIENCE {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            std::thread::sleep(LOOK);
        }
        false
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if !self.has_stopped() {
            // Whoever does not stop when asked is ended; nothing can be done about a failure here.
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// A loopback port that is free now. The server must be told one, because a later start must say where it is.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
