//! Finding the core that carries a command out: this process's own when no server runs, else the server's.

use super::reply::{Answer, Reply};
use super::short_path::ShortPath;
use super::{Command, Progress, execute, socket};
use crate::cli::Failure;
use crate::config::Config;
use crate::wiring::{Purpose, Wired};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

/// A server that starts or stops has the database for a moment without a socket, and so has another command.
pub(crate) const LOOKS: usize = 40;
/// Between two looks.
pub(crate) const LOOK: Duration = Duration::from_millis(50);

/// Who carries the command out.
enum Reached {
    /// This process.
    Own(Box<Wired>),
    /// The server at the other end.
    Server(UnixStream),
}

/// Carries a command out, wherever the database is open.
pub async fn ask(config: &Config, command: Command, progress: Progress) -> Result<Answer, Failure> {
    match reach(config).await? {
        Reached::Own(wired) => {
            let outcome = execute(&wired.core, command, progress).await;
            wired.core.db().close().await;
            outcome
        }
        Reached::Server(stream) => {
            let answer = over_socket(stream, &command, progress).await;
            answer.unwrap_or_else(|error| Err(lost(&config.admin.socket, &error)))
        }
    }
}

async fn reach(config: &Config) -> Result<Reached, Failure> {
    let mut looks = 0;
    loop {
        let locked = match Wired::open(config, Purpose::Command).await {
            Ok(wired) => return Ok(Reached::Own(Box::new(wired))),
            Err(failure) if failure.is_locked() => failure,
            Err(failure) => return Err(failure),
        };
        match connect(&config.admin.socket).await {
            Ok(stream) => return Ok(Reached::Server(stream)),
            Err(error) if looks >= LOOKS => {
                let hint =
                    format!("{} The command line must run as the server's own user.", locked.sentence());
                return Err(lost(&config.admin.socket, &error).hint(hint));
            }
            Err(_) => looks += 1,
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn connect(path: &Path) -> std::io::Result<UnixStream> {
    UnixStream::connect(ShortPath::of(path)?.path()).await
}

/// Sends the command and waits for its end; the outer error is the connection's.
async fn over_socket(
    stream: UnixStream,
    command: &Command,
    progress: Progress,
) -> std::io::Result<Result<Answer, Failure>> {
    let (from, mut to) = stream.into_split();
    let mut line = serde_json::to_vec(command)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    let mut lines = BufReader::new(from.take(socket::ANSWER_MAX)).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Reply::Progress(done, total) => progress.send_modify(|seen| *seen = Some((done, total))),
            Reply::Done(answer) => return Ok(Ok(answer)),
            Reply::Refused(failure) => return Ok(Err(failure)),
        }
    }
    Err(std::io::Error::other("it closed the connection before it answered"))
}

fn lost(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("The running server cannot be reached at {}: {error}.", path.display()))
}
