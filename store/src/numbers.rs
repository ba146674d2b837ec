//! Numbers that clients see as integers: handed out upwards, never twice.

use crate::{Error, Statement, Statements, sql};
use doorward_model::PoolId;
use uuid::Uuid;

/// What is numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numbered {
    /// Companies, over all pools.
    Companies,
    /// People, within a pool.
    People(PoolId),
}

impl Numbered {
    fn scope(self) -> Uuid {
        match self {
            Self::Companies => Uuid::nil(),
            Self::People(pool) => pool.uuid(),
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Companies => "company",
            Self::People(_) => "person",
        }
    }
}

const TAKE: Statement = sql("INSERT INTO numbers (scope, kind, next) VALUES ($1, $2, $3 + 1) \
     ON CONFLICT (scope, kind) DO UPDATE SET next = numbers.next + 1 RETURNING next - 1");

/// Takes the next number; the first of a kind is `first`.
pub fn take(tx: &mut impl Statements, numbered: Numbered, first: i64) -> Result<i64, Error> {
    let taken = tx.row(&TAKE, &[&numbered.scope(), &numbered.kind(), &first], |row| row.get(0))?;
    taken.ok_or_else(|| Error::Fault("a number was not handed out".to_owned()))
}

const PEEK: Statement = sql("SELECT next FROM numbers WHERE scope = $1 AND kind = $2");

/// The number that would be taken next; it stays where it is.
pub fn peek(tx: &mut impl Statements, numbered: Numbered, first: i64) -> Result<i64, Error> {
    let next = tx.row(&PEEK, &[&numbered.scope(), &numbered.kind()], |row| row.get(0))?;
    Ok(next.unwrap_or(first))
}

const RAISE: Statement = sql("INSERT INTO numbers (scope, kind, next) VALUES ($1, $2, $3 + 1) \
     ON CONFLICT (scope, kind) DO UPDATE SET next = $3 + 1 WHERE numbers.next <= $3");

/// How far one choice moves what is handed out next: past every number that is likely to be reached, and so little that no
/// choice uses up the numbers there are (2^31). Whoever hands out looks whether somebody chose a number beyond.
pub const REACH: i64 = 1_000_000;

/// Skips a number somebody chose, if the counting comes there soon; else it stays where it is.
pub fn choose(tx: &mut impl Statements, numbered: Numbered, first: i64, chosen: i64) -> Result<(), Error> {
    if is_in_reach(peek(tx, numbered, first)?, chosen) {
        skip(tx, numbered, chosen)?;
    }
    Ok(())
}

/// Whether a number somebody chooses while `next` comes next is skipped.
pub const fn is_in_reach(next: i64, chosen: i64) -> bool {
    chosen < next.saturating_add(REACH)
}

/// Begins behind a number, however far it is.
pub fn skip(tx: &mut impl Statements, numbered: Numbered, chosen: i64) -> Result<(), Error> {
    tx.execute(&RAISE, &[&numbered.scope(), &numbered.kind(), &chosen])?;
    Ok(())
}
