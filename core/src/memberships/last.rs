//! A tree keeps somebody who administers it: whoever is the last to do so at its root cannot be demoted, removed,
//! disabled or deleted by anybody in it, themselves included.
//!
//! An operator may. They administer every tree, so there is somebody left; and the brake on a stolen account must work
//! for the only administrator, too.

use crate::{Actor, Error, Result};
use doorward_model::{Membership, PersonId, Role};
use doorward_store::{Error as StoreError, Tx, memberships};

/// The roles that administer ([`Role::administers`]).
const ADMINISTERING: [Role; 2] = [Role::Owner, Role::Admin];

/// Refuses to leave a person with only the places `left` if nobody would administer the root any more. Asked in the
/// transaction that writes: two who remove each other at once must not both succeed.
pub(crate) fn somebody_administers(
    tx: &mut Tx<'_>,
    actor: &Actor,
    person: PersonId,
    left: &[Membership],
) -> Result<Result<()>, StoreError> {
    if actor.is_operator() {
        return Ok(Ok(()));
    }
    let root = tx.pool().root();
    let administers =
        |places: &[Membership]| places.iter().any(|place| place.tenant == root && place.role.administers());
    if administers(left) || !administers(&memberships::list_by_person(tx, person)?) {
        return Ok(Ok(()));
    }
    Ok(if memberships::is_held_by_another(tx, root, ADMINISTERING, person)? {
        Ok(())
    } else {
        Err(Error::conflict(
            "role",
            "nobody else administers this tree; make somebody an administrator first",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_these_roles_administer() {
        let all = [Role::Owner, Role::Admin, Role::User, Role::Callcentre];
        assert_eq!(all.into_iter().filter(|role| role.administers()).collect::<Vec<_>>(), ADMINISTERING);
    }
}
