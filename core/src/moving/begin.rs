//! The beginning: whether it may begin or go on, and the marks that keep everybody else out.

use super::{End, Error, Move, Tables};
use doorward_store::installation;
use doorward_store::moving::{self as store, Mark, State};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How often it is looked whether others are gone, and the pause between: two seconds, because a server that was just
/// stopped, or the last statement of a killed move, may still be seen for a moment.
const LOOKS: usize = 40;
const LOOK: Duration = Duration::from_millis(50);

/// What the two marks say is to be done.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    /// A new move, into an empty database.
    Begin,
    /// A new move, into what an earlier one left half-filled.
    BeginAnew,
    /// The move of this id goes on.
    GoOn(Uuid),
}

/// Marks both ends, and returns the move's id. Whoever opens one of them from here on is refused, and whoever had it open
/// before is seen by the second look.
pub(super) async fn begin(it: &Move, tables: &Tables) -> Result<Uuid, Error> {
    let Move { from, to, .. } = it;
    for end in [from, to] {
        if !end.told("its version", end.db.read_house(store::is_of_this_version).await)? {
            return Err(Error::NewerSchema { place: end.place.clone() });
        }
    }
    let found = from.told("the installation", from.db.read_house(installation::find).await)?;
    if found.is_none() {
        return Err(Error::Nothing { place: from.place.clone() });
    }
    let is_empty = to.told("its tables", to.db.read_house(store::is_empty).await)?;
    let decision = decide(it, from.mark().await?, to.mark().await?, is_empty)?;
    alone(it).await?;
    let id = match decision {
        Decision::GoOn(id) => return Ok(id),
        Decision::Begin | Decision::BeginAnew => it.id,
    };
    // The source first: with another id there, what the other end still holds is no part of a move that may go on.
    put(it, from, State::Leaving, to).await?;
    if decision == Decision::BeginAnew {
        empty(to, tables).await?;
    }
    put(it, to, State::Arriving, from).await?;
    if let Err(in_use) = alone(it).await {
        // As it was before: the nodes that are there go on.
        for (end, state) in [(to, State::Arriving), (from, State::Leaving)] {
            let removed = end.db.write_house(move |tx| store::remove(tx, id, state)).await;
            end.told("the mark of a move", removed)?;
        }
        return Err(in_use);
    }
    Ok(id)
}

fn decide(it: &Move, from: Option<Mark>, to: Option<Mark>, is_empty: bool) -> Result<Decision, Error> {
    let (from_place, to_place) = (|| it.from.place.clone(), || it.to.place.clone());
    let known = match from {
        None => None,
        // Nobody has opened it since it arrived: it is as good as any.
        Some(Mark { state: State::Arrived, .. }) => None,
        Some(Mark { state: State::Leaving, id, .. }) => Some(id),
        // Everything but the last step may have been done.
        Some(Mark { state: State::Left, id, other, at }) => {
            let is_other_end = to.as_ref().is_some_and(|to| to.id == id && to.state == State::Arriving);
            if !is_other_end {
                return Err(Error::MovedAway { place: from_place(), other, at, is_source: true });
            }
            Some(id)
        }
        Some(Mark { state: State::Arriving, other, .. }) => {
            return Err(Error::Unfinished { place: from_place(), other });
        }
    };
    match to {
        None if is_empty => Ok(Decision::Begin),
        None | Some(Mark { state: State::Arrived, .. }) => Err(Error::NotEmpty { place: to_place() }),
        Some(Mark { state: State::Arriving, .. }) if it.restart => Ok(Decision::BeginAnew),
        Some(Mark { state: State::Arriving, id, .. }) if known == Some(id) => Ok(Decision::GoOn(id)),
        Some(Mark { state: State::Arriving, other, .. }) => {
            Err(Error::OtherMove { place: to_place(), other })
        }
        Some(Mark { state: State::Left, other, at, .. }) => {
            Err(Error::MovedAway { place: to_place(), other, at, is_source: false })
        }
        Some(Mark { state: State::Leaving, other, .. }) => {
            Err(Error::Unfinished { place: to_place(), other })
        }
    }
}

/// Waits for others to be gone, for a moment.
pub(super) async fn alone(it: &Move) -> Result<(), Error> {
    if it.nodes_are_stopped {
        return Ok(());
    }
    for end in [&it.from, &it.to] {
        for look in 1.. {
            let others = end.told("its connections", end.db.read_house(store::others).await)?;
            if others.is_empty() {
                break;
            }
            if look >= LOOKS {
                return Err(Error::InUse { place: end.place.clone(), others });
            }
            tokio::time::sleep(LOOK).await;
        }
    }
    Ok(())
}

async fn put(it: &Move, end: &End, state: State, other: &End) -> Result<(), Error> {
    let mark = Mark { id: it.id, state, other: other.place.clone(), at: it.clock.now() };
    let put = end.db.write_house(move |tx| store::put(tx, &mark)).await;
    end.told("the mark of a move", put)
}

/// A table at a time: a server bounds how long one statement may take.
async fn empty(to: &End, tables: &Tables) -> Result<(), Error> {
    for table in tables {
        let cleared = Arc::clone(table);
        let cleared = to.db.write_house_bulk(move |tx| store::clear(tx, &cleared)).await;
        to.told(&table.name, cleared)?;
    }
    Ok(())
}
