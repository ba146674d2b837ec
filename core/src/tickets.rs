//! One-time codes: issuing them, and finding the ticket a code stands for. Using one up is a write of the operation
//! that it allows, in the same transaction (P4): [`redeem`].
//!
//! A random code is stored as a keyed hash only. A derived one can be printed again while it is open (RubiCRM's codes
//! are stable within their hour): it is computed from the ticket's id and the key file.

use crate::mint::Minted;
use crate::{Branch, Caller, Core, Result};
use doorward_crypto::{DerivePurpose, HashPurpose, hex};
use doorward_model::{
    Person, PersonId, PersonStatus, PoolId, Purpose, Secret, TenantId, Ticket, TicketId, Timestamp,
    parse_code,
};
use doorward_store::{Error as StoreError, Tx, lookup, people, tickets};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// What is made before the transaction that issues a ticket.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) id: TicketId,
    pub(crate) code: Minted,
    now: Timestamp,
}

/// A code as it is told to whoever may know it, with the ticket it belongs to.
#[derive(Clone, Debug)]
pub struct Told {
    /// The ticket.
    pub id: TicketId,
    /// The code.
    pub code: Secret,
}

/// A new ticket with a random code.
pub(crate) fn random(core: &Core, now: Timestamp) -> Result<Prepared> {
    Ok(Prepared { id: TicketId::new(core.uuid(now)?), code: core.mint_code()?, now })
}

/// A new ticket with a code that can be printed again.
pub(crate) fn derived(core: &Core, pool: PoolId, now: Timestamp) -> Result<Prepared> {
    let id = TicketId::new(core.uuid(now)?);
    Ok(Prepared { id, code: core.minted(HashPurpose::TicketCode, derived_code(core, pool, id)), now })
}

/// The code of a ticket that [`derived`] made, printed again.
pub(crate) fn code_of(core: &Core, ticket: &Ticket) -> Secret {
    Secret::new(derived_code(core, ticket.pool, ticket.id))
}

/// Whether a code was [`derived`]: printed for somebody instead of mailed by us, so that it proves no address.
pub(crate) fn is_derived(core: &Core, ticket: &Ticket, code: &Secret) -> bool {
    let parts: [&[u8]; 2] = [ticket.pool.as_bytes(), ticket.id.as_bytes()];
    let spelling = code.expose().to_ascii_lowercase();
    let is_it = |derived: [u8; 32]| bool::from(hex(&derived).as_bytes().ct_eq(spelling.as_bytes()));
    core.keys().derive_all(DerivePurpose::TicketCode, &parts).any(is_it)
}

fn derived_code(core: &Core, pool: PoolId, id: TicketId) -> String {
    hex(&core.keys().derive(DerivePurpose::TicketCode, &[pool.as_bytes(), id.as_bytes()]))
}

/// Issues a ticket to a person: older ones of the purpose are void from now on (P11).
#[expect(clippy::too_many_arguments, reason = "a ticket says all of this, and each caller has it at hand")]
pub(crate) fn issue(
    core: &Core,
    tx: &mut Tx<'_>,
    caller: &Caller,
    prepared: &Prepared,
    purpose: Purpose,
    person: &Person,
    tenant: TenantId,
    lifetime: Duration,
) -> Result<Ticket, StoreError> {
    let ticket = Ticket {
        id: prepared.id,
        pool: person.pool,
        purpose,
        person: person.id,
        tenant,
        door: caller.door,
        generation: person.auth_generation,
        created_at: prepared.now,
        expires_at: prepared.now.plus(lifetime),
    };
    tickets::void(tx, person.id, purpose, prepared.now)?;
    tickets::insert(tx, &ticket, &prepared.code.hash, core.epoch())?;
    Ok(ticket)
}

