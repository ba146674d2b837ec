//! Whether an address is known, and a code that signs its owner in: for servers that the tenant trusts.

use super::{event_by, led, trusted};
use crate::record::about;
use crate::sign_in::Wanted;
use crate::tickets::{self, Told};
use crate::{Caller, Core, Error, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{
    Application, Email, Event, EventKind, Membership, Person, PersonStatus, Purpose, Timestamp,
};
use doorward_store::{Error as StoreError, Tx, events, people, tallies};
use std::time::Duration;

/// As long as a reset code: it goes through a mail, too (P11).
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// In how long the questions of one server are counted together.
const ASKING_WINDOW: Duration = Duration::from_secs(60);
/// Questions of one server in that time: a busy web site's, and too few to walk through a list of addresses.
const ASKING_MOST: i64 = 120;

/// Someone a trusted server asked for.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Who.
    pub person: Person,
    /// The place that leads to the wanted tenant.
    pub membership: Membership,
    /// Signs them in, once.
    pub code: Told,
}

/// Tells a trusted server whether it knows an address, with a code that signs its owner in. Older codes are void.
/// `None` for an address that leads nowhere.
///
/// Errors: [`Error::NotAllowed`] for other applications, [`Error::Throttled`] for one that asks too often, whatever
/// it asks.
pub async fn recognise(
    core: &Core,
    caller: &Caller,
    server: &Application,
    wanted: Wanted,
    email: &str,
) -> Result<Option<Recognised>> {
    trusted(server)?;
    let now = core.now();
    let email = Email::parse(email).ok();
    let code = tickets::random(core, now)?;
    let counter = *core.keys().hash(HashPurpose::AttemptKey, &asking(server)).bytes();
    let event = event_by(core, caller, server, EventKind::SignInCodeIssued, now)?;
    let (op, caller, scope) = (core.clone(), caller.clone(), server.clone());
    core.db()
        .write(wanted.pool(), move |tx| {
            if let Some(retry_after) = count(tx, &counter, now)? {
                return Ok(Err(Error::Throttled { retry_after }));
            }
            let found = email.as_ref().map(|email| people::find_by_email(tx, email)).transpose()?.flatten();
            let Some(person) = found.filter(|person| person.status == PersonStatus::Active) else {
                return Ok(Ok(None));
            };
            let Some((branch, membership)) = led(tx, &wanted, &scope, person.id)? else {
                return Ok(Ok(None));
            };
            let tenant = branch.tenant().id;
            tickets::issue(&op, tx, &caller, &code, Purpose::SignIn, &person, tenant, LIFETIME)?;
            events::insert(tx, &about(Event { tenant: Some(tenant), ..event.clone() }, &person))?;
            let code = Told { id: code.id, code: code.code.secret.clone() };
            Ok(Ok(Some(Recognised { person, membership, code })))
        })
        .await?
}

fn asking(server: &Application) -> Vec<u8> {
    [b"asking".as_slice(), server.pool.as_bytes(), server.id.as_bytes()].concat()
}

/// Counts one question; how long to wait when there were too many.
fn count(tx: &mut Tx<'_>, counter: &[u8; 32], now: Timestamp) -> Result<Option<Duration>, StoreError> {
    let tally = tallies::count(tx, counter, now, now.plus(ASKING_WINDOW))?;
    Ok((tally.count > ASKING_MOST).then(|| tally.ends_at.since(now)))
}
