//! Files of what is kept, made in the background: read like the lists that administrators see, by the same functions, and kept
//! as rows, so that whoever takes the file chooses how it is written.

mod wish;

pub use wish::Export;

use super::begin::{admitted, fresh};
use super::maker::{admit, is_renewed};
use super::run::{Ending, REVOKED, stop};
use super::sealed::{Place, What, open, seal};
use super::see;
use crate::below::Keyed;
use crate::events::{self, Scene};
use crate::manage::Scope;
use crate::once::{Done, Once};
use crate::people::{self, Listed};
use crate::{Actor, Branch, Caller, Core, Error, Result, consent};
use doorward_model::{ConsentId, Event, EventKind, PersonId, Work, WorkId, WorkKind, WorkState};
use doorward_store::{self as store, work_parts, works};
use uuid::Uuid;

/// Rows of one part: a few hundred KiB at most.
const ROWS: usize = 500;
/// Bytes of one file, as it is kept: a database of one file grows by as much, and does not shrink. Some 300,000 events fit; who
/// has more asks for them by time, or reads them directly (`GET …/events/export`).
const BYTES: i64 = 128 * 1024 * 1024;
/// Why exports end before their end.
const TERMS_GONE: &str = "the terms that were consented to are gone";
const TOO_LARGE: &str = "it is larger than files that are kept: ask for less, or read it directly";

/// What the columns of a file of people are called.
pub const PEOPLE_COLUMNS: &[&str] = &[
    "email",
    "first_name",
    "last_name",
    "known_as",
    "role",
    "status",
    "verified",
    "number",
    "created_at",
    "id",
    "language",
];

/// What the columns of a work's file are called.
pub const fn columns(kind: WorkKind) -> &'static [&'static str] {
    match kind {
        WorkKind::ImportPeople | WorkKind::ExportPeople => PEOPLE_COLUMNS,
        WorkKind::ExportEvents => events::COLUMNS,
        WorkKind::ExportConsents => consent::COLUMNS,
    }
}

/// The scope in which a file's contents are read otherwise: who has only the one for exports gets nothing by them.
pub(super) const fn reads(kind: WorkKind) -> Scope {
    match kind {
        WorkKind::ImportPeople | WorkKind::ExportPeople => Scope::PeopleRead,
        WorkKind::ExportEvents => Scope::EventsRead,
        WorkKind::ExportConsents => Scope::TermsRead,
    }
}

const fn said(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::ImportPeople | WorkKind::ExportPeople => "people",
        WorkKind::ExportEvents => "events",
        WorkKind::ExportConsents => "consents",
    }
}

/// Begins to make a file.
///
/// Errors: [`Error::NotAllowed`] for who does not administer the tenant, or whose token does not read what is exported;
/// [`Error::NotFound`] for terms of elsewhere; [`Error::Conflict`] while another work goes on there.
pub async fn begin(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    export: Export,
    once: Option<Once>,
) -> Result<Done<Work>> {
    let kind = export.kind();
    actor.administers(branch)?;
    may_read(actor, kind)?;
    if let Export::Consents(terms) = export {
        consent::published(core, actor, branch, terms).await?;
    }
    let now = core.now();
    let wish = export.written()?;
    let work = Work { wish, ..fresh(core, caller, actor, branch, (kind, WorkState::Running), now)? };
    let begun = core.act(caller, actor, EventKind::ExportBegun, (work.pool, work.tenant), now)?;
    let begun = Event { detail: Some(said(kind).to_owned()), ..begun };
    let made = work.clone();
    let written = core.db().write(branch.pool(), move |tx| {
        match admitted(tx, &work, once.as_ref())? {
            Ok(None) => {}
            known => return Ok(known),
        }
        works::insert(tx, &work)?;
        store::events::insert(tx, &begun)?;
        Ok(Ok(None))
    });
    Ok(written.await??.map_or(Done::Now(made), Done::Before))
}

fn may_read(actor: &Actor, kind: WorkKind) -> Result<()> {
    if actor.holds(reads(kind)) { Ok(()) } else { Err(Error::NotAllowed) }
}

const RENEWED_SINCE: &str =
    "the password of whoever had this file made was changed since: have it made again";

/// A row of a file.
type Cells = Vec<Option<String>>;

