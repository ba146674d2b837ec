//! Who is calling? A session token or a key pair in, an identity out.
//!
//! A door asks [`session`] or [`access_key`]: everything is read, every refusal is one meaning. An API behind the gate
//! asks [`by_session`], [`by_key`], [`by_token`] and [`program`]: answered from memory (`memory.rs`) until something is revoked, with
//! the [`Reason`] of a refusal; what is not remembered is looked for within the limit of its address (`misses.rs`). Whether a session lives is judged in one place (`life.rs`).

mod caller;
mod callers;
mod flight;
mod held;
mod key;
mod known;
mod known_key;
mod known_token;
pub(crate) mod life;
mod memory;
mod misses;
mod outages;
mod password;
mod place;
mod program;
mod reading;
mod reason;
mod session;
mod stamps;
mod tally;
mod touches;
mod way;
mod who;

pub use key::in_region;
pub(crate) use key::{Pair, pair};
pub use known::by_session;
pub use known_key::by_key;
pub use known_token::by_token;
pub(crate) use known_token::by_token_meant_for;
pub(crate) use memory::Memory;
pub use password::by_password;
pub use place::Place;
pub use program::{AdmittedProgram, program};
pub use reason::Reason;
pub use tally::Tally;
pub use touches::flush;
pub(crate) use touches::slid;
pub use way::{Method, Program, Way};
pub use who::Who;

use crate::cells::{self, Account, Question};
use crate::usage::noted;
use crate::{Caller, Core, Error, Identity, Result};
use doorward_model::{AccessKeyName, Secret, SessionScheme};
use std::time::Duration;

/// When to try again while another cell's directory was never read to its end.
const DIRECTORY_RETRY: Duration = Duration::from_secs(5);

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
    let found = core.verified().counted(key::access_key(core, caller, name, secret).await);
    found.inspect_err(|error| noted::pair_refused(core, caller, error))
}

/// Whose a key pair is, in whichever cell it lives; otherwise as [`access_key`]. Another cell's pair is asked for at its home.
///
/// Errors: those of [`access_key`], and [`Error::HomeAway`] when the home does not answer, or may not be known yet.
pub async fn account(core: &Core, caller: &Caller, name: &str, secret: &Secret) -> Result<Account> {
    let found = core.verified().counted(find_account(core, caller, name, secret).await);
    found.inspect_err(|error| noted::pair_refused(core, caller, error))
}

async fn find_account(core: &Core, caller: &Caller, name: &str, secret: &Secret) -> Result<Account> {
    if let Some((cells, key)) = core.cells().zip(AccessKeyName::parse(name)) {
        let wanted = key.clone();
        let home = core.db().glance(move |tx| cells::elsewhere(tx, &wanted)).await?;
        if let Some((home, _)) = home {
            let question = Question { key, secret: secret.clone() };
            return cells::ask(core, cells, caller, home, question).await;
        }
    }
    match pair(core, caller, name, secret).await? {
        Pair::Good(account) => Ok(*account),
        Pair::Wrong => {
            let refused = refused_stranger(core, caller);
            let is_answered = matches!(refused, Error::WrongCredentials);
            if is_answered && !cells::is_whole(core, name).await? {
                return Err(Error::HomeAway { retry_after: DIRECTORY_RETRY });
            }
            Err(refused)
        }
    }
}

/// Lets another cell be asked about a pair, unless this caller had too many wrong ones.
pub(crate) fn room_for_strangers(core: &Core, caller: &Caller) -> Result<()> {
    misses::room(core, caller.address)
}

/// Counts a pair as wrong until another cell has said that it is not.
pub(crate) fn guess<'c>(core: &'c Core, caller: &Caller) -> Result<misses::Guess<'c>> {
    misses::guess(core, caller.address)
}

/// The refusal of a pair that was nobody's, counted against its caller's address.
pub(crate) fn refused_stranger(core: &Core, caller: &Caller) -> Error {
    misses::refused(core, Some(caller.address))
}
