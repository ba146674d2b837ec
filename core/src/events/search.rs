//! Reading the events that a filter means, along the index that fits.
//!
//! Ids are ordered by time, to the millisecond, so a pool's and a tenant's events are read in the order of ids, and a
//! time is a bound of ids. A person's are read by the index that a sign-in writes anyway, in the order of times.

use super::{Filter, Place, is_within};
use crate::below::{Below, Keyed, Reading, Source};
use doorward_model::{Event, EventId, SessionId, Timestamp};
use doorward_store::events::{self, Stretch};
use doorward_store::{Error as StoreError, Tx};
use uuid::{Builder, Uuid};

/// The beginning of a list: nothing is later.
const NOW: Place = Place { at: Timestamp::from_micros(i64::MAX), id: EventId::new(Uuid::max()) };

#[derive(Clone)]
pub(super) struct Search {
    /// `None` where everything of the pool is meant.
    pub(super) below: Option<Below>,
    pub(super) filter: Filter,
    pub(super) before: Option<Place>,
    pub(super) rows: usize,
}

impl Search {
    pub(super) fn run(mut self, tx: &mut Tx<'_>) -> Result<Keyed<Event, Place>, StoreError> {
        if self.filter.person.is_some() { self.of_person(tx) } else { self.by_id(tx) }
    }

    fn of_person(&mut self, tx: &mut Tx<'_>) -> Result<Keyed<Event, Place>, StoreError> {
        let Some(person) = self.filter.person else { return Ok(Keyed { items: Vec::new(), next: None }) };
        let since = self.filter.from.unwrap_or(Timestamp::from_micros(i64::MIN));
        // Before a moment is before every id of it.
        let to = self.filter.to.map_or(NOW, |at| Place { at, id: EventId::new(Uuid::nil()) });
        let before = self.before.unwrap_or(NOW).min(to);
        let sources = [Source::Pool];
        let reading = Reading::new(&sources, self.rows, self.is_picky(), place);
        let read = |tx: &mut Tx<'_>, _, before: Place, limit| {
            events::list_of_person_before(tx, person, (before.at, before.id), since, limit)
        };
        reading.page(tx, (&sources, before, self.rows), read, |tx, event| self.picks(tx, event))
    }

    fn by_id(&mut self, tx: &mut Tx<'_>) -> Result<Keyed<Event, Place>, StoreError> {
        let sources = match &self.below {
            Some(below) => below.sources(tx)?,
            None => vec![Source::Pool],
        };
        let is_picky = self.is_picky() || self.below.as_ref().is_some_and(|below| below.leaves_out(&sources));
        let since = self.since();
        // Those of the same millisecond may still be before it: they are told apart by their time.
        let to = self.filter.to.map_or(NOW.id, |to| first_of(millis(to).saturating_add(1)));
        let before = self.before.map_or(NOW.id, |place| place.id).min(to);
        let reading = Reading::new(&sources, self.rows, is_picky, |event: &Event| event.id);
        let read = |tx: &mut Tx<'_>, source, before, limit| {
            let stretch = Stretch { before, since };
            match source {
                Source::Pool => events::list_before(tx, stretch, limit),
                Source::At(tenant) => events::list_at_tenant_before(tx, tenant, stretch, limit),
            }
        };
        let wanted = (sources.as_slice(), before, self.rows);
        let page = reading.page(tx, wanted, read, |tx, event| self.picks(tx, event))?;
        // The time stands for nothing here; the id is the place.
        Ok(Keyed { items: page.items, next: page.next.map(|id| Place { at: NOW.at, id }) })
    }

    /// No event of what is meant has a smaller id.
    fn since(&self) -> EventId {
        let from = self.filter.from.map(|from| first_of(millis(from)));
        let begun = self.filter.session.and_then(begun).map(first_of);
        from.max(begun).unwrap_or(EventId::new(Uuid::nil()))
    }

    fn is_picky(&self) -> bool {
        let Filter { kind, person: _, session, application, from: _, to: _ } = self.filter;
        kind.is_some() || session.is_some() || application.is_some()
    }

    fn picks(&mut self, tx: &mut Tx<'_>, event: Event) -> Result<Option<Event>, StoreError> {
        let is_meant = self.filter.means(&event) && is_within(tx, &mut self.below, &event)?;
        Ok(is_meant.then_some(event))
    }
}

impl Filter {
    fn means(&self, event: &Event) -> bool {
        let Self { kind, person, session, application, from, to } = *self;
        kind.is_none_or(|kind| kind == event.kind)
            && person.is_none_or(|person| event.person == Some(person))
            && session.is_none_or(|session| event.session == Some(session))
            && application.is_none_or(|application| event.application == Some(application))
            && from.is_none_or(|from| event.at >= from)
            && to.is_none_or(|to| event.at < to)
    }
}

fn place(event: &Event) -> Place {
    Place { at: event.at, id: event.id }
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.micros().div_euclid(1000)).unwrap_or(0)
}

/// The smallest id of a millisecond (RFC 9562 §5.7).
fn first_of(millis: u64) -> EventId {
    EventId::new(Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
}

/// The millisecond a session was opened in: nothing happened with it before. A session that was moved in from elsewhere
/// may say nothing.
fn begun(session: SessionId) -> Option<u64> {
    let (seconds, nanos) =
        session.uuid().get_timestamp().filter(|_| session.uuid().get_version_num() == 7)?.to_unix();
    Some(seconds.saturating_mul(1000).saturating_add(u64::from(nanos / 1_000_000)))
}
