//! Who is calling? A session token or a key pair in, an identity out.
//!
//! A door asks [`session`] or [`access_key`]: everything is read, every refusal is one meaning. An API behind the gate
//! asks [`by_session`], [`by_key`], [`by_token`] and [`program`]: answered from memory (`memory.rs`) until something is revoked, with
//! the [`Reason`] of a refusal; what is not remembered is looked for within the limit of its address (`misses.rs`). Whether a session lives is judged in one place (`life.rs`).

mod caller;
mod callers;
mod flight;
mod key;
mod known;
mod known_key;
mod known_token;
mod last_use;
pub(crate) mod life;
mod memory;
mod misses;
mod outages;
mod password;
mod program;
mod reading;
mod reason;
mod session;
mod stamps;
mod tally;
mod touches;
mod who;

pub use key::in_region;
pub use known::by_session;
pub use known_key::by_key;
pub use known_token::by_token;
pub(crate) use memory::Memory;
pub use password::by_password;
pub use program::{AdmittedProgram, program};
pub use reason::Reason;
pub use tally::Tally;
pub use touches::flush;
pub use who::{Method, Place, Program, Way, Who};

use crate::{Caller, Core, Identity, Result};
use doorward_model::{Secret, SessionScheme};

/// Finds who holds a session token of this scheme.
///
/// Errors: [`crate::Error::NotSignedIn`] for a token that is unknown, expired, ended, of another scheme, or whose person
/// or tenant may not sign in any more.
pub async fn session(core: &Core, scheme: SessionScheme, token: &Secret) -> Result<Identity> {
    core.verified().counted(session::session(core, scheme, token).await)
}

/// Finds whom a key pair stands for, and counts the call in the key's window.
///
/// Errors: [`crate::Error::WrongCredentials`] for a key that is unknown, disabled, expired or ended, a wrong secret, and a
/// person or tenant that may not sign in; [`crate::Error::RateLimited`] when the key's window is full, or after too many
/// wrong pairs from one address.
pub async fn access_key(core: &Core, caller: &Caller, name: &str, secret: &Secret) -> Result<Identity> {
    core.verified().counted(key::access_key(core, caller, name, secret).await)
}
