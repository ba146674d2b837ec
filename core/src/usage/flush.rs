//! Writing down what was used, a piece at a time, in one order on every node, so that two of them wait for each other and never
//! both.

use super::counters::Counted;
use super::tally::{Taken, Uses};
use crate::{Core, Result};
use doorward_model::{Day, PersonId, PersonStatus, PoolId, TenantId, Timestamp, UseKind};
use doorward_store::uses::{self, HOUSE, Of};
use doorward_store::{Error as StoreError, HouseTx, people, tenants, used_by};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::Future;

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
/// unknown is counted twice at worst. Once the store is found away, no more is tried.
pub async fn flush(core: &Core) -> Result<()> {
    let now = core.now();
    let write = |piece: Taken| {
        let core = core.clone();
        async move { write(&core, piece, now).await }
    };
    Ok(in_pieces(core.uses(), write).await?)
}

async fn in_pieces<F>(waiting: &Uses, write: impl Fn(Taken) -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<(), StoreError>>,
{
    let Taken { mut uses, mut people } = waiting.take();
    uses.sort();
    people.sort();
    let of_uses = uses.chunks(TOGETHER).map(|piece| Taken { uses: piece.to_vec(), people: Vec::new() });
    let of_people = people.chunks(TOGETHER).map(|piece| Taken { uses: Vec::new(), people: piece.to_vec() });
    let mut outcome = Ok(());
    let mut pieces = of_uses.chain(of_people);
    while let Some(piece) = pieces.next() {
        let Err(fault) = write(piece.clone()).await else { continue };
        waiting.give_back(piece);
        if is_away(&fault) {
            // The rest would wait for the store as long as this piece did, one after the other.
            pieces.for_each(|piece| waiting.give_back(piece));
            return Err(fault);
        }
        outcome = Err(fault);
    }
    outcome
}

/// Whether whatever else is written now fails as well; a row that is broken keeps nothing else from being written.
const fn is_away(fault: &StoreError) -> bool {
    match fault {
        StoreError::Unavailable { .. } | StoreError::ReadOnly | StoreError::Full => true,
        StoreError::Constraint { .. } | StoreError::BrokenRow { .. } | StoreError::Fault(_) => false,
    }
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
        let (mut rows, mut scopes, mut alive) = (Self::default(), Scopes::default(), BTreeMap::new());
        for (of, count) in &taken.uses {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            for key in scopes.keys(tx, of)? {
                rows.add(key, count, now);
            }
        }
        for (of, person, at) in &taken.people {
            // Whoever was deleted meanwhile was forgotten, and stays so.
            let lives = match alive.entry((of.pool, *person)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(free) => {
                    let found = tx.in_pool(of.pool, |tx| people::find(tx, *person))?;
                    *free.insert(found.is_some_and(|found| found.status != PersonStatus::Deleted))
                }
            };
            if !lives {
                continue;
            }
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
        UseKind::Application | UseKind::Hash | UseKind::Key | UseKind::Moved => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::ready;
    use uuid::Uuid;

    /// What five hundred doors and as many people wait with.
    fn waiting() -> Uses {
        let uses = Uses::default();
        let (pool, tenant) = (PoolId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(1)));
        for n in 0..500_u128 {
            let of = Counted { pool, tenant, kind: UseKind::Door, subject: n.to_be_bytes().to_vec() };
            uses.counter(of.clone()).count();
            assert!(uses.note(of, PersonId::new(Uuid::from_u128(n)), Timestamp::default()));
        }
        uses
    }

    /// How many pieces were tried where the third fails, and what waits afterwards: uses and people.
    async fn after(fault: StoreError) -> (usize, (usize, usize)) {
        let (uses, tried) = (waiting(), RefCell::new(0));
        let write = |_| {
            *tried.borrow_mut() += 1;
            ready(if *tried.borrow() == 3 { Err(fault.clone()) } else { Ok(()) })
        };
        assert_eq!(in_pieces(&uses, write).await, Err(fault.clone()));
        let Taken { uses, people } = uses.take();
        (tried.into_inner(), (uses.len(), people.len()))
    }

    #[tokio::test]
    async fn a_store_that_is_away_is_tried_once_and_everything_waits() {
        let away = StoreError::Unavailable { reason: "gone".to_owned() };
        assert_eq!(after(away).await, (3, (500 - 2 * TOGETHER, 500)));
    }

    #[tokio::test]
    async fn a_piece_that_fails_by_itself_holds_up_nothing_else() {
        let broken = StoreError::Fault("a broken row".to_owned());
        assert_eq!(after(broken).await, (8, (TOGETHER, 0)));
    }
}
