//! Giving a move up: the source may be used again, as long as nobody has used the other end.

use super::{End, Error};
use doorward_model::Timestamp;
use doorward_store::moving::{self as store, Mark, State};
use uuid::Uuid;

/// Takes the mark from the source, with sessions as they were. What the other end holds cannot be used any more; it may be
/// emptied with a new move (`restart`). `fresh` names what is left there.
///
/// The other end is needed only after everything was moved: [`Error::OtherEndNeeded`] asks for it, and [`Error::Used`]
/// says that it has been opened since, so that something may have been revoked there.
pub async fn abandon(from: &End, to: Option<&End>, fresh: Uuid, now: Timestamp) -> Result<(), Error> {
    let place = from.place.clone();
    let mark = from.mark().await?.ok_or(Error::NotMoving { place })?;
    match mark.state {
        State::Leaving => release(from, &mark).await,
        State::Left => {
            let to = to.ok_or_else(|| Error::OtherEndNeeded {
                place: from.place.clone(),
                other: mark.other.clone(),
            })?;
            shut(to, mark.id, Mark { id: fresh, state: State::Arriving, other: from.place.clone(), at: now })
                .await?;
            release(from, &mark).await
        }
        State::Arriving | State::Arrived => Err(Error::NotMoving { place: from.place.clone() }),
    }
}

/// Makes the other end what no move goes on with, if nobody has opened it.
async fn shut(to: &End, id: Uuid, mark: Mark) -> Result<(), Error> {
    let shut = to.db.write_house(move |tx| {
        let is_unused = store::find(tx)?.is_some_and(|found| match found.state {
            // Nobody can have used it, and it came from here: an earlier try has shut it already.
            State::Arriving => found.other == mark.other,
            State::Arrived => found.id == id,
            State::Leaving | State::Left => false,
        });
        if is_unused {
            store::put(tx, &mark)?;
        }
        Ok(is_unused)
    });
    if to.told("the mark of a move", shut.await)? {
        Ok(())
    } else {
        Err(Error::Used { place: to.place.clone() })
    }
}

async fn release(from: &End, mark: &Mark) -> Result<(), Error> {
    let (id, state) = (mark.id, mark.state);
    let removed = from.db.write_house(move |tx| store::remove(tx, id, state)).await;
    if from.told("the mark of a move", removed)? {
        Ok(())
    } else {
        Err(Error::TakenOver { place: from.place.clone() })
    }
}
