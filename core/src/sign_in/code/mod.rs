//! Signing in with a one-time code instead of a password (RubiCRM's plug-in tokens).
//!
//! A server that the tenant trusts asks whether it knows an address, is told a code, mails it in its own words
//! (`recognise.rs`), and brings it back (`redeem.rs`). Whoever may ask can become anybody in its scope, so nobody else
//! may, and asking is counted.

mod recognise;
mod redeem;

pub use recognise::{Recognised, recognise};
pub use redeem::{CodeAttempt, with_code};

use super::Wanted;
use super::wanted::Led;
use crate::{Branch, Caller, Core, Error, Result, applications};
use doorward_model::{Application, Event, EventKind, Membership, PersonId, Timestamp};
use doorward_store::{Error as StoreError, Tx, memberships};

fn trusted(server: &Application) -> Result<()> {
    if server.trusted_server { Ok(()) } else { Err(Error::NotAllowed) }
}

/// Where a person is led, within the server's scope.
fn led(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    server: &Application,
    person: PersonId,
) -> Result<Option<(Branch, Membership)>, StoreError> {
    let places = memberships::list_by_person(tx, person)?;
    Ok(match wanted.lead(tx, &places)? {
        Led::To(branch, place) if applications::reaches(server, &branch) => Some((*branch, place)),
        Led::To(..) | Led::ToSeveral(_) | Led::Nowhere => None,
    })
}

fn event_by(
    core: &Core,
    caller: &Caller,
    server: &Application,
    kind: EventKind,
    now: Timestamp,
) -> Result<Event> {
    Ok(Event {
        pool: Some(server.pool),
        tenant: Some(server.tenant),
        actor: Some(format!("application {}", server.id)),
        application: Some(server.id),
        ..core.event(caller, kind, now)?
    })
}