/// The open ticket of a code, with its person; `None` for a code that is malformed, unknown, used, expired, of another
/// purpose, or older than the person's present generation. Nothing is used up.
pub async fn find(core: &Core, purpose: Purpose, code: &Secret) -> Result<Option<(Ticket, Person)>> {
    let (now, epoch) = (core.now(), core.epoch());
    look_up(core, code, move |tx, id| open(tx, id, purpose, now, epoch)).await
}

/// A code that somebody was given, whatever became of it.
#[derive(Clone, Debug)]
pub struct Spent {
    /// Where it was issued.
    pub branch: Branch,
    /// Whose it is.
    pub person: PersonId,
    /// Whether what it was for is so by now: the address is confirmed, the invited have a password. `false` for what can be asked for
    /// again at any time.
    pub is_done: bool,
}

/// What a code of this purpose was once given for: whoever holds it got it from that tenant, and may be told how to get another.
/// `None` for a code that nobody was given, for one that is forgotten, and where the tenant is closed.
pub async fn spent(core: &Core, purpose: Purpose, code: &Secret) -> Result<Option<Spent>> {
    look_up(core, code, move |tx, id| {
        let ticket = tickets::find(tx, id)?.filter(|ticket| ticket.purpose == purpose);
        let Some(ticket) = ticket else { return Ok(None) };
        let branch = Branch::read(tx, ticket.tenant)?.filter(Branch::is_open);
        let (Some(branch), Some(person)) = (branch, living(tx, ticket.person)?) else {
            return Ok(None);
        };
        let is_done = match purpose {
            Purpose::Validation => person.verified.for_all_doors(),
            Purpose::Invitation => people::find_password(tx, person.id)?.is_some(),
            Purpose::Reset | Purpose::SelfValidation | Purpose::SignIn | Purpose::EmailChange => false,
        };
        Ok(Some(Spent { branch, person: person.id, is_done }))
    })
    .await
}

fn living(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(people::find(tx, person)?.filter(|person| person.status != PersonStatus::Deleted))
}

/// What is read of the ticket of a code, whatever became of it; `None` where there is none.
async fn look_up<T: Send + 'static>(
    core: &Core,
    code: &Secret,
    mut read: impl FnMut(&mut Tx<'_>, TicketId) -> Result<Option<T>, StoreError> + Send + 'static,
) -> Result<Option<T>> {
    if parse_code(code.expose()).is_err() {
        return Ok(None);
    }
    let spelling = code.expose().to_ascii_lowercase();
    let hashes: Vec<[u8; 32]> =
        core.keys().hashes(HashPurpose::TicketCode, spelling.as_bytes()).map(|hash| *hash.bytes()).collect();
    let found = core.db().read_house(move |tx| {
        for hash in &hashes {
            if let Some((pool, id)) = lookup::tickets::find(tx, hash)? {
                return tx.in_pool(pool, |tx| read(tx, id));
            }
        }
        Ok(None)
    });
    Ok(found.await?)
}

/// Uses a ticket up, inside the write of the operation it allows: `Some` with the person as they are now for exactly
/// one caller (P4), `None` for every other.
pub(crate) fn redeem(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    now: Timestamp,
    epoch: i64,
) -> Result<Option<Person>, StoreError> {
    let Some((ticket, person)) = open(tx, ticket.id, ticket.purpose, now, epoch)? else { return Ok(None) };
    Ok(tickets::claim(tx, ticket.id, now)?.then_some(person))
}

fn open(
    tx: &mut Tx<'_>,
    id: TicketId,
    purpose: Purpose,
    now: Timestamp,
    epoch: i64,
) -> Result<Option<(Ticket, Person)>, StoreError> {
    let ticket = tickets::find_open(tx, id, now, epoch)?.filter(|ticket| ticket.purpose == purpose);
    let Some(ticket) = ticket else { return Ok(None) };
    let person = people::find(tx, ticket.person)?;
    Ok(person.filter(|person| person.auth_generation == ticket.generation).map(|person| (ticket, person)))
}
