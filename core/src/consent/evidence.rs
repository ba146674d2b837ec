//! Terms and consents, read: which versions a tenant published, and who consented to them, when and from where.
//!
//! What a consent was given with (the address, the session, the program) is not in its row: it is in the event that was
//! written in the same transaction, which is found by its moment.

use crate::below::{Below, Keyed, and_one};
use crate::names::called;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{
    ApplicationId, Consent, ConsentId, Event, EventKind, PersonId, SessionId, Terms, TermsId,
};
use doorward_store::{Error as StoreError, Tx, events, people, terms};
use std::net::IpAddr;
use uuid::Uuid;

/// A version of a tenant's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The version.
    pub terms: Terms,
    /// Whether it is the one that holds at its tenant now.
    pub is_current: bool,
}

/// A consent with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Who, to what, when, at which door.
    pub consent: Consent,
    /// The version consented to.
    pub terms: Terms,
    /// What the person is called now.
    pub person_name: Option<String>,
    /// Where they are written to now.
    pub email: Option<String>,
    /// What the door is called, if it still stands.
    pub door: Option<String>,
    /// From where.
    pub address: Option<IpAddr>,
    /// With which session.
    pub session: Option<SessionId>,
    /// By which program.
    pub application: Option<ApplicationId>,
    /// By whom, when it was a server that the tenant trusts.
    pub actor: Option<String>,
}

/// The versions a tenant itself published before one, the latest first, at most `rows`. For its administrators.
pub async fn list_published(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    before: Option<TermsId>,
    rows: usize,
) -> Result<Keyed<Published, TermsId>> {
    actor.administers(branch)?;
    let (tenant, now) = (branch.tenant().id, core.now());
    let before = before.unwrap_or(TermsId::new(Uuid::max()));
    let found = core.db().read(branch.pool(), move |tx| {
        let current = terms::find_current(tx, tenant, now)?.map(|terms| terms.id);
        Ok((current, terms::list_before(tx, tenant, before, and_one(rows))?))
    });
    let (current, found) = found.await?;
    let published = |terms: Terms| Published { is_current: current == Some(terms.id), terms };
    Ok(Keyed::of(found, rows, |terms| terms.id).map(published))
}

/// One version a tenant itself published. [`Error::NotFound`] for any other; else as [`list_published`].
pub async fn published(core: &Core, actor: &Actor, branch: &Branch, id: TermsId) -> Result<Published> {
    actor.administers(branch)?;
    let (tenant, now) = (branch.tenant().id, core.now());
    let found = core.db().read(branch.pool(), move |tx| {
        let current = terms::find_current(tx, tenant, now)?.map(|terms| terms.id);
        Ok(own(tx, tenant, id)?.map(|terms| Published { is_current: current == Some(terms.id), terms }))
    });
    found.await?.ok_or(Error::NotFound)
}

/// Who consented to a version that the tenant itself published, the first first, at most `rows`; people of the whole tree
/// below it may be among them.
pub async fn list_consents_to(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    id: TermsId,
    after: Option<ConsentId>,
    rows: usize,
) -> Result<Keyed<Evidence, ConsentId>> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let after = after.unwrap_or(ConsentId::new(Uuid::nil()));
    let found = core.db().read(branch.pool(), move |tx| {
        let Some(version) = own(tx, tenant, id)? else { return Ok(Err(Error::NotFound)) };
        let consents = terms::list_consents_to(tx, id, after, and_one(rows))?;
        let page = Keyed::of(consents, rows, |consent| consent.id);
        let items = page.items.into_iter().map(|consent| {
            let said = said(tx, &consent)?;
            evidence(tx, consent, version.clone(), said)
        });
        Ok(Ok(Keyed { items: items.collect::<Result<Vec<_>, StoreError>>()?, next: page.next }))
    });
    Ok(found.await??.map(|told| with_door(core, told)))
}

