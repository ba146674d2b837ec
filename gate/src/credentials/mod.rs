//! The credentials of the original request: what it carries, and whom each stands for.
//!
//! One file per kind. A kind says whether its credential is there, resolves it, and holds it to the host it came to.
//! Precedence and agreement are `decide.rs`'s.

mod access_key;
mod auth_token;
mod authorization;
mod basic;
pub(crate) mod bearer;
mod cookies;
mod home;
pub(crate) mod salesseek_cookie;
mod session_header;

use crate::Gate;
use crate::decide::Agreed;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::verify::{Program, Who};
use std::sync::Arc;

/// Somebody, by one credential.
pub(crate) struct Found {
    pub(crate) who: Arc<Who>,
    /// The program that called with it, where it named itself.
    pub(crate) program: Option<Program>,
}

impl From<Arc<Who>> for Found {
    fn from(who: Arc<Who>) -> Self {
        Self { who, program: None }
    }
}

/// Whom the credentials stand for, kind by kind in the contract's order. `audience` is the name of the route, where one is
/// asked about.
pub(crate) async fn find(gate: &Gate, question: &Question<'_>, audience: Option<&str>) -> Agreed {
    let core = gate.core();
    let found = Agreed::default()
        .and(salesseek_cookie::find(core, question).await)
        .and(auth_token::find(core, question).await)
        .and(session_header::find(core, question).await)
        .and(access_key::find(core, question).await)
        .and(bearer::find(core, question, audience).await);
    if gate.settings().basic {
        // Boxed: it signs somebody in, and all other questions would have to carry its room.
        return found.and(Box::pin(basic::find(core, question)).await);
    }
    found
}

/// Whether a name and password would be looked at here.
pub(crate) fn takes_basic(gate: &Gate, question: &Question<'_>) -> bool {
    gate.settings().basic && basic::is_taken(question)
}

fn invalid() -> Refusal {
    Refusal::Credential(doorward_core::verify::Reason::Invalid)
}
