//! The mark of a move: which end of it this database is, and how far it has come.

use crate::{Error, HouseTx, Statement, Statements, sql};
use doorward_model::Timestamp;
use uuid::Uuid;

/// Which end of a move a database is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is being copied: nobody may change it.
    Leaving,
    /// Everything is elsewhere, and lives on there.
    Left,
    /// It is being filled.
    Arriving,
    /// It holds everything, verified. Whoever opens it first takes the mark away.
    Arrived,
}

impl State {
    const ALL: [Self; 4] = [Self::Leaving, Self::Left, Self::Arriving, Self::Arrived];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leaving => "leaving",
            Self::Left => "left",
            Self::Arriving => "arriving",
            Self::Arrived => "arrived",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Both ends of one move have the same.
    pub id: Uuid,
    /// Which end.
    pub state: State,
    /// The other end, as an operator knows it: a path, or hosts and database.
    pub other: String,
    /// Since when.
    pub at: Timestamp,
}

const FIND: Statement = sql("SELECT id, state, other, at FROM moves WHERE one = 1");

/// The mark, if there is one.
pub fn find(tx: &mut HouseTx<'_>) -> Result<Option<Mark>, Error> {
    tx.row(&FIND, &[], |row| {
        let state = row.parsed(1, State::parse)?;
        Ok(Mark { id: row.get(0)?, state, other: row.get(2)?, at: row.get(3)? })
    })
}

const PUT: Statement = sql("INSERT INTO moves (one, id, state, other, at) VALUES (1, $1, $2, $3, $4) \
     ON CONFLICT (one) DO UPDATE SET id = $1, state = $2, other = $3, at = $4");

/// Sets the mark, whatever it was.
pub fn put(tx: &mut HouseTx<'_>, mark: &Mark) -> Result<(), Error> {
    let Mark { id, state, other, at } = mark;
    tx.execute(&PUT, &[id, &state.as_str(), other, at])?;
    Ok(())
}

const ADVANCE: Statement =
    sql("UPDATE moves SET state = $3, at = $4 WHERE one = 1 AND id = $1 AND state = $2");

/// Takes this move's mark from one state to the next; `false` where it is another's, or in another state.
pub fn advance(
    tx: &mut HouseTx<'_>,
    id: Uuid,
    (from, to): (State, State),
    at: Timestamp,
) -> Result<bool, Error> {
    Ok(tx.execute(&ADVANCE, &[&id, &from.as_str(), &to.as_str(), &at])? > 0)
}

const REMOVE: Statement = sql("DELETE FROM moves WHERE one = 1 AND id = $1 AND state = $2");

/// Takes this move's mark away; `false` where it is another's, or in another state.
pub fn remove(tx: &mut HouseTx<'_>, id: Uuid, state: State) -> Result<bool, Error> {
    Ok(tx.execute(&REMOVE, &[&id, &state.as_str()])? > 0)
}

const FORGET_LEFT: Statement = sql("DELETE FROM moves WHERE one = 1 AND state = 'left'");

/// Lets a database that was moved away be used again. Whoever calls this sees to it that nothing that was revoked since
/// revives.
pub fn forget_left(tx: &mut HouseTx<'_>) -> Result<(), Error> {
    tx.execute(&FORGET_LEFT, &[])?;
    Ok(())
}
