//! One try at one job: begin, run, commit; and what its end means for the next try.

use super::{
    errors::Failure,
    link::{Link, NotCommitted, Purpose},
    session::{Open, Session},
};
use crate::{
    Error, Invalidation,
    engine::{Driver, job::Job},
};

/// How a try ended.
pub(super) enum End {
    /// Committed. A read is still open: whoever asked is answered first.
    Done(Vec<Invalidation>),
    /// Nothing was kept, and another try would end the same.
    Undone(Error),
    /// Nothing was kept; another try may do better.
    Again(Failure),
    /// Whether it was kept cannot be known from here.
    Unknown(Vec<Invalidation>, String),
}

/// Runs a job once.
pub(super) fn run(link: &Link, purpose: Purpose, job: &mut dyn Job) -> End {
    if let Err(failure) = link.begin(purpose) {
        return ended(failure, None);
    }
    let open = Open::new(link);
    let result = job.run(Driver::Postgres(Session::new(&open)));
    if let Some(failure) = open.into_failure() {
        link.roll_back();
        // A read that writes is a mistake of ours, not the server's state.
        let is_mistake = purpose == Purpose::Read && matches!(failure, Failure::Standby(_));
        return if is_mistake { End::Undone(Error::ReadOnly) } else { ended(failure, result.err()) };
    }
    match result {
        Err(error) => {
            link.roll_back();
            End::Undone(error)
        }
        Ok(stale) if purpose == Purpose::Read => End::Done(stale),
        Ok(stale) => match link.commit() {
            Ok(()) => End::Done(stale),
            Err(NotCommitted::Undone(failure)) => ended(failure, None),
            Err(NotCommitted::Unknown(reason)) => End::Unknown(stale, reason),
        },
    }
}

/// The closure's own words are kept where nothing more is tried.
fn ended(failure: Failure, words: Option<Error>) -> End {
    match failure {
        Failure::Final(error) => End::Undone(words.unwrap_or(error)),
        Failure::Held(_) => End::Undone(words.unwrap_or_else(|| failure.into_error())),
        Failure::Again(_) | Failure::Lost(_) | Failure::Standby(_) => End::Again(failure),
    }
}
