//! Who is in a thing's way as an administrator of a tenant is told: whoever has a place there or below it. One rule for the lists
//! of people and for their counts.

use super::{Count, PEOPLE_COUNTED};
use crate::Branch;
use crate::below::Below;
use doorward_model::{PersonId, Timestamp};
use doorward_store::uses::Of;
use doorward_store::{Error as StoreError, Tx, memberships, used_by};
use std::collections::HashMap;
use uuid::Uuid;

/// People that one page or one count looks at, so that one of a tenant with few of them in a large pool ends.
pub(super) const LOOKS: usize = 4_000;
/// People read at once.
pub(super) const STRIDE: i64 = 200;
/// Behind everybody.
pub(super) const END: (Timestamp, PersonId) = (Timestamp::from_micros(i64::MAX), PersonId::new(Uuid::max()));

/// Who is shown at a tenant. Whoever was looked up once is known in the same transaction: the same people use several things.
pub(super) struct Shown {
    is_whole: bool,
    below: Below,
    known: HashMap<PersonId, bool>,
}

impl Shown {
    pub(super) fn at(branch: &Branch) -> Self {
        Self { is_whole: branch.parent().is_none(), below: Below::new(branch), known: HashMap::new() }
    }

    /// Whether somebody is.
    pub(super) fn has(&mut self, tx: &mut Tx<'_>, person: PersonId) -> Result<bool, StoreError> {
        if self.is_whole {
            return Ok(true);
        }
        if let Some(known) = self.known.get(&person) {
            return Ok(*known);
        }
        let mut is_here = false;
        for place in memberships::list_by_person(tx, person)? {
            is_here = is_here || self.below.contains(tx, Some(place.tenant))?;
        }
        self.known.insert(person, is_here);
        Ok(is_here)
    }

    /// How many of them used something since a moment. Where too many had to be looked through, as many as were found.
    pub(super) fn users(
        &mut self,
        tx: &mut Tx<'_>,
        of: Of<'_>,
        since: Timestamp,
    ) -> Result<Count, StoreError> {
        if self.is_whole {
            return Ok(Count::up_to(PEOPLE_COUNTED, used_by::count(tx, of, since, PEOPLE_COUNTED + 1)?));
        }
        let (mut before, mut looked, mut counted) = (END, 0, 0);
        while looked < LOOKS {
            let found = used_by::list_before(tx, of, since, before, STRIDE)?;
            looked += found.len();
            let is_over = i64::try_from(found.len()).is_ok_and(|found| found < STRIDE);
            for user in found {
                before = (user.last_at, user.person.id);
                counted += i64::from(self.has(tx, user.person.id)?);
                if counted > PEOPLE_COUNTED {
                    return Ok(Count::up_to(PEOPLE_COUNTED, counted));
                }
            }
            if is_over {
                return Ok(Count { counted, is_more: false });
            }
        }
        Ok(Count { counted, is_more: true })
    }
}
