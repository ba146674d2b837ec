//! Links whose bearer becomes an operator: the first one's is printed by `doorward init`, the others' are made by operators.

use super::{HOUSE, hashed, list, present, subjects, taken};
use crate::attempts::forgive;
use crate::once::Once;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{Email, Event, EventKind, Operator, OperatorId, OperatorLinkId, Secret, Timestamp};
use doorward_store::operator_links::{self as store, OperatorLink};
use doorward_store::{Error as StoreError, HouseTx, events, operators};
use std::time::Duration;
use url::Url;

/// How long a link is good: long enough to be opened on another day, too short to lie about.
pub const LINK_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Operators of one installation: more than anybody can tell apart.
const OPERATORS: usize = 200;
/// The page that a link leads to.
const PAGE: &str = "/console/welcome";

/// A link that was made, in clear this once.
#[derive(Clone, Debug)]
pub struct IssuedLink {
    /// The whole address; holds the code.
    pub url: Secret,
    /// Until when it is good.
    pub ends_at: Timestamp,
}

/// Makes the link of the first operator; an earlier one ends. For the machine itself.
///
/// Errors: [`Error::Conflict`] once there is an operator.
pub async fn invite_first(core: &Core, caller: &Caller) -> Result<IssuedLink> {
    make(core, caller, By { name: None, operator: None }, None).await
}

/// Makes a link for another operator.
///
/// Errors: [`Error::NotAllowed`] but for operators at the machine or signed in; [`Error::Conflict`] when there are too many.
pub async fn invite(core: &Core, caller: &Caller, actor: &Actor) -> Result<IssuedLink> {
    make(core, caller, by(actor)?, None).await
}

/// The same for a form that names itself: sent again, no other link is made.
///
/// Errors: also [`Error::Conflict`] of the field `idempotency_key`, since the link was shown once.
pub async fn invite_once(core: &Core, caller: &Caller, actor: &Actor, once: Once) -> Result<IssuedLink> {
    make(core, caller, by(actor)?, Some(once)).await
}

fn by(actor: &Actor) -> Result<By> {
    present(actor)?;
    let operator = match actor {
        Actor::Console(it) => Some(it.operator.id),
        Actor::Operator | Actor::Remote(_) | Actor::Person(_) | Actor::Program(_) | Actor::Maker(_) => None,
    };
    Ok(By { name: Some(actor.name()), operator })
}

/// Who makes a link: as the trail names them, and the operator with whom it ends.
struct By {
    name: Option<String>,
    operator: Option<OperatorId>,
}

