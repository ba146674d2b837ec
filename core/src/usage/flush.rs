//! Writing down what was used, a piece at a time, in one order on every node, so that two of them wait for each other and never
//! both.

use super::tally::{Counted, Taken};
use crate::{Core, Result};
use doorward_model::{Day, PersonId, PoolId, TenantId, Timestamp, UseKind};
use doorward_store::uses::{self, HOUSE, Of};
use doorward_store::{Error as StoreError, HouseTx, tenants, used_by};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Uses and people of one transaction: short enough that nobody waits behind it.
const TOGETHER: usize = 128;

/// A row's key but for the last column.
type Key = (PoolId, TenantId, UseKind, Vec<u8>);

/// What one transaction writes, in the order of keys.
#[derive(Default)]
struct Rows {
    /// How often on a day, and when last.
    uses: BTreeMap<(Key, Day), (i64, Timestamp)>,
    people: BTreeMap<(Key, PersonId), Timestamp>,
}

/// Writes what was used since the last call; what cannot be written now is given back. What a transaction wrote whose end is
/// unknown is counted twice at worst.
pub async fn flush(core: &Core) -> Result<()> {
    let now = core.now();
    let Taken { mut uses, mut people } = core.uses().take();
    uses.sort();
    people.sort();
    let mut outcome = Ok(());
    for piece in uses.chunks(TOGETHER) {
        let taken = || Taken { uses: piece.to_vec(), people: Vec::new() };
        outcome =
            write(core, taken(), now).await.inspect_err(|_| core.uses().give_back(taken())).and(outcome);
    }
    for piece in people.chunks(TOGETHER) {
        let taken = || Taken { uses: Vec::new(), people: piece.to_vec() };
        outcome =
            write(core, taken(), now).await.inspect_err(|_| core.uses().give_back(taken())).and(outcome);
    }
    Ok(outcome?)
}

async fn write(core: &Core, taken: Taken, now: Timestamp) -> Result<(), StoreError> {
    core.db()
        .write_house_bulk(move |tx| {
            let rows = Rows::of(tx, &taken, now)?;
            for (((pool, scope, kind, subject), _), (count, at)) in &rows.uses {
                let of = Of { scope: *scope, kind: *kind, subject };
                tx.in_pool(*pool, |tx| uses::add(tx, of, *count, *at))?;
            }
            for (((pool, scope, kind, subject), person), at) in &rows.people {
                let of = Of { scope: *scope, kind: *kind, subject };
                tx.in_pool(*pool, |tx| used_by::note(tx, of, *person, *at))?;
            }
            Ok(())
        })
        .await
}

impl Rows {
    fn of(tx: &mut HouseTx<'_>, taken: &Taken, now: Timestamp) -> Result<Self, StoreError> {
        let (mut rows, mut scopes) = (Self::default(), Scopes::default());
        for (of, count) in &taken.uses {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            for key in scopes.keys(tx, of)? {
                rows.add(key, count, now);
            }
        }
        for (of, person, at) in &taken.people {
            // People are of a pool, and an operator looks for them there.
            for key in scopes.keys(tx, of)?.into_iter().filter(|(pool, ..)| *pool != HOUSE.0) {
                // Whoever was seen on a day is found by the row of that day.
                rows.add(key.clone(), 0, *at);
                let seen = rows.people.entry((key, *person)).or_insert(*at);
                *seen = at.max(seen).to_owned();
            }
        }
        Ok(rows)
    }

    fn add(&mut self, key: Key, count: i64, at: Timestamp) {
        let (uses, last) = self.uses.entry((key, Day::of(at))).or_insert((0, at));
        *uses = uses.saturating_add(count);
        *last = at.max(*last);
    }
}

/// Tenants with what is above them, read once.
#[derive(Default)]
struct Scopes(BTreeMap<(PoolId, TenantId), Vec<TenantId>>);

impl Scopes {
    /// The rows that something is counted in: where it was, everything above, and the house for what operators look at.
    fn keys(&mut self, tx: &mut HouseTx<'_>, of: &Counted) -> Result<Vec<Key>, StoreError> {
        let at = (of.pool, of.tenant);
        let scopes = match self.0.entry(at) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let branch = tx.in_pool(of.pool, |tx| tenants::branch(tx, of.tenant))?;
                free.insert(branch.iter().map(|tenant| tenant.id).collect())
            }
        };
        let above = scopes.iter().map(|scope| (of.pool, *scope));
        let house = is_of_house(of.kind).then_some(HOUSE);
        let key = |(pool, scope)| (pool, scope, of.kind, of.subject.clone());
        Ok(above.chain(house).map(key).collect())
    }
}

/// Doors are of no pool.
const fn is_of_house(kind: UseKind) -> bool {
    match kind {
        UseKind::Door | UseKind::SignIn | UseKind::SignInWrong | UseKind::SignInRefused => true,
        UseKind::Application | UseKind::Hash | UseKind::Key => false,
    }
}