/// What a person consented to, the version published last first: terms that hold at this tenant or belong to one below it. From
/// where, through which door, with what and by whom is told only of what happened at or below this tenant.
/// [`Error::NotFound`] for people without a place at or below it who were not made there either.
pub async fn list_consents_of(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    before: Option<TermsId>,
    rows: usize,
) -> Result<Keyed<Evidence, TermsId>> {
    actor.administers(branch)?;
    let (before, branch) = (before.unwrap_or(TermsId::new(Uuid::max())), branch.clone());
    let found = core.db().read(branch.pool(), move |tx| {
        if !is_known_here(tx, &branch, person)? {
            return Ok(Err(Error::NotFound));
        }
        let consents = terms::list_consents_of(tx, person, before, and_one(rows))?;
        let page = Keyed::of(consents, rows, |consent| consent.terms);
        let (mut below, mut items) = (Below::new(&branch), Vec::new());
        for consent in page.items {
            let Some(version) = terms::find(tx, consent.terms)? else { continue };
            if branch.contains(version.tenant) || below.contains(tx, Some(version.tenant))? {
                let said = said(tx, &consent)?;
                let at = said.as_ref().and_then(|event| event.tenant);
                // That they consented is told; how they did at a tenant that is not below is that tenant's.
                let is_here = below.contains(tx, at)?;
                let consent = Consent { door: consent.door.filter(|_| is_here), ..consent };
                items.push(evidence(tx, consent, version, said.filter(|_| is_here))?);
            }
        }
        Ok(Ok(Keyed { items, next: page.next }))
    });
    Ok(found.await??.map(|told| with_door(core, told)))
}

/// What the columns of a table of evidence are called.
pub const COLUMNS: &[&str] = &[
    "consented_at",
    "person",
    "person_name",
    "email",
    "terms",
    "version",
    "url",
    "effective_at",
    "door",
    "address",
    "session",
    "application",
    "actor",
    "id",
];

/// A row of the table, in the order of [`COLUMNS`].
pub fn cells(told: &Evidence) -> Vec<Option<String>> {
    let Evidence { consent, terms, person_name, email, door, address, session, application, actor } = told;
    vec![
        Some(consent.at.civil().to_string()),
        Some(consent.person.to_string()),
        person_name.clone(),
        email.clone(),
        Some(terms.id.to_string()),
        Some(terms.version.clone()),
        terms.url.clone(),
        Some(terms.effective_at.civil().to_string()),
        door.clone(),
        address.map(|address| address.to_string()),
        session.map(|id| id.to_string()),
        application.map(|id| id.to_string()),
        actor.clone(),
        Some(consent.id.to_string()),
    ]
}

fn own(tx: &mut Tx<'_>, tenant: doorward_model::TenantId, id: TermsId) -> Result<Option<Terms>, StoreError> {
    Ok(terms::find(tx, id)?.filter(|terms| terms.tenant == tenant))
}

/// Whether a person, living or not, has a place at this tenant or below it, or was made there.
fn is_known_here(tx: &mut Tx<'_>, branch: &Branch, id: PersonId) -> Result<bool, StoreError> {
    let Some(person) = people::find(tx, id)? else { return Ok(false) };
    let mut below = Below::new(branch);
    if below.contains(tx, Some(person.home))? {
        return Ok(true);
    }
    for place in doorward_store::memberships::list_by_person(tx, id)? {
        if below.contains(tx, Some(place.tenant))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Events of one person at one moment, to the microsecond.
const AT_ONCE: i64 = 16;

/// What was written when a consent was given.
fn said(tx: &mut Tx<'_>, consent: &Consent) -> Result<Option<Event>, StoreError> {
    let events = events::list_at(tx, consent.person, consent.at, AT_ONCE)?;
    Ok(events.into_iter().find(|event: &Event| event.kind == EventKind::ConsentGiven))
}

fn evidence(
    tx: &mut Tx<'_>,
    consent: Consent,
    terms: Terms,
    said: Option<Event>,
) -> Result<Evidence, StoreError> {
    let person = people::find(tx, consent.person)?;
    Ok(Evidence {
        person_name: person.as_ref().map(called),
        email: person.map(|person| person.email.as_written().to_owned()),
        door: None,
        address: said.as_ref().and_then(|event| event.address),
        session: said.as_ref().and_then(|event| event.session),
        application: said.as_ref().and_then(|event| event.application),
        actor: said.and_then(|event| event.actor),
        consent,
        terms,
    })
}

fn with_door(core: &Core, told: Evidence) -> Evidence {
    let door = told.consent.door.and_then(|id| core.doors().by_id(id)).map(|door| door.name.clone());
    Evidence { door, ..told }
}
