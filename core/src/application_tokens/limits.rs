//! What a token may be told, with the reasons.

use super::VERIFY_SCOPE;
use crate::manage::{self, Scope};
use crate::{Actor, Error, Result};
use doorward_model::{Audience, is_scope};

/// Good tokens of one application. More than anybody can tell apart, few enough that nobody fills the database (P23).
pub const TOKENS_PER_APPLICATION: usize = 100;

/// Ended tokens that are kept for the list: as many as may be good.
pub(super) const ENDED_KEPT: usize = TOKENS_PER_APPLICATION;

/// Scopes of one token: each is told with every answer.
pub const SCOPES_PER_TOKEN: usize = 32;

/// The scopes, each once and in order, so that a token reads the same however it was asked for.
pub(super) fn scopes(actor: &Actor, audience: &Audience, mut scopes: Vec<String>) -> Result<Vec<String>> {
    scopes.sort();
    scopes.dedup();
    if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
        let problem = format!(
            "expected words of at most 64 visible ASCII characters without quotes and backslashes; found {wrong:?}"
        );
        return Err(Error::invalid("scopes", problem));
    }
    if scopes.len() > SCOPES_PER_TOKEN {
        return Err(Error::invalid("scopes", format!("expected at most {SCOPES_PER_TOKEN}")));
    }
    for word in scopes.iter().filter(|word| manage::is_ours(word)) {
        let Some(scope) = Scope::parse(word) else {
            let known = Scope::WORDS.join(", ");
            return Err(Error::invalid("scopes", format!("expected of the management API one of {known}")));
        };
        if *audience != Audience::Route(manage::AUDIENCE.to_owned()) {
            let problem =
                "expected \"manage\" with a scope of the management API, where no other token is good";
            return Err(Error::invalid("audience", problem));
        }
        // Nobody hands out more than they have.
        if !actor.holds(scope) {
            return Err(Error::NotAllowed);
        }
    }
    let is_free = scopes.iter().all(|scope| scope != VERIFY_SCOPE);
    if is_free || actor.is_operator() { Ok(scopes) } else { Err(Error::NotAllowed) }
}
