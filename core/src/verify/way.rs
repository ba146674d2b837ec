//! How callers came in: through which door, with which program, proved with what. What all of the same way have in common is
//! kept once for all of them.

use crate::Branch;
use crate::usage::Counter;
use doorward_model::{AppId, Application, ApplicationId, Door, SessionScheme};
use std::sync::Arc;
use std::time::Duration;

/// How somebody came in: what all who came the same way have in common.
#[derive(Debug)]
pub struct Way {
    pub(super) branch: Arc<Branch>,
    pub(super) application: Option<Program>,
    pub(super) door: Option<Arc<Door>>,
    /// How long a session lives unused; nothing where none is meant.
    pub(super) idle: Duration,
    /// Scopes of a token; empty for people.
    pub(super) scopes: Box<[Box<str>]>,
    /// Calls of a session by its door, of a token by its application.
    pub(super) calls: Option<Arc<Counter>>,
}

/// The program of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The id.
    pub id: ApplicationId,
    /// The public id.
    pub app_id: AppId,
}

/// With what they proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A session that was opened by signing in.
    Session(SessionScheme),
    /// An access key and its secret.
    AccessKey,
    /// A bearer token of an application.
    Token,
    /// Name and password with the request itself.
    Basic,
}

impl Method {
    /// The printed word (RFC 8176 knows `pwd`; ours say what was presented).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session(_) => "password",
            Self::AccessKey => "access_key",
            Self::Token => "token",
            Self::Basic => "basic",
        }
    }
}

impl Program {
    pub(super) fn of(application: &Application) -> Self {
        Self { id: application.id, app_id: application.app_id.clone() }
    }
}