async fn make(core: &Core, caller: &Caller, by: By, once: Option<Once>) -> Result<IssuedLink> {
    let now = core.now();
    let minted = core.mint_operator_link()?;
    let link = OperatorLink {
        id: OperatorLinkId::new(core.uuid(now)?),
        makes_first: by.name.is_none(),
        made_by: by.operator,
        epoch: core.epoch(),
        created_at: now,
        ends_at: now.plus(LINK_LIFETIME),
        used_at: None,
    };
    let event = Event {
        actor: by.name,
        detail: Some(link.id.to_string()),
        ..core.event(caller, EventKind::OperatorInvited, now)?
    };
    let (ends_at, hash) = (link.ends_at, minted.hash);
    let written = core.db().write_house(move |tx| {
        let known = operators::list(tx)?.len();
        if link.makes_first {
            if known > 0 {
                return Ok(Err(taken()));
            }
            store::end_first(tx, now)?;
        } else if known >= OPERATORS {
            return Ok(Err(Error::conflict("operator", "there are too many already")));
        }
        let claim = |once: &Once| tx.in_pool(HOUSE, |tx| once.claim_secret(tx, link.id.uuid()));
        if let Some(Err(again)) = once.as_ref().map(claim).transpose()? {
            return Ok(Err(again));
        }
        store::insert(tx, &link, &hash)?;
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await??;
    Ok(IssuedLink { url: url(core, &minted.secret), ends_at })
}

/// A link that nobody has opened yet; its code is not known any more.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// The id.
    pub id: OperatorLinkId,
    /// Who made it; `None` for the machine itself.
    pub made_by: Option<Operator>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub ends_at: Timestamp,
}

/// The links that would make an operator now, oldest first.
///
/// Errors: [`Error::NotAllowed`] but for operators at the machine or signed in.
pub async fn list_links(core: &Core, actor: &Actor) -> Result<Vec<OpenLink>> {
    present(actor)?;
    let (now, epoch) = (core.now(), core.epoch());
    let found = core.db().read_house(move |tx| {
        let known = operators::list(tx)?;
        let by = |id| known.iter().find(|known| known.id == id).cloned();
        let mut open = store::list_open(tx, now, epoch)?;
        open.retain(|link| !link.makes_first || known.is_empty());
        let open = open.into_iter().map(|link| OpenLink {
            id: link.id,
            made_by: link.made_by.and_then(by),
            created_at: link.created_at,
            ends_at: link.ends_at,
        });
        Ok::<_, StoreError>(open.collect())
    });
    Ok(found.await?)
}

/// Takes a link back that nobody opened yet.
///
/// Errors: [`Error::NotAllowed`] but for operators at the machine or signed in; [`Error::NotFound`] for one that is unknown or was used
/// or taken back.
pub async fn withdraw(core: &Core, caller: &Caller, actor: &Actor, id: OperatorLinkId) -> Result<()> {
    present(actor)?;
    let now = core.now();
    let event = Event {
        actor: Some(actor.name()),
        detail: Some(id.to_string()),
        ..core.event(caller, EventKind::OperatorLinkWithdrawn, now)?
    };
    let written = core.db().write_house(move |tx| {
        if !store::use_up(tx, id, now)? {
            return Ok(Err(Error::NotFound));
        }
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await?
}

fn url(core: &Core, code: &Secret) -> Secret {
    let mut url: Url = core.settings().public_url.clone();
    url.set_path(PAGE);
    url.query_pairs_mut().clear().append_pair("code", code.expose());
    Secret::new(String::from(url))
}

/// Whether a link's code would make an operator now.
pub async fn is_open(core: &Core, code: &Secret) -> Result<bool> {
    let (hashes, now, epoch) = (hashes(core, code), core.now(), core.epoch());
    Ok(core.db().read_house(move |tx| good(tx, &hashes, now, epoch)).await?.is_some())
}

/// Makes whoever opened a link an operator; the link is used up.
///
/// Errors: [`Error::CodeRefused`] for one that is unknown, used or too old; [`Error::PasswordRefused`] with the reason;
/// [`Error::Conflict`] for the address of one who is an operator already. After the latter two the link still works.
pub async fn accept(
    core: &Core,
    caller: &Caller,
    code: &Secret,
    email: Email,
    chosen: &Secret,
) -> Result<Operator> {
    // Asked before a hash is computed, and again inside the write.
    if !is_open(core, code).await? {
        return Err(Error::CodeRefused);
    }
    if list(core).await?.iter().any(|known| known.email.canonical() == email.canonical()) {
        return Err(known_already());
    }
    let hash = hashed(core, &email, chosen).await?;
    let (now, epoch, hashes) = (core.now(), core.epoch(), hashes(core, code));
    let operator = Operator { id: OperatorId::new(core.uuid(now)?), email, created_at: now };
    let event = core.event(caller, EventKind::OperatorCreated, now)?;
    let subjects = subjects(core, caller, &operator.email);
    let written = core.db().write_house(move |tx| {
        let Some(link) = good(tx, &hashes, now, epoch)? else { return Ok(Err(Error::CodeRefused)) };
        if operators::find_account(tx, &operator.email)?.is_some() {
            return Ok(Err(known_already()));
        }
        if !store::use_up(tx, link.id, now)? {
            return Ok(Err(Error::CodeRefused));
        }
        // Somebody may have guessed at this address before it was an operator's.
        tx.in_pool(HOUSE, |tx| forgive(tx, &subjects, now))?;
        operators::insert(tx, &operator, &hash)?;
        let detail = format!("{} with the link {}", operator.email.as_written(), link.id);
        events::insert(tx, &Event { detail: Some(detail), ..event.clone() })?;
        Ok(Ok(operator.clone()))
    });
    written.await?
}

fn hashes(core: &Core, code: &Secret) -> Vec<[u8; 32]> {
    let hashes = core.keys().hashes(HashPurpose::OperatorLink, code.expose().as_bytes());
    hashes.map(|hash| *hash.bytes()).collect()
}

fn good(
    tx: &mut HouseTx<'_>,
    hashes: &[[u8; 32]],
    now: Timestamp,
    epoch: i64,
) -> Result<Option<OperatorLink>, StoreError> {
    for hash in hashes {
        let Some(link) = store::find_by_hash(tx, hash)? else { continue };
        let is_good = link.used_at.is_none() && now < link.ends_at && link.epoch == epoch;
        let may = is_good && (!link.makes_first || operators::list(tx)?.is_empty());
        return Ok(Some(link).filter(|_| may));
    }
    Ok(None)
}

fn known_already() -> Error {
    Error::conflict("email", "this address is an operator's already")
}
