//! The two ends of a move: read from arguments or files, and opened.

use super::Failure;
use doorward_core::moving::End;
use doorward_model::Secret;
use doorward_store::moving::Admitted;
use doorward_store::{Db, OpenError, PostgresSettings, SqliteSettings};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How long a server may work on one statement: counting or emptying a table takes minutes where it is huge, and nobody
/// waits for anything else meanwhile.
const STATEMENT: Duration = Duration::from_secs(3_600);

/// Nobody revokes anything while a move runs, so the log of revocations is read when it is opened and no more.
const NEVER: Duration = Duration::from_secs(86_400);

/// One end.
pub(super) enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<PostgresSettings>),
}

impl Place {
    /// What was given, directly or in a file. Nothing of a URL is printed.
    pub(super) fn read(flag: &str, given: Option<&Secret>, file: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = file {
            let url = std::fs::read_to_string(file)
                .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", file.display())))?;
            return server(flag, url.trim_end_matches(['\r', '\n']));
        }
        let given = given.map(Secret::expose).unwrap_or_default();
        if has_password(given) {
            tracing::warn!(
                "every user of this machine can see the password in {flag}: {flag}-url-file reads it from a file"
            );
        }
        match given.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => server(flag, given),
            Some(("postgres", url)) => server(flag, url),
            Some(_) | None => Err(Failure::usage(format!("{flag} names no database."))
                .hint("Write sqlite:PATH, or postgresql://user@host/database.")),
        }
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Whether there may be something to open.
    pub(super) fn is_there(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists(),
            Self::Postgres(_) => true,
        }
    }

    /// Opens what must be there already.
    pub(super) fn open_source(&self, id: Uuid) -> Result<End, Failure> {
        if let Self::Sqlite(path) = self
            && !std::fs::metadata(path).is_ok_and(|about| about.len() > 0)
        {
            return Err(Failure::new(format!("{} is not there, or empty.", path.display()))
                .hint("Look at --from again: it names what is moved away."));
        }
        self.open(id)
    }

    /// Opens it, whatever a move has marked it as. `id` tells this program's connections from others'.
    pub(super) fn open(&self, id: Uuid) -> Result<End, Failure> {
        let opened = match self {
            Self::Sqlite(path) => {
                let settings = SqliteSettings { path: path.clone(), readers: 1 };
                Db::open_as(&settings, Admitted::AnyEnd)
            }
            Self::Postgres(settings) => Db::open_postgres_as(&named(settings, id), Admitted::AnyEnd),
        };
        opened.map(|db| End { db, place: self.name() }).map_err(|error| unopened(&error))
    }

    /// A path, or hosts and database.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => {
                std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
            Self::Postgres(settings) => settings.place(),
        }
    }
}

/// Whether a URL says more than who somebody is.
fn has_password(url: &str) -> bool {
    let (head, query) = url.split_once('?').unwrap_or((url, ""));
    let user = head.rsplit_once('@').map(|(user, _)| user.rsplit_once('/').map_or(user, |(_, user)| user));
    user.is_some_and(|user| user.contains(':')) || query.split('&').any(|pair| pair.starts_with("password="))
}

fn server(flag: &str, url: &str) -> Result<Place, Failure> {
    let settings = PostgresSettings {
        writers: 1,
        readers: 1,
        statement_timeout: STATEMENT,
        revocation_poll: NEVER,
        revocation_notify: false,
        ..PostgresSettings::new(Secret::new(url))
    };
    settings.check().map_err(|error| Failure::usage(format!("{flag}: {error}.")))?;
    Ok(Place::Postgres(Box::new(settings)))
}

/// The same under an application name of this run, so that whoever else is connected can be told apart. The last of a name
/// given twice counts.
fn named(settings: &PostgresSettings, id: Uuid) -> PostgresSettings {
    let url = settings.url.expose();
    let sign = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{sign}application_name=doorward-move-{}", id.simple());
    PostgresSettings { url: Secret::new(url), ..settings.clone() }
}

fn unopened(error: &OpenError) -> Failure {
    let failure = Failure::new(format!("{error}."));
    if let OpenError::Locked { .. } = error {
        failure.hint("An installation is moved while its server is stopped.")
    } else {
        failure
    }
}
