//! The hashes a plan needs, computed between comparing and writing, because no hash may run inside a transaction; and
//! writing them for people who are there already.

use super::plan::{PasswordWish, Plan};
use super::prepared::Prepared;
use super::step::{Means, Said, Step};
use crate::passwords::replace::Fresh;
use crate::{Branch, Core, Result};
use doorward_crypto::password::{PasswordHash, Verdict};
use doorward_model::{Person, Secret, password};
use doorward_store::{Error as StoreError, HouseTx, Tx, lookup, people};
use std::collections::BTreeMap;

/// Operators' work waits in a lane of its own, so that no tenant's sign-ins wait behind a large file.
const LANE: u128 = 0;

/// The new hashes by the index of the person's entry.
pub(super) struct Hashes(BTreeMap<usize, Secret>);

impl Hashes {
    pub(super) async fn compute(
        core: &Core,
        plan: &Plan,
        prepared: &Prepared,
        steps: &[Said],
    ) -> Result<Self> {
        let mut hashes = BTreeMap::new();
        for said in steps {
            let Step::Password { entry, .. } = &said.step else { continue };
            let wish = plan.people.get(*entry).map(|person| &person.password);
            let chosen = match wish {
                Some(PasswordWish::Given(given)) => Some(given),
                Some(PasswordWish::Generated) => prepared.people.get(*entry).map(|ready| &ready.password),
                Some(PasswordWish::None | PasswordWish::Invited) | None => None,
            };
            let Some(chosen) = chosen else { continue };
            let hash = core.hashes().hash(LANE, password::normalised(chosen.expose())).await?;
            hashes.insert(*entry, Secret::new(hash.as_str()));
        }
        Ok(Self(hashes))
    }

    pub(super) fn of(&self, entry: usize) -> Result<&Secret, StoreError> {
        self.0.get(&entry).ok_or_else(|| StoreError::Fault("a password was not hashed".to_owned()))
    }
}

/// Writes a password for a person of the plan who was there before it.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    means: &Means<'_>,
    entry: usize,
    person: &Person,
    hash: &Secret,
) -> Result<(), StoreError> {
    let lost = || StoreError::Fault("a password without its entry or tenant".to_owned());
    let ready = means.prepared.people.get(entry).ok_or_else(lost)?;
    let branch = Branch::read(tx, person.home)?.ok_or_else(lost)?;
    let fresh = Fresh {
        core: means.core,
        caller: means.caller,
        branch: &branch,
        application: None,
        hash,
        notice: &ready.mail,
        now: means.prepared.now,
    };
    fresh.write(tx, person).map(|_generation| ())
}

/// Finds out which people already have the password that `set_password` wants, so that a second run changes nothing.
pub(super) async fn recognise(core: &Core, plan: &Plan, prepared: &mut Prepared) -> Result<()> {
    for (entry, ready) in plan.people.iter().zip(&mut prepared.people) {
        let (PasswordWish::Given(given), true) = (&entry.password, entry.set_password) else { continue };
        let wanted = entry.clone();
        let stored = core.db().read_house(move |tx| find(tx, &wanted)).await?;
        let Some(stored) = stored.and_then(|hash| PasswordHash::parse(hash.expose()).ok()) else { continue };
        let verdict = core.hashes().verify(LANE, password::normalised(given.expose()), Some(stored)).await?;
        ready.has_given_password = matches!(verdict, Verdict::Match { .. });
    }
    Ok(())
}

fn find(tx: &mut HouseTx<'_>, entry: &super::PersonPlan) -> Result<Option<Secret>, StoreError> {
    let Some(place) = entry.places.first() else { return Ok(None) };
    let Some((pool, _)) = lookup::slugs::find(tx, &place.tenant)? else { return Ok(None) };
    tx.in_pool(pool, |tx| match people::find_by_email(tx, &entry.email)? {
        Some(person) => people::find_password(tx, person.id),
        None => Ok(None),
    })
}
