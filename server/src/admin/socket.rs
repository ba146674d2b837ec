//! The admin socket: a Unix socket of the server's own user. One line of JSON asks, lines of JSON answer.
//!
//! The file's mode (0600) keeps others out; the peer's user id is checked as well, because a mode can be changed by
//! mistake. A command that was begun is finished, also when whoever asked hangs up.

use super::reply::Reply;
use super::short_path::ShortPath;
use super::{Command, execute};
use crate::cli::Failure;
use doorward_core::Core;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The longest line: an apply file of the largest size, every byte escaped in two.
pub(super) const LINE_MAX: u64 = 2 * crate::apply::LARGEST_FILE + 4096;
/// The longest answer, progress included: a list of a large tree.
pub(super) const ANSWER_MAX: u64 = 256 * 1024 * 1024;
/// A command line sends its command at once, and reads what comes; one that does not is not one of ours.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than these at once are a mistake of a script.
const MOST_AT_ONCE: usize = 16;
/// The administrator of the machine.
const ROOT: u32 = 0;

/// The open socket.
pub struct AdminSocket {
    path: PathBuf,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl AdminSocket {
    /// Opens it. One that a crash left behind is replaced: whoever has the database's lock, or the socket's, is
    /// the only server.
    pub fn start(core: &Core, path: &Path) -> Result<Self, Failure> {
        let listener = bind(path).map_err(|error| {
            Failure::new(format!("The admin socket {} cannot be opened: {error}.", path.display()))
                .hint("`socket` in [admin] names its place.")
        })?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, core.clone(), stopped));
        Ok(Self { path: path.to_owned(), stop, task })
    }

    /// Takes no more commands, finishes those begun, and removes the socket.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(fault) = self.task.await {
            tracing::error!(%fault, "the admin socket ended in a panic");
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "the admin socket stays behind");
        }
    }
}

/// Made under another name and renamed once its mode is set, so that it is never open to others.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let mut unready = path.as_os_str().to_owned();
    unready.push(".new");
    let unready = PathBuf::from(unready);
    match std::fs::remove_file(&unready) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(ShortPath::of(&unready)?.path())?;
    std::fs::set_permissions(&unready, Permissions::from_mode(0o600))?;
    std::fs::rename(&unready, path)?;
    Ok(listener)
}

async fn accept(listener: UnixListener, core: Core, mut stopped: watch::Receiver<bool>) {
    let mut commands = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = commands.join_next() => continue,
            accepted = listener.accept(), if commands.len() < MOST_AT_ONCE => accepted,
        };
        match accepted {
            Ok((stream, _)) if is_ours(&stream) => {
                commands.spawn(converse(stream, core.clone()));
            }
            Ok(_) => tracing::warn!("another user tried the admin socket"),
            Err(error) => {
                tracing::warn!(%error, "a command was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    while commands.join_next().await.is_some() {}
}

fn is_ours(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == ROOT)
}

async fn converse(stream: UnixStream, core: Core) {
    let (from, mut to) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(from.take(LINE_MAX));
    let read = tokio::time::timeout(PATIENCE, reader.read_line(&mut line)).await;
    let Ok(Ok(1..)) = read else { return };
    let Ok(command) = serde_json::from_str::<Command>(&line) else {
        let refusal = Failure::new("The server does not know this command.")
            .hint("Use the `doorward` that the server was started with.");
        say(&mut to, &Reply::of(Err(refusal))).await;
        return;
    };
    let (progress, mut seen) = watch::channel(None);
    // A task of its own: what was begun is finished, whether or not anybody waits for the answer.
    let mut work = tokio::spawn(async move { execute(&core, command, progress).await });
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            Ok(()) = seen.changed() => {
                let step = *seen.borrow_and_update();
                if let Some((done, total)) = step {
                    say(&mut to, &Reply::Progress(done, total)).await;
                }
            }
        }
    };
    let outcome = outcome.unwrap_or_else(|fault| {
        tracing::error!(%fault, "a command ended in a panic");
        Err(Failure::new("Doorward failed to do this.").hint("The server's log says more."))
    });
    say(&mut to, &Reply::of(outcome)).await;
}

async fn say(to: &mut (impl tokio::io::AsyncWrite + Unpin), reply: &Reply) {
    let Ok(mut line) = serde_json::to_vec(reply) else { return };
    line.push(b'\n');
    // Whoever stopped reading must not keep the server from stopping.
    match tokio::time::timeout(PATIENCE, to.write_all(&line)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "nobody waits for the command's answer"),
        Err(_) => tracing::debug!("nobody reads the command's answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::Answer;
    use serde_json::Value;

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_read_their_answer_is_left() {
        let (mut to, _unread) = tokio::io::duplex(16);
        let answer = Answer { text: "long\n".repeat(100), data: Value::Null };
        let began = tokio::time::Instant::now();
        say(&mut to, &Reply::of(Ok(answer))).await;
        assert_eq!(began.elapsed(), PATIENCE);
    }
}
