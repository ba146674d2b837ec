//! `PATCH /api/users/{id}`: one's own profile and password, or as administrator somebody's; all of it or nothing.
//!
//! Clients send a whole user back, so a field that may not be changed is refused only if it would change.

use super::named::{self, Names};
use super::{answer, id};
use crate::auth::{Guest, KINDS};
use doorward_core::people::{self, Edit, Revision};
use doorward_core::{Error, passwords};
use doorward_model::{Person, Role, Secret};
use doorward_web::{Call, Fields, Refusal, Response};

pub(crate) async fn patch(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (id, body) = (id(&call)?, call.body().await?);
    let identity = guest.identity()?;
    let caller_is_user = identity.person.id == id;
    let password = body.secret("password")?;
    if identity.person.password_reset_required && !(caller_is_user && password.is_some()) {
        return Err(Error::PasswordResetRequired.into());
    }
    let (person, role) = people::member_as(&call.core, &guest.branch, KINDS, id).await?;
    let wanted = Wanted::read(body, &person, role, password)?;
    let (core, caller) = (&call.core, &call.caller);
    if !caller_is_user {
        if !guest.is_administrator() {
            return Err(Error::NotAllowed.into());
        }
        people::revise(core, caller, &guest.actor()?, &guest.branch, id, wanted.into_revision()).await?;
    } else if wanted.is_admin.is_some() {
        return Err(Error::NotAllowed.into());
    } else if let Some(new) = wanted.password {
        // The session stays, and need not be limited any more.
        passwords::change_with(core, caller, identity, wanted.current, new, wanted.edit).await?;
    } else {
        people::edit(core, caller, &guest.actor()?, &guest.branch, id, wanted.edit).await?;
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

    /// As an administrator of the user asks for it. Rights that come from above are changed above.
    fn into_revision(self) -> Revision {
        let role = self.is_admin.map(|is_admin| if is_admin { Role::Admin } else { Role::User });
        Revision {
            edit: self.edit,
            role: role.map(|role| (KINDS, role)),
            password: self.password.map(|new| (new, self.password_is_temporary)),
            ..Revision::default()
        }
    }
}
