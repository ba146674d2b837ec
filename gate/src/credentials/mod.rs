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
mod salesseek_cookie;
mod session_header;

use crate::Gate;
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

/// What each kind of credential leads to, in the contract's order; kinds that are absent are left out. `audience` is the
/// name of the route, where one is asked about.
pub(crate) async fn find(
    gate: &Gate,
    question: &Question<'_>,
    audience: Option<&str>,
) -> Vec<Result<Found, Refusal>> {
    let core = gate.core();
    let mut found = Vec::with_capacity(1);
    found.extend(salesseek_cookie::find(core, question).await);
    found.extend(auth_token::find(core, question).await);
    found.extend(session_header::find(core, question).await);
    found.extend(access_key::find(core, question).await);
    found.extend(bearer::find(core, question, audience).await);
    if gate.settings().basic {
        found.extend(basic::find(core, question).await);
    }
    found
}

/// Whether a name and password would be looked at here.
pub(crate) fn takes_basic(gate: &Gate, question: &Question<'_>) -> bool {
    gate.settings().basic && basic::is_taken(question)
}

/// A header that is a credential: given twice it is nobody's.
fn once<'a>(question: &'a Question<'_>, name: &str) -> Option<Result<&'a str, Refusal>> {
    let mut values = question.headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(Refusal::Ambiguous));
    }
    Some(value.to_str().map_err(|_| invalid()))
}

fn invalid() -> Refusal {
    Refusal::Credential(doorward_core::verify::Reason::Invalid)
}
