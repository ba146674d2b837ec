//! Who may open a database that bears the mark of a move.
//!
//! Every opening comes through here, so that no command and no server works in a database that is half there, or goes on
//! in one whose life continues elsewhere.

use super::{Mark, State, find, remove};
use crate::{Db, Error, OpenError};
use tokio::runtime::Builder;

/// What is let in by the mark of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// What is there to be worked in. Whoever comes first after a move takes its mark away.
    Usable,
    /// Also what was moved away: for who ends what may have been revoked since.
    MovedAway,
    /// Whatever it is: for the move itself.
    AnyEnd,
}

/// Lets a database that was opened be used, or closes it. `failed` words what the database itself says.
pub(crate) fn pass(
    db: &Db,
    place: &str,
    admitted: Admitted,
    failed: impl Fn(String) -> OpenError + Sync,
) -> Result<(), OpenError> {
    if admitted == Admitted::AnyEnd {
        return Ok(());
    }
    // The caller's thread may be inside a runtime already, which must not be blocked by another.
    let looked = std::thread::scope(|scope| scope.spawn(|| look(db, place, admitted, &failed)).join());
    looked.unwrap_or_else(|_| Err(failed("the thread that looks for a move's mark panicked".to_owned())))
}

fn look(
    db: &Db,
    place: &str,
    admitted: Admitted,
    failed: &impl Fn(String) -> OpenError,
) -> Result<(), OpenError> {
    let runtime = Builder::new_current_thread().build().map_err(|error| failed(error.to_string()))?;
    runtime.block_on(async {
        let outcome = match judged(db, admitted).await {
            Ok(None) => return Ok(()),
            Ok(Some(mark)) => refusal(place.to_owned(), mark),
            Err(error) => failed(error.to_string()),
        };
        db.close().await;
        Err(outcome)
    })
}

/// The mark that forbids to go on.
async fn judged(db: &Db, admitted: Admitted) -> Result<Option<Mark>, Error> {
    let Some(mark) = db.read_house(find).await? else { return Ok(None) };
    match mark.state {
        State::Arrived => {
            let id = mark.id;
            db.write_house(move |tx| remove(tx, id, State::Arrived)).await?;
            // Where the mark has changed meanwhile, somebody has given the move up, or begun the next.
            db.read_house(find).await
        }
        State::Left if admitted == Admitted::MovedAway => Ok(None),
        State::Left | State::Leaving | State::Arriving => Ok(Some(mark)),
    }
}

fn refusal(place: String, mark: Mark) -> OpenError {
    let other = mark.other;
    match mark.state {
        State::Leaving => OpenError::Leaving { place, other },
        State::Left => OpenError::Left { place, other, at: mark.at },
        State::Arriving | State::Arrived => OpenError::Arriving { place, other },
    }
}
