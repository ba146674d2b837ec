//! Transactions as closures see them: bound to one pool, or crossing pools.
//!
//! What an error does, when jobs are rerun and who commits is the engine's affair. A closure may run more
//! than once, so it changes nothing but the database and what it returns.

use crate::{Error, Invalidation, Row, Statement, ToValue, engine::Driver};
use doorward_model::PoolId;

/// A transaction bound to one pool: every store function that takes it reads and writes that pool only.
pub struct Tx<'a> {
    pool: PoolId,
    inside: Inside<'a>,
}

/// A transaction over all pools: doors, regions, operators, lookups, outbox claims, sweeps.
pub struct HouseTx<'a> {
    inside: Inside<'a>,
}

/// What both kinds hold.
struct Inside<'a> {
    driver: Driver<'a>,
    stale: Vec<Invalidation>,
}

mod sealed {
    use crate::{Invalidation, engine::Driver};

    pub trait Transaction {
        fn driver(&self) -> Driver<'_>;
        fn stale(&mut self) -> &mut Vec<Invalidation>;
    }
}

/// Running statements, on either kind of transaction.
pub trait Statements: sealed::Transaction {
    /// The first row, if there is one.
    fn row<T>(
        &mut self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.driver().row(statement, parameters, map)
    }

    /// All rows, in the statement's order. The statement carries its own `LIMIT`.
    fn rows<T>(
        &mut self,
        statement: &Statement,
        parameters: &[&dyn ToValue],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.driver().rows(statement, parameters, map)
    }

    /// How many rows the statement changed.
    fn execute(&mut self, statement: &Statement, parameters: &[&dyn ToValue]) -> Result<u64, Error> {
        self.driver().execute(statement, parameters)
    }

    /// Says what this transaction makes stale; told to caches after COMMIT, and never if it rolls back. In a
    /// read it means nothing.
    fn invalidate(&mut self, stale: Invalidation) {
        self.stale().push(stale);
    }
}

impl sealed::Transaction for Tx<'_> {
    fn driver(&self) -> Driver<'_> {
        self.inside.driver
    }

    fn stale(&mut self) -> &mut Vec<Invalidation> {
        &mut self.inside.stale
    }
}

impl sealed::Transaction for HouseTx<'_> {
    fn driver(&self) -> Driver<'_> {
        self.inside.driver
    }

    fn stale(&mut self) -> &mut Vec<Invalidation> {
        &mut self.inside.stale
    }
}

impl Statements for Tx<'_> {}
impl Statements for HouseTx<'_> {}

impl<'a> Tx<'a> {
    pub(crate) fn new(pool: PoolId, driver: Driver<'a>) -> Self {
        Self { pool, inside: Inside { driver, stale: Vec::new() } }
    }

    /// The pool; part of every statement's key.
    pub fn pool(&self) -> PoolId {
        self.pool
    }

    pub(crate) fn into_stale(self) -> Vec<Invalidation> {
        self.inside.stale
    }
}

impl<'a> HouseTx<'a> {
    pub(crate) fn new(driver: Driver<'a>) -> Self {
        Self { inside: Inside { driver, stale: Vec::new() } }
    }

    /// The same transaction bound to a pool, for what the house does in one pool after another.
    pub fn in_pool<T>(&mut self, pool: PoolId, work: impl FnOnce(&mut Tx<'a>) -> T) -> T {
        let mut tx = Tx { pool, inside: Inside { driver: self.inside.driver, stale: Vec::new() } };
        let outcome = work(&mut tx);
        self.inside.stale.append(&mut tx.inside.stale);
        outcome
    }

    /// Who else has the database open as this user, in words; see [`Driver::others`].
    pub(crate) fn others(&self) -> Result<Vec<String>, Error> {
        self.inside.driver.others()
    }

    pub(crate) fn into_stale(self) -> Vec<Invalidation> {
        self.inside.stale
    }
}
