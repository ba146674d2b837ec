//! A database with so many live sessions and a few hundred keys, made by the core's own operations, and a server on it.
//!
//! Sessions are written as a sign-in writes them, without the hashing (`fill.rs`). Their tokens are computed from their
//! number, so that the load needs no list of them.

use super::fill::{Contents, PASSWORD, fill};
use crate::Result;
use crate::accounts::Account;
use crate::server_process::ServerProcess;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::json;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// The host of the sessions' door, and of the keys'.
pub(crate) const COOKIE_HOST: &str = "load.crm.localhost";
pub(super) const KEY_HOST: &str = "api.keys.localhost";

/// Neighbouring numbers become tokens that share nothing (2^128 divided by the golden ratio, odd).
const STRIDE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// A database to serve.
pub(crate) struct World {
    directory: TempDir,
    postgres: Option<String>,
    target: Target,
}

/// A server on a world, in a folder of its own.
pub(crate) struct Node {
    pub(crate) server: ServerProcess,
    _directory: TempDir,
}

/// Whether answers carry a signed assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assertions {
    On,
    Off,
}

impl Assertions {
    const fn word(self) -> &'static str {
        match self {
            Self::On => "true",
            Self::Off => "false",
        }
    }
}

/// What the load asks about.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) sessions: u64,
    /// Names and secrets.
    pub(super) keys: Vec<(String, String)>,
}

impl World {
    /// Makes it, in a file.
    pub(crate) fn make(directory: &Path, sessions: u64) -> Result<Self> {
        Self::filled(directory, None, sessions, 1)
    }

    /// Makes it in an empty database of a PostgreSQL server, with so many people who can sign in.
    pub(crate) fn on_postgres(directory: &Path, url: String, sessions: u64, people: usize) -> Result<Self> {
        Self::filled(directory, Some(url), sessions, people)
    }

    fn filled(directory: &Path, postgres: Option<String>, sessions: u64, people: usize) -> Result<Self> {
        let directory = TempDir::new_in(directory)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let contents = Contents { sessions, people, postgres: postgres.as_deref() };
        let keys = runtime.block_on(fill(directory.path(), contents))?;
        Ok(Self { directory, postgres, target: Target { sessions, keys } })
    }

    pub(super) fn target(&self) -> Target {
        self.target.clone()
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Serves it, with so much memory for callers and one hashing thread.
    pub(crate) fn serve(&self, binary: &Path, memory: &str, assertions: Assertions) -> Result<ServerProcess> {
        let settings = [
            ("DOORWARD_VERIFY__MEMORY", memory),
            ("DOORWARD_VERIFY__ASSERTIONS", assertions.word()),
            ("DOORWARD_HASHING__THREADS", "1"),
        ];
        self.serve_in(binary, self.path(), &settings)
    }

    /// Serves a world of a PostgreSQL server once more: what is not said here is as it comes.
    pub(crate) fn node(&self, binary: &Path, settings: &[(&str, &str)]) -> Result<Node> {
        let place = self.path().parent().ok_or("the world is in no directory")?;
        let directory = TempDir::new_in(place)?;
        std::fs::copy(self.path().join("doorward.keys"), directory.path().join("doorward.keys"))?;
        let server = self.serve_in(binary, directory.path(), settings)?;
        Ok(Node { server, _directory: directory })
    }

    fn serve_in(&self, binary: &Path, data: &Path, settings: &[(&str, &str)]) -> Result<ServerProcess> {
        let mut all = vec![("DOORWARD_VERIFY__ASKERS", "127.0.0.0/8"), ("DOORWARD_VERIFY__ROUTES", "doors")];
        all.extend(self.postgres.as_deref().map(|url| ("DOORWARD_STORE__POSTGRES__URL", url)));
        all.extend(settings);
        ServerProcess::serve(binary, data, &all)
    }

    /// The sign-in of one of those who have a password.
    pub(crate) fn account(&self, number: usize) -> Account {
        let body = json!({ "email_address": email(number), "password": PASSWORD });
        Account {
            door: "salesseek",
            host: COOKIE_HOST.to_owned(),
            path: "/api/login".to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_string()),
        }
    }
}

/// The address of one of those who have a password.
pub(super) fn email(number: usize) -> String {
    if number == 0 { "ada.lovelace@load.example".to_owned() } else { format!("person{number}@load.example") }
}

/// The token of a session's number.
pub(crate) fn token(number: u64) -> Uuid {
    Uuid::from_u128((u128::from(number) + 1).wrapping_mul(STRIDE))
}
