//! Misses: credentials that the database was asked about and that were nobody's, counted by the address they came from.
//!
//! Tokens and secrets are random, so guessing them is hopeless; what a flood of them could cost is reads. So an address
//! whose window is full makes the database look for nobody any more, good or bad, until it has room again. Who is
//! remembered is not looked for, and goes on. Key pairs at the doors count here too (dialects: "25 in 5 s too").
//!
//! Requests that look at the same moment do not know of each other: a burst passes by as many as are in progress. To
//! reserve a place first would refuse the clients of a large office after a restart, all good and none remembered.

use super::Reason;
use crate::attempts::one_caller;
use crate::windows::{Passed, STRANGERS};
use crate::{Core, Error};
use std::net::IpAddr;

/// Lets the database be asked about somebody who is not remembered. Nothing is counted for an address that nobody knows:
/// where a service does not say who its client is, it is not limited in the client's stead.
///
/// Errors: [`Reason::Rate`] while the address's window is full.
pub(super) fn within(core: &Core, from: Option<IpAddr>) -> Result<(), Reason> {
    from.map_or(Ok(()), |from| room(core, from)).map_err(Reason::from)
}

/// The same for an address that is known.
///
/// Errors: [`Error::RateLimited`] while its window is full.
pub(super) fn room(core: &Core, from: IpAddr) -> Result<(), Error> {
    Ok(core.windows().strangers.room(&one_caller(from), STRANGERS)?)
}

/// The refusal of a credential that was nobody's, counted against the address it came from.
pub(super) fn refused(core: &Core, from: Option<IpAddr>) -> Error {
    let counted = from.map(|from| core.windows().strangers.admit(one_caller(from), STRANGERS)).transpose();
    match counted {
        Ok(_counted) => Error::WrongCredentials,
        Err(full) => full.into(),
    }
}

/// A credential that another cell is asked about: counted as a miss before its secret is compared there, so that guesses
/// at one moment do not outrun the limit. Whoever hangs up before the answer has guessed all the same.
pub(crate) struct Guess<'c> {
    core: &'c Core,
    from: String,
    counted: Passed,
}

/// Begins a guess.
///
/// Errors: [`Error::RateLimited`] while the address's window is full of misses, and of guesses nobody has answered yet.
pub(super) fn guess(core: &Core, from: IpAddr) -> Result<Guess<'_>, Error> {
    let from = one_caller(from);
    let counted = core.windows().strangers.admit(from.clone(), STRANGERS)?;
    Ok(Guess { core, from, counted })
}

impl Guess<'_> {
    /// It was no miss, as far as anybody knows: counts it no more.
    pub(crate) fn forget(self) {
        self.core.windows().strangers.take_back(&self.from, self.counted);
    }
}
