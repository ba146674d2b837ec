//! Live sessions with the names of who and what they are about, newest first, a page at a time.

use super::{Search, Whose};
use crate::below::{Below, Keyed, Reading, Source};
use crate::names::Known;
use crate::verify::life::{Ground, Standing, has_membership, judge};
use crate::{Actor, Branch, Core, Result};
use doorward_model::{Membership, Person, PersonId, Role, Session, SessionId, TenantId, Timestamp};
use doorward_store::sessions::StoredSession;
use doorward_store::{Error as StoreError, Tx, memberships, people, sessions};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

/// A live session, and what it is about by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The session.
    pub session: Session,
    /// What the person is called.
    pub person: Option<String>,
    /// What the tenant is called.
    pub tenant: Option<String>,
    /// What the program is called.
    pub application: Option<String>,
    /// What the door is called, if it still stands.
    pub door: Option<String>,
}

/// The live sessions of one person that were opened before one, newest first, at most `rows`. Errors as of [`super::list`].
pub async fn list_before(
    core: &Core,
    whose: Whose<'_>,
    before: Option<SessionId>,
    rows: usize,
) -> Result<Keyed<Open, SessionId>> {
    let search = Search::of(core, whose)?;
    let before = before.unwrap_or(LAST);
    let found = core.db().read(search.pool, move |tx| {
        // One person holds as many as policy allows (P23), so all of them are read.
        let mut held = match search.run(tx)? {
            Ok(held) => held,
            Err(refusal) => return Ok(Err(refusal)),
        };
        held.retain(|session| session.id < before);
        held.sort_by_key(|session| std::cmp::Reverse(session.id));
        let page = Keyed::of(held, rows, |session| session.id);
        let mut known = Known::default();
        let items = page.items.into_iter().map(|session| named(tx, &mut known, session));
        Ok(Ok(Keyed { items: items.collect::<Result<Vec<_>, StoreError>>()?, next: page.next }))
    });
    Ok(found.await??.map(|open| with_door(core, open)))
}

/// The live sessions at a tenant and below it that were opened before one, newest first, at most `rows`. For its
/// administrators; those of people who are stronger there are left out. A page may be short, or empty, and go on.
///
/// Errors: [`crate::Error::NotAllowed`]; [`crate::Error::NotFound`] outside the actor's pool.
pub async fn list_at(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    before: Option<SessionId>,
    rows: usize,
) -> Result<Keyed<Open, SessionId>> {
    let role = actor.administers(branch)?;
    let here = Here { top: branch.tenant().id, role, now: core.now(), epoch: core.epoch() };
    let (below, before) = (Below::new(branch), before.unwrap_or(LAST));
    let found = core.db().read(branch.pool(), move |tx| {
        let (mut below, mut known) = (below.clone(), Known::default());
        let mut people: HashMap<PersonId, Option<Holder>> = HashMap::new();
        let mut branches: HashMap<TenantId, Option<Branch>> = HashMap::new();
        let sources = below.sources(tx)?;
        // Most of what a pool holds lives, unless its sweeper is behind.
        let reading =
            Reading::new(&sources, rows, below.leaves_out(&sources), |it: &StoredSession| it.session.id);
        let read = |tx: &mut Tx<'_>, source, before, limit| match source {
            Source::Pool => sessions::list_before(tx, before, limit),
            Source::At(tenant) => sessions::list_at_tenant_before(tx, tenant, before, limit),
        };
        reading.page(tx, (&sources, before, rows), read, |tx, stored: StoredSession| {
            let session = &stored.session;
            if !below.contains(tx, Some(session.tenant))? {
                return Ok(None);
            }
            let place = match branches.entry(session.tenant) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(Branch::read(tx, session.tenant)?),
            };
            let holder = match people.entry(session.person) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(here.holder(tx, session.person)?),
            };
            let (place, holder) = (place.as_ref(), holder.as_ref());
            match holder.filter(|holder| here.lives(&stored, holder, place)) {
                None => Ok(None),
                Some(_) => named(tx, &mut known, stored.session).map(Some),
            }
        })
    });
    Ok(found.await?.map(|open| with_door(core, open)))
}

/// Behind every session.
const LAST: SessionId = SessionId::new(Uuid::max());

/// Somebody whose sessions may be seen here.
struct Holder {
    person: Person,
    places: Vec<Membership>,
}

/// Who asks, where and when.
#[derive(Clone, Copy)]
struct Here {
    top: TenantId,
    role: Role,
    now: Timestamp,
    epoch: i64,
}

impl Here {
    /// `None` for people who are stronger here, and for those who are gone.
    fn holder(self, tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Holder>, StoreError> {
        let Some(person) = people::find(tx, id)? else { return Ok(None) };
        let is_weaker = crate::memberships::outranks(tx, self.role, self.top, id)?.is_ok();
        let places = memberships::list_by_person(tx, id)?;
        Ok(is_weaker.then_some(Holder { person, places }))
    }

    fn lives(self, stored: &StoredSession, holder: &Holder, branch: Option<&Branch>) -> bool {
        let ground = Ground {
            person: Some(Standing::from(&holder.person)),
            branch,
            has_place: has_membership(stored.session.kind, branch, &holder.places),
            epoch: self.epoch,
            now: self.now,
        };
        judge(&stored.terms(), &ground).is_ok()
    }
}

fn named(tx: &mut Tx<'_>, known: &mut Known, session: Session) -> Result<Open, StoreError> {
    Ok(Open {
        person: known.person(tx, session.person)?,
        tenant: known.tenant(tx, session.tenant)?,
        application: session.application.map(|id| known.application(tx, id)).transpose()?.flatten(),
        door: None,
        session,
    })
}

fn with_door(core: &Core, open: Open) -> Open {
    let door = open.session.door.and_then(|id| core.doors().by_id(id)).map(|door| door.name.clone());
    Open { door, ..open }
}
