//! `PATCH /api/users/{id}`: one's own profile and password, or as administrator somebody's.
//!
//! Clients send a whole user back, so a field that may not be changed is refused only if it would change.

use super::named::{self, Names};
use super::{answer, id};
use crate::auth::{Guest, KINDS};
use doorward_core::memberships::{self, Changes};
use doorward_core::people::{self, Edit};
use doorward_core::{Error, Identity, passwords};
use doorward_model::{Kind, Person, PersonId, Role, Secret};
use doorward_web::{Call, Fields, Refusal, Response};

pub(crate) async fn patch(call: Call, mut guest: Guest) -> Result<Response, Refusal> {
    let (id, body) = (id(&call)?, call.body().await?);
    let caller_is_user = guest.identity()?.person.id == id;
    let password = body.secret("password")?;
    if guest.identity()?.person.password_reset_required && !(caller_is_user && password.is_some()) {
        return Err(Error::PasswordResetRequired.into());
    }
    let (person, role) = people::member_as(&call.core, &guest.branch, KINDS, id).await?;
    let mut wanted = Wanted::read(body, &person, role, password)?;
    if caller_is_user {
        wanted.check_own(&person)?;
        if let Some(new) = wanted.password.clone() {
            change_password(&call, &mut guest, wanted.current.clone(), new).await?;
        }
    } else if !guest.is_administrator() {
        return Err(Error::NotAllowed.into());
    }
    let edit = std::mem::take(&mut wanted.edit);
    people::edit(&call.core, &call.caller, &guest.actor()?, &guest.branch, id, edit).await?;
    if !caller_is_user {
        wanted.administer(&call, &guest, id).await?;
    }
    answer(&call, &guest, id).await
}

/// What a body asks for.
struct Wanted {
    edit: Edit,
    password: Option<Secret>,
    current: Option<Secret>,
    /// An administrator's new password is for one sign-in only.
    password_is_temporary: bool,
    /// Only where it differs from what holds.
    is_admin: Option<bool>,
}

impl Wanted {
    fn read(body: &Fields, person: &Person, role: Role, password: Option<Secret>) -> Result<Self, Refusal> {
        let Names { first, last } = Names::read(body)?;
        let reset_required = body.boolean("password_reset_required")?;
        Ok(Self {
            edit: Edit {
                email: named::email(body)?,
                first_name: first,
                last_name: last,
                notifications: named::notifications(body, person.notifications)?,
                // A new password settles what was required, unless an administrator says otherwise with it.
                password_reset_required: reset_required.filter(|_| password.is_none()),
                ..Edit::default()
            },
            current: body.secret("current_password")?,
            password_is_temporary: reset_required == Some(true),
            is_admin: body.boolean("is_admin")?.filter(|is_admin| *is_admin != role.administers()),
            password,
        })
    }

    /// Refuses before anything is done what people may not do to themselves.
    fn check_own(&self, person: &Person) -> Result<(), Refusal> {
        if self.is_admin.is_some() || !self.edit.is_ones_own(person) {
            return Err(Error::NotAllowed.into());
        }
        Ok(self.edit.check()?)
    }

    /// What only an administrator does: somebody's rights and password. The password comes last, so that a refusal never
    /// leaves behind one that nobody was told of.
    async fn administer(&self, call: &Call, guest: &Guest, id: PersonId) -> Result<(), Refusal> {
        let (core, caller, actor) = (&call.core, &call.caller, guest.actor()?);
        if let Some(is_admin) = self.is_admin {
            let role = Some(if is_admin { Role::Admin } else { Role::User });
            let changes = Changes { role, ..Changes::default() };
            let place = (id, kind_here(call, guest, id).await?);
            memberships::change(core, caller, &actor, &guest.branch, place, changes).await?;
        }
        if let Some(new) = self.password.clone() {
            let is_temporary = self.password_is_temporary;
            passwords::set(core, caller, &actor, &guest.branch, id, new, is_temporary).await?;
        }
        Ok(())
    }
}

/// As what the user belongs to this tenant itself; rights that come from above are changed above.
async fn kind_here(call: &Call, guest: &Guest, id: PersonId) -> Result<Kind, Refusal> {
    for kind in KINDS {
        match memberships::find(&call.core, &guest.branch, id, *kind).await {
            Ok(place) => return Ok(place.kind),
            Err(Error::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Error::NotAllowed.into())
}

/// The session stays, and need not be limited any more.
async fn change_password(
    call: &Call,
    guest: &mut Guest,
    current: Option<Secret>,
    new: Secret,
) -> Result<(), Refusal> {
    let identity = guest.identity()?.clone();
    let person = passwords::change(&call.core, &call.caller, &identity, current, new).await?;
    guest.identity = Some(Box::new(Identity { person, ..identity }));
    Ok(())
}
