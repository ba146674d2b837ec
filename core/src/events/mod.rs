//! Events, read: what happened at a tenant and below it, for its administrators; in the house, for operators.
//!
//! `told.rs` says who and what the ids are, so that an event can be told in a sentence; `export.rs` is what a row of a
//! table of them holds. Writing them is everybody's own affair (`record.rs`).

mod export;
mod search;
mod told;

pub use export::{COLUMNS, cells};

use crate::below::{Below, Keyed};
use crate::manage::Scope;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{
    ApplicationId, Event, EventId, EventKind, EventNames, PersonId, PoolId, SessionId, Timestamp,
};
use doorward_store::{Error as StoreError, Tx, events};
use search::Search;
use uuid::Uuid;

/// Where something happened.
#[derive(Clone, Copy, Debug)]
pub enum Scene<'a> {
    /// At a tenant and below it.
    At(&'a Branch),
    /// In the house: to doors, regions, operators, the installation itself.
    House,
}

/// Which events are meant; what is `None` does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// To this person.
    pub person: Option<PersonId>,
    /// With this session.
    pub session: Option<SessionId>,
    /// By this program.
    pub application: Option<ApplicationId>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// A place in a list of events: behind this one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    pub(crate) at: Timestamp,
    pub(crate) id: EventId,
}

impl Place {
    /// For a cursor.
    pub fn bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let parts = self.at.micros().to_be_bytes().into_iter().chain(*self.id.as_bytes());
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }

    /// Of a cursor.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_at_checked(8)?;
        let at = Timestamp::from_micros(i64::from_be_bytes(at.try_into().ok()?));
        Some(Self { at, id: EventId::new(Uuid::from_slice(id).ok()?) })
    }
}

/// An event with the names of what it is about, as they are now.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What happened.
    pub event: Event,
    /// Who and where that was.
    pub names: EventNames,
}

impl Told {
    /// In a sentence.
    pub fn sentence(&self) -> String {
        self.event.sentence(&self.names)
    }
}

/// What happened, newest first, at most `rows`. A page may be short, or empty, and go on: it looks at some thousand events.
///
/// Errors: [`Error::NotAllowed`] for who does not administer the tenant, or runs no house; [`Error::NotFound`] outside the
/// actor's pool.
pub async fn list(
    core: &Core,
    actor: &Actor,
    scene: Scene<'_>,
    filter: Filter,
    before: Option<Place>,
    rows: usize,
) -> Result<Keyed<Told, Place>> {
    let pool = may_look(actor, scene)?;
    let search = Search { below: below(scene), filter, before, rows };
    let found = core.db().read(pool, move |tx| {
        let page = search.clone().run(tx)?;
        Ok((told::of(tx, page.items)?, page.next))
    });
    let (items, next) = found.await?;
    Ok(Keyed { items: items.into_iter().map(|it| told::with_door(core, it)).collect(), next })
}

/// One event. [`Error::NotFound`] for one of elsewhere; else as [`list`].
pub async fn find(core: &Core, actor: &Actor, scene: Scene<'_>, id: EventId) -> Result<Told> {
    let pool = may_look(actor, scene)?;
    let mut below = below(scene);
    let found = core.db().read(pool, move |tx| {
        let Some(event) = events::find(tx, id)? else { return Ok(None) };
        let is_meant = is_within(tx, &mut below, &event)?;
        Ok(if is_meant { told::of(tx, vec![event])?.pop() } else { None })
    });
    Ok(told::with_door(core, found.await?.ok_or(Error::NotFound)?))
}

/// The pool under which a scene's events are kept, if the actor may see them.
fn may_look(actor: &Actor, scene: Scene<'_>) -> Result<PoolId> {
    match scene {
        Scene::At(branch) => actor.administers(branch).map(|_| branch.pool()),
        Scene::House if actor.runs_house(Scope::EventsRead) => Ok(events::HOUSE),
        Scene::House => Err(Error::NotAllowed),
    }
}

/// `None` where everything of the pool is meant.
fn below(scene: Scene<'_>) -> Option<Below> {
    match scene {
        Scene::At(branch) => Some(Below::new(branch)),
        Scene::House => None,
    }
}

fn is_within(tx: &mut Tx<'_>, below: &mut Option<Below>, event: &Event) -> Result<bool, StoreError> {
    below.as_mut().map_or(Ok(true), |below| below.contains(tx, event.tenant))
}
