//! Who is calling? A session token or a key pair in, an identity out.
//!
//! Both halves answer every refusal with one meaning, and check generations, status and tree anew on every call.

mod key;
mod session;
mod tally;

pub use key::in_region;
pub use tally::Tally;

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
