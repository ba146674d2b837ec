//! The real binary as a process of its own, on a free port, killed when the test drops it.
//!
//! Start with [`Demo::start`]; [`Doorward::serve`] is the server with a configuration of the test's own. `wire.rs`
//! speaks HTTP over plain sockets, so that a test decides every byte.

mod wire;

pub(crate) use wire::{Answer, Ask, exchange, exchange_from};

use rustix::process::{Pid, Signal};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tempfile::TempDir;

/// What the server logs once it can be reached.
const LISTENING: &str = "listening";

/// How the demo's welcome ends; by then it can be reached and `demo.json` is complete.
const END_OF_WELCOME: &str = "Ctrl-C ends it.\n";

/// How often and how long the demo's mailbox is looked at: twenty seconds, far more than a round of its outbox.
const MAIL_LOOKS: usize = 200;
const MAIL_LOOK: Duration = Duration::from_millis(100);

/// A running `doorward`.
pub(crate) struct Doorward {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<String>>,
    lines: Mutex<mpsc::Receiver<String>>,
    logging: Option<JoinHandle<()>>,
}

/// A running demo.
pub(crate) struct Demo {
    /// The process.
    pub(crate) doorward: Doorward,
    /// `demo.json`.
    pub(crate) made: Value,
    /// What it printed.
    pub(crate) welcome: String,
    data: PathBuf,
    _own_folder: Option<TempDir>,
}

impl Demo {
    /// Starts one with data of its own.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = Self::start_in(&folder.path().join("data"), arguments).unwrap();
        Self { _own_folder: Some(folder), ..demo }
    }

    /// Starts one on data that an earlier one may have left; the error is what it printed.
    pub(crate) fn start_in(data: &Path, arguments: &[&str]) -> Result<Self, String> {
        Self::start_at("127.0.0.1:0", data, arguments)
    }

    /// The same at an address of the test's own choice.
    pub(crate) fn start_at(listen: &str, data: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.args(["demo", "--listen", listen, "--data"]).arg(data).args(arguments);
        let mut child = command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut welcome = String::new();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        while !welcome.ends_with(END_OF_WELCOME) && printed.read_line(&mut welcome).unwrap() > 0 {}
        if welcome.is_empty() {
            return Err(last_words(child));
        }
        let made: Value = serde_json::from_slice(&fs::read(data.join("demo.json")).unwrap()).unwrap();
        let address = made["base"].as_str().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
        let doorward = Doorward::new(child, |_| Some(address));
        Ok(Self { doorward, made, welcome, data: data.to_owned(), _own_folder: None })
    }

    /// A text of `demo.json`, by JSON pointer: `/salesseek/admin/password`.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.made.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("demo.json: {pointer}"))
    }

    /// Sends a request and reads the answer.
    pub(crate) fn send(&self, ask: &Ask) -> Answer {
        self.doorward.send(ask)
    }

    /// Where it keeps its data.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Waits until it caught so many mails for somebody, and returns the newest.
    pub(crate) fn wait_for_mail(&self, address: &str, count: usize) -> Value {
        for _ in 0..MAIL_LOOKS {
            let mails = self.send(&Ask::get("127.0.0.1", "/demo/mail")).json();
            let all = mails.as_array().cloned().unwrap_or_default();
            let theirs: Vec<Value> = all.into_iter().filter(|mail| mail["to"] == address).collect();
            if theirs.len() >= count {
                return theirs.last().cloned().unwrap();
            }
            // The outbox is worked through twice a second, and the demo has no way to tell when.
            thread::sleep(MAIL_LOOK);
        }
        panic!("no mail for {address}")
    }
}

impl Doorward {
    /// Starts `doorward serve` with this configuration, which must listen on one address; logs at `info` or more.
    pub(crate) fn serve(folder: &Path, configuration: &str) -> Self {
        Self::serve_through(&[], folder, configuration)
    }

    /// The same, started by a program that becomes it; these are its path and its words.
    pub(crate) fn serve_through(words: &[&str], folder: &Path, configuration: &str) -> Self {
        let file = folder.join("doorward.toml");
        fs::write(&file, configuration).unwrap();
        let mut words = words.iter().copied().chain([env!("CARGO_BIN_EXE_doorward")]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).current_dir(folder).env_clear().args(["serve", "--config"]).arg(file);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Self::new(child, |line| {
            let (_, address) = line.split_once("address=").filter(|_| line.contains(LISTENING))?;
            address.split_whitespace().next()?.parse().ok()
        })
    }

    /// Waits for the first line of the log that tells the address; without a log to wait for, `address` says it.
    fn new(mut child: Child, address: impl Fn(&str) -> Option<SocketAddr>) -> Self {
        let log = Arc::new(Mutex::new(String::new()));
        let (heard, lines) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let page = Arc::clone(&log);
        let logging = thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                page.lock().unwrap().push_str(&format!("{line}\n"));
                // Once the test is over nobody listens.
                drop(heard.send(line));
            }
        });
        let known = address("").or_else(|| lines.iter().find_map(|line| address(&line)));
        let address = known.unwrap_or_else(|| panic!("it does not serve: {}", log.lock().unwrap()));
        Self { child, address, log, lines: Mutex::new(lines), logging: Some(logging) }
    }

    /// Waits for a line of the log that holds this text; lines before it are not looked at again.
    pub(crate) fn hear(&self, text: &str) -> String {
        let lines = self.lines.lock().unwrap();
        let heard = lines.iter().find(|line| line.contains(text));
        heard.unwrap_or_else(|| panic!("never logged: {text}\n{}", self.log.lock().unwrap()))
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Tells it to stop, and waits until it has. What it had logged by then.
    pub(crate) fn stop(&mut self) -> String {
        self.signal(Signal::TERM);
        self.ended()
    }

    /// Waits until it has stopped, as it should. What it had logged by then.
    pub(crate) fn ended(&mut self) -> String {
        assert!(self.child.wait().unwrap().success());
        self.logged()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a request and reads the answer.
    pub(crate) fn send(&self, ask: &Ask) -> Answer {
        ask.send(self.address).unwrap_or_else(|error| panic!("{} {}: {error}", ask.method, ask.path))
    }

    /// A figure of `/metrics`, by the start of its line: `doorward_hash_queue{what="finished"}`.
    pub(crate) fn figure(&self, series: &str) -> u64 {
        let page = self.send(&Ask::get("127.0.0.1", "/metrics")).text();
        let line = page.lines().find_map(|line| line.strip_prefix(series));
        line.map_or(0, |value| value.trim().parse().unwrap())
    }

    /// Waits until a figure of `/metrics` is at least this much.
    pub(crate) fn wait_for_figure(&self, series: &str, least: u64) -> u64 {
        for _ in 0..MAIL_LOOKS {
            let value = self.figure(series);
            if value >= least {
                return value;
            }
            // Like the mailbox: the outbox is looked at twice a second, and nothing tells when.
            thread::sleep(MAIL_LOOK);
        }
        panic!("{series} never reached {least}")
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process still lives.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// `kill -9`; gone when this returns. What it had logged by then.
    pub(crate) fn kill(&mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.logged()
    }

    /// The whole log of a process that has ended.
    fn logged(&mut self) -> String {
        if let Some(logging) = self.logging.take() {
            logging.join().unwrap();
        }
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Doorward {
    fn drop(&mut self) {
        // It may have ended by itself, and a failing test must still show its own message.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a process printed that ended at once.
fn last_words(mut child: Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    text
}