/// Reads the next rows of an export, and ends it behind the last.
pub(super) async fn batch(core: &Core, work: Work) -> Result<()> {
    let (now, read) = (core.now(), work.clone());
    let admitted = core.db().read_house(move |tx| admit(tx, &read, now)).await?;
    let (actor, branch) = match admitted {
        Ok(admitted) => admitted,
        Err(why) => return stop(core, work, why).await,
    };
    let Some(export) = Export::of(&work)? else { return Err(Error::internal("an export", &"is an import")) };
    let export = match export {
        Ok(export) => export,
        Err(why) => return stop(core, work, why).await,
    };
    let page = match page(core, &actor, &branch, export, work.place.as_deref()).await {
        Ok(page) => page,
        Err(Error::NotFound) if work.kind == WorkKind::ExportConsents => {
            return stop(core, work, TERMS_GONE).await;
        }
        Err(Error::NotAllowed | Error::NotFound) => return stop(core, work, REVOKED).await,
        Err(fault) => return Err(fault),
    };
    // Parts are numbered by the rows before them.
    let place = Place { pool: work.pool, work: work.id, what: What::Part, number: work.done };
    let sealed = if page.items.is_empty() { None } else { Some(seal(core, place, &page.items)?) };
    let (ending, goes_on) = (Ending::prepare(core, &work)?, page.next.is_some());
    let size = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let next = Work {
        due_at: now,
        place: page.next,
        done: work.done.saturating_add(size(page.items.len())),
        bytes: work.bytes.saturating_add(size(sealed.as_ref().map_or(0, Vec::len))),
        reason: None,
        ..work
    };
    let write = move |tx: &mut doorward_store::HouseTx<'_>| {
        let refused = admit(tx, &next, now)?.err();
        let refused = refused.or((next.bytes > BYTES).then_some(TOO_LARGE));
        tx.in_pool(next.pool, |tx| {
            let is_as_read = works::find(tx, next.id)?
                .is_some_and(|now| now.step == next.step && now.state == WorkState::Running);
            if !is_as_read {
                return Ok(());
            }
            if let Some(why) = refused {
                return ending.write(tx, next.clone(), WorkState::Stopped, Some(why)).map(drop);
            }
            if let Some(sealed) = &sealed {
                work_parts::put(tx, next.id, place.number, sealed)?;
            }
            if goes_on {
                return works::update(tx, &next).map(drop);
            }
            ending.write(tx, next.clone(), WorkState::Done, None).map(drop)
        })
    };
    Ok(core.db().write_house_bulk(write).await?)
}

/// The next rows, and where the rows behind them begin.
async fn page(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    export: Export,
    place: Option<&[u8]>,
) -> Result<Keyed<Cells, Vec<u8>>> {
    let broken = || Error::internal("an export", &"lost its place");
    let id = |bytes: &[u8]| Uuid::from_slice(bytes).map_err(|_| broken());
    match export {
        Export::People => {
            let after = PersonId::new(place.map(id).transpose()?.unwrap_or(Uuid::nil()));
            let found = people::list_after(core, actor, branch, after, ROWS.saturating_add(1)).await?;
            let page = Keyed::of(found, ROWS, |listed| listed.person.id.as_bytes().to_vec());
            Ok(page.map(|listed| cells(&listed)))
        }
        Export::Consents(terms) => {
            let after = place.map(id).transpose()?.map(ConsentId::new);
            let found = consent::list_consents_to(core, actor, branch, terms, after, ROWS).await?;
            let next = found.next.map(|id| id.as_bytes().to_vec());
            Ok(Keyed { items: found.items.iter().map(consent::cells).collect(), next })
        }
        Export::Events(filter) => {
            let before = place.map(|bytes| events::Place::of(bytes).ok_or_else(broken)).transpose()?;
            let found = events::list(core, actor, Scene::At(branch), filter, before, ROWS).await?;
            let next = found.next.map(|place| place.bytes().to_vec());
            Ok(Keyed { items: found.items.iter().map(events::cells).collect(), next })
        }
    }
}

fn cells(listed: &Listed) -> Cells {
    let person = &listed.person;
    vec![
        Some(person.email.as_written().to_owned()),
        person.profile.first_name.clone(),
        person.profile.last_name.clone(),
        person.profile.known_as.clone(),
        Some(listed.role.as_str().to_owned()),
        Some(person.status.as_str().to_owned()),
        Some(person.verified.as_str().to_owned()),
        Some(person.number.get().to_string()),
        Some(person.created_at.civil().to_string()),
        Some(person.id.to_string()),
        person.language.map(|language| language.as_str().to_owned()),
    ]
}

/// The rows of a finished export from a place on; `None` is its beginning. For whoever administers the tenant and reads such
/// things, whoever had it made.
///
/// Errors: as [`see::find`]; [`Error::NotAllowed`]; [`Error::Conflict`] for one that is not done, whose rows are gone, or whose
/// maker has a new password since.
pub async fn rows(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    id: WorkId,
    from: Option<i64>,
) -> Result<Keyed<Cells, i64>> {
    let work = see::find(core, actor, branch, id).await?;
    if !work.kind.is_export() {
        return Err(Error::NotFound);
    }
    may_read(actor, work.kind)?;
    if work.state != WorkState::Done {
        return Err(Error::conflict("work", "there is no file: it is not done"));
    }
    if work.is_erased || work.erase_at <= core.now() {
        return Err(Error::conflict("work", "its file was kept for a day and is gone: have it made again"));
    }
    let (from, pool) = (from.unwrap_or(0), work.pool);
    let found = core.db().read(pool, move |tx| {
        if is_renewed(tx, &work)? {
            return Ok(Err(Error::conflict("work", RENEWED_SINCE)));
        }
        work_parts::find_from(tx, id, from).map(Ok)
    });
    let found = found.await??;
    let Some((number, sealed, next)) = found else { return Ok(Keyed { items: Vec::new(), next: None }) };
    let place = Place { pool, work: id, what: What::Part, number };
    Ok(Keyed { items: open(core, place, &sealed)?, next })
}

/// Has the audit trail say that somebody takes a file: a finished export's, or one that is read directly. `what` is of our own
/// making. Events of the house have no tenant.
pub async fn tell_taken(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: Option<&Branch>,
    what: &str,
) -> Result<()> {
    let now = core.now();
    let event = Event {
        pool: branch.map(Branch::pool),
        tenant: branch.map(|branch| branch.tenant().id),
        actor: Some(actor.name()),
        application: actor.application(),
        detail: Some(what.to_owned()),
        ..core.event(caller, EventKind::ExportTaken, now)?
    };
    Ok(core.db().write_house(move |tx| store::events::insert(tx, &event)).await?)
}
