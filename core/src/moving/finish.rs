//! The end: the source is marked as moved, and then the other end may be used. In this order, so that there is no moment
//! at which both can be.

use super::{Error, Move};
use doorward_model::{Event, EventKind};
use doorward_store::moving::{self as store, State};
use doorward_store::{Invalidation, Statements as _, events};
use uuid::Uuid;

pub(super) async fn finish(it: &Move, id: Uuid) -> Result<(), Error> {
    let Move { from, to, .. } = it;
    let now = it.clock.now();
    let marked = from.db.write_house(move |tx| {
        // A run that was cut short here has left the first word.
        let is_marked = store::find(tx)?.is_some_and(|mark| mark.id == id && mark.state == State::Left);
        Ok(is_marked || store::advance(tx, id, (State::Leaving, State::Left), now)?)
    });
    if !from.told("the mark of a move", marked.await)? {
        return Err(Error::TakenOver { place: from.place.clone() });
    }
    let event = event(it);
    let opened = to.db.write_house(move |tx| {
        let is_ours = store::advance(tx, id, (State::Arriving, State::Arrived), now)?;
        if is_ours {
            events::insert(tx, &event)?;
            // No session ends: the epoch of the installation came along as it was. But whoever remembers anything of
            // what this database held before shall forget it.
            tx.invalidate(Invalidation::Everything);
        }
        Ok(is_ours)
    });
    if to.told("the mark of a move", opened.await)? {
        Ok(())
    } else {
        Err(Error::TakenOver { place: to.place.clone() })
    }
}

fn event(it: &Move) -> Event {
    Event {
        id: it.event,
        pool: None,
        tenant: None,
        kind: EventKind::InstallationMoved,
        person: None,
        actor: Some(crate::Actor::Operator.name()),
        session: None,
        door: None,
        application: None,
        address: None,
        detail: Some(format!("from {} to {}", it.from.place, it.to.place)),
        at: it.clock.now(),
    }
}
