//! Importing people: a file is looked through before anything is written (`check.rs`), then each line makes a person by the
//! same rule as everywhere else (`batch.rs`). `sheet.rs` makes lines of a table, `line.rs` a person of a line.

mod batch;
mod check;
mod line;
mod sheet;

pub(super) use batch::batch;
pub use line::{COLUMNS, Line, Refused};
pub use sheet::{IMPORT_LINES, Row, Sheet, lines_of};

use super::begin::{admitted, count_check, fresh, has_room, until};
use super::maker::Maker;
use super::sealed::{Place, What, seal};
use crate::manage::Scope;
use crate::once::{Done, Once};
use crate::{Actor, Branch, Caller, Core, Error, Result};
use check::Checked;
use doorward_model::{Event, EventKind, Work, WorkId, WorkKind, WorkState};
use doorward_store::{Error as StoreError, Tx, events, work_parts, work_refusals, works};
use serde::{Deserialize, Serialize};

/// Lines that one transaction makes people of: some milliseconds of writing, so that no sign-in waits long behind it.
const PART_LINES: usize = 20;

/// A file of people.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it says.
    pub sheet: Sheet,
    /// Whether each of them is mailed an invitation. Nobody is mailed otherwise.
    pub invite: bool,
    /// Whether it is only looked through, to be started afterwards.
    pub only_check: bool,
}

/// How an import makes people.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) invite: bool,
}

impl Wish {
    fn written(self) -> Result<String> {
        serde_json::to_string(&self).map_err(|fault| Error::internal("how to import", &fault))
    }

    pub(super) fn of(work: &Work) -> Result<Self, StoreError> {
        serde_json::from_str(&work.wish)
            .map_err(|_| StoreError::Fault("an import does not say how".to_owned()))
    }
}

/// Whether an import mails invitations.
pub fn invites(work: &Work) -> bool {
    Wish::of(work).is_ok_and(|wish| wish.invite)
}

/// Looks a file through and begins to import it, unless it shall only be looked through. Lines that cannot be done are kept
/// with their reasons.
///
/// Errors: [`Error::Invalid`] for a file without a good first line, with more than [`IMPORT_LINES`] lines, or with very many bad
/// ones; [`Error::NotAllowed`] for who does not administer the tenant, or whose token makes no people; [`Error::Conflict`] while
/// another work goes on there, and for another request with the same name; [`Error::Throttled`] where very many files were only
/// looked through.
pub async fn import(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    import: Import,
    once: Option<Once>,
) -> Result<Done<Work>> {
    may_import(actor, branch)?;
    if import.only_check {
        count_check(core, branch).await?;
    }
    let Checked { good, refused } = check::check(core, actor, branch, import.sheet).await?;
    let state = if import.only_check { WorkState::Checked } else { WorkState::Running };
    let now = core.now();
    let rows = good.len().saturating_add(refused.len());
    let work = Work {
        wish: Wish { invite: import.invite }.written()?,
        refused: count(refused.len()),
        total: Some(count(rows)),
        ..fresh(core, caller, actor, branch, (WorkKind::ImportPeople, state), now)?
    };
    // Looking through tells which addresses are known already, so the trail tells of it.
    let (kind, detail) = if import.only_check {
        (EventKind::ImportChecked, format!("{} people would be made, {} refused", good.len(), refused.len()))
    } else {
        (EventKind::ImportBegun, told(good.len(), import.invite))
    };
    let begun = core.act(caller, actor, kind, (work.pool, work.tenant), now)?;
    let begun = Event { detail: Some(detail), ..begun };
    let parts = parts(core, &work, &good)?;
    let refusals = refusals(core, &work, &refused)?;
    let made = work.clone();
    let written = core.db().write_bulk(branch.pool(), move |tx| {
        match admitted(tx, &work, once.as_ref())? {
            Ok(None) => {}
            known => return Ok(known),
        }
        works::insert(tx, &work)?;
        for (number, sealed) in &parts {
            work_parts::put(tx, work.id, *number, sealed)?;
        }
        for (line, sealed) in &refusals {
            work_refusals::put(tx, work.id, *line, sealed)?;
        }
        events::insert(tx, &begun)?;
        Ok(Ok(None))
    });
    Ok(written.await??.map_or(Done::Now(made), Done::Before))
}

/// Starts an import that was looked through, on behalf of whoever starts it.
///
/// Errors: [`Error::NotFound`] for one of another tenant; [`Error::Conflict`] for one that was started or ended, and while
/// another work goes on there; else as [`import`].
pub async fn start(core: &Core, caller: &Caller, actor: &Actor, branch: &Branch, id: WorkId) -> Result<Work> {
    may_import(actor, branch)?;
    let now = core.now();
    let (pool, tenant) = (branch.pool(), branch.tenant().id);
    let begun = core.act(caller, actor, EventKind::ImportBegun, (pool, tenant), now)?;
    let (maker, name, address) = (Maker::of(actor, branch)?.written()?, actor.name(), caller.address);
    let written = core.db().write(pool, move |tx: &mut Tx<'_>| {
        let Some(work) = super::see::of(tx, tenant, id)? else { return Ok(Err(Error::NotFound)) };
        if work.state != WorkState::Checked || work.is_erased || work.erase_at <= now {
            let problem = "it was started or ended already: send the file again";
            return Ok(Err(Error::conflict("work", problem)));
        }
        let started = Work {
            state: WorkState::Running,
            due_at: now,
            erase_at: until(WorkState::Running, now),
            maker: maker.clone(),
            actor: name.clone(),
            address: Some(address),
            ..work
        };
        if let Err(refused) = has_room(tx, &started, now)? {
            return Ok(Err(refused));
        }
        if !works::rewrite(tx, &started)? {
            return Err(StoreError::Fault("a work changed within a transaction".to_owned()));
        }
        let good = started.total.unwrap_or(0).saturating_sub(started.refused);
        let detail = told(usize::try_from(good).unwrap_or(0), Wish::of(&started)?.invite);
        events::insert(tx, &Event { detail: Some(detail), ..begun.clone() })?;
        Ok(Ok(works::find(tx, id)?.unwrap_or(started)))
    });
    written.await?
}

fn may_import(actor: &Actor, branch: &Branch) -> Result<()> {
    actor.administers(branch)?;
    if actor.holds(Scope::PeopleWrite) { Ok(()) } else { Err(Error::NotAllowed) }
}

fn told(people: usize, invite: bool) -> String {
    let how = if invite { "with invitations" } else { "without invitations" };
    if people == 1 { format!("1 person, {how}") } else { format!("{people} people, {how}") }
}

fn parts(core: &Core, work: &Work, lines: &[Line]) -> Result<Vec<(i64, Vec<u8>)>> {
    let numbered = (0..).zip(lines.chunks(PART_LINES));
    let sealed = numbered.map(|(number, lines)| Ok((number, seal(core, part(work, number), &lines)?)));
    Ok(sealed.collect::<Result<_, StoreError>>()?)
}

fn refusals(core: &Core, work: &Work, refused: &[Refused]) -> Result<Vec<(i64, Vec<u8>)>> {
    let sealed = refused.iter().map(|it| {
        let number = it.line.number;
        Ok((number, seal(core, refusal(work, number), it)?))
    });
    Ok(sealed.collect::<Result<_, StoreError>>()?)
}

fn part(work: &Work, number: i64) -> Place {
    Place { pool: work.pool, work: work.id, what: What::Part, number }
}

fn refusal(work: &Work, number: i64) -> Place {
    Place { pool: work.pool, work: work.id, what: What::Refusal, number }
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
