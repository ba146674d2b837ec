//! Finding the core that carries a command out: this process's own when no server runs, else the server's.

use super::reply::{Answer, Reply};
use super::{Command, Progress, execute, socket};
use crate::cli::Failure;
use crate::config::Config;
use crate::wiring::{Purpose, Wired};
use std::path::Path;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

/// Carries a command out, wherever the database is open.
pub async fn ask(config: &Config, command: Command, progress: Progress) -> Result<Answer, Failure> {
    match Wired::open(config, Purpose::Serve).await {
        Ok(wired) => {
            let outcome = execute(&wired.core, command, progress).await;
            wired.core.db().close().await;
            outcome
        }
        Err(failure) if failure.is_locked() => {
            over_socket(&config.admin.socket, &command, progress, failure).await
        }
        Err(failure) => Err(failure),
    }
}

async fn over_socket(
    path: &Path,
    command: &Command,
    progress: Progress,
    locked: Failure,
) -> Result<Answer, Failure> {
    let lost = |error: &dyn std::fmt::Display| {
        Failure::new(format!("The running server cannot be reached at {}: {error}.", path.display()))
            .hint(format!("{} The command line must run as the server's own user.", locked.sentence()))
    };
    let stream = UnixStream::connect(path).await.map_err(|error| lost(&error))?;
    let (from, mut to) = stream.into_split();
    let mut line = serde_json::to_vec(command).map_err(|error| lost(&error))?;
    line.push(b'\n');
    to.write_all(&line).await.map_err(|error| lost(&error))?;
    let mut lines = BufReader::new(from.take(socket::LINE_MAX.saturating_mul(16))).lines();
    while let Some(line) = lines.next_line().await.map_err(|error| lost(&error))? {
        match serde_json::from_str(&line).map_err(|error| lost(&error))? {
            Reply::Progress(done, total) => progress.send_modify(|seen| *seen = Some((done, total))),
            Reply::Done(answer) => return Ok(answer),
            Reply::Refused { sentence, hint: Some(hint) } => return Err(Failure::new(sentence).hint(hint)),
            Reply::Refused { sentence, hint: None } => return Err(Failure::new(sentence)),
        }
    }
    Err(lost(&"it closed the connection before it answered"))
}
