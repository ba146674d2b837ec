//! A wire to a server that loses, forges or delays what a test wants it to, or carries nothing at all for a while.

use crate::{USER, home::Home};
use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// What becomes of the next COMMIT, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prank {
    /// The server gets it; instead of its answer comes a FATAL error with this code, and the connection ends.
    Fatal(&'static str),
    /// The server gets it, and the connection ends at once.
    Cut,
    /// The server's session ends without it.
    Lost,
}

/// A socket in front of a server's; gone with its test.
pub struct Wire {
    directory: TempDir,
    prank: Arc<Mutex<Option<Prank>>>,
    weather: Arc<Weather>,
    is_over: Arc<AtomicBool>,
}

/// How well it carries.
#[derive(Default)]
struct Weather {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
struct State {
    is_silent: bool,
    delay: Duration,
}

impl Weather {
    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Returns when what was read may be handed on.
    fn pass(&self) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state =
            self.changed.wait_while(state, |state| state.is_silent).unwrap_or_else(PoisonError::into_inner);
        let delay = state.delay;
        drop(state);
        std::thread::sleep(delay);
    }
}

impl Wire {
    /// Lays one to the server whose socket is in this directory.
    pub fn to(server: &Path) -> Self {
        let directory = tempfile::Builder::new().prefix("doorward-wire-").tempdir().expect("a directory");
        let listener = UnixListener::bind(socket(directory.path())).expect("a socket");
        let wire =
            Self { directory, prank: Arc::default(), weather: Arc::default(), is_over: Arc::default() };
        let (server, prank, is_over) = (socket(server), Arc::clone(&wire.prank), Arc::clone(&wire.is_over));
        let weather = Arc::clone(&wire.weather);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                // A server that is down refuses, and so does the wire.
                if let (Ok(client), Ok(server)) = (client, UnixStream::connect(&server)) {
                    join(client, server, &prank, &weather);
                }
            }
        });
        wire
    }

    /// Plays it on the next COMMIT of a transaction that writes.
    pub fn play(&self, prank: Prank) {
        *lock(&self.prank) = Some(prank);
    }

    /// From now on it carries nothing, as if somebody had pulled it out: nobody is told, connections stay open, new ones
    /// are not answered.
    pub fn silence(&self) {
        self.weather.set(|state| state.is_silent = true);
    }

    /// It carries again, first of all what lay in it.
    pub fn speak(&self) {
        self.weather.set(|state| state.is_silent = false);
    }

    /// Whatever is said takes so much longer, each way.
    pub fn delay(&self, delay: Duration) {
        self.weather.set(|state| state.delay = delay);
    }

    /// The URL of a database through it.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql:///{database}?host={}&user={USER}", self.directory.path().display())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.weather.set(|state| *state = State::default());
        // It waits for the next client, and this is the last.
        drop(UnixStream::connect(socket(self.directory.path())));
    }
}

fn socket(directory: &Path) -> PathBuf {
    directory.join(format!(".s.PGSQL.{}", Home::usual_port()))
}

fn lock(prank: &Mutex<Option<Prank>>) -> std::sync::MutexGuard<'_, Option<Prank>> {
    prank.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Carries both ways until one end hangs up.
fn join(client: UnixStream, server: UnixStream, prank: &Arc<Mutex<Option<Prank>>>, weather: &Arc<Weather>) {
    let played: Arc<Mutex<Option<Prank>>> = Arc::default();
    let (from_client, to_client) = (client.try_clone().expect("a client"), client);
    let (from_server, to_server) = (server.try_clone().expect("a server"), server);
    let (prank, shown) = (Arc::clone(prank), Arc::clone(&played));
    let (there, back) = (Arc::clone(weather), Arc::clone(weather));
    std::thread::spawn(move || asked(from_client, &to_server, &prank, &shown, &there));
    std::thread::spawn(move || answered(from_server, &to_client, &played, &back));
}

fn asked(
    mut client: UnixStream,
    server: &UnixStream,
    prank: &Mutex<Option<Prank>>,
    shown: &Mutex<Option<Prank>>,
    weather: &Weather,
) {
    let mut bytes = [0; 1 << 16];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        let said = bytes.get(..count).unwrap_or_default();
        weather.pass();
        let due = if commits(said) { lock(prank).take() } else { None };
        *lock(shown) = due;
        if due == Some(Prank::Lost) {
            break;
        }
        if due == Some(Prank::Cut) {
            // First, or the answer may be faster.
            drop(client.shutdown(Shutdown::Both));
        }
        let mut to = server;
        if to.write_all(said).is_err() || due == Some(Prank::Cut) {
            break;
        }
    }
    // A goodbye is carried no better than any other word.
    weather.pass();
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

fn answered(
    mut server: UnixStream,
    mut client: &UnixStream,
    shown: &Mutex<Option<Prank>>,
    weather: &Weather,
) {
    let mut bytes = [0; 1 << 16];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        let said = bytes.get(..count).unwrap_or_default();
        weather.pass();
        if let Some(Prank::Fatal(code)) = *lock(shown) {
            drop(client.write_all(&fatal(code)));
            break;
        }
        if client.write_all(said).is_err() {
            break;
        }
    }
    weather.pass();
    drop(server.shutdown(Shutdown::Both));
    drop(client.shutdown(Shutdown::Both));
}

/// Whether a message ends a transaction that writes: a simple query whose last word is COMMIT. Rings are none.
fn commits(said: &[u8]) -> bool {
    let has = |word: &[u8]| said.windows(word.len()).any(|part| part == word);
    said.first() == Some(&b'Q') && said.ends_with(b"COMMIT\0") && !has(b"NOTIFY")
}

/// An ErrorResponse (PostgreSQL's manual, 55.7).
fn fatal(code: &str) -> Vec<u8> {
    let fields = format!("SFATAL\0VFATAL\0C{code}\0Mthe wire says so\0\0");
    let length = u32::try_from(fields.len() + 4).expect("a short message");
    let mut message = vec![b'E'];
    message.extend(length.to_be_bytes());
    message.extend(fields.as_bytes());
    message
}
