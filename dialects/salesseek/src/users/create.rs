//! `POST /api/users`: an administrator invites a user, who chooses their own password by the mailed link.

use super::named::{self, Names};
use crate::auth::Guest;
use crate::wire::User;
use doorward_core::invite;
use doorward_core::links::LinkForm;
use doorward_core::people::{NewPassword, NewPerson};
use doorward_model::{Kind, NotificationSettings, Profile, Role, Verified};
use doorward_web::{Call, Fields, Refusal, Response, StatusCode, reply};

pub(crate) async fn create(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let new = read(call.body().await?)?;
    let is_admin = new.role.administers();
    let (core, caller) = (&call.core, &call.caller);
    let invited =
        invite::invite(core, caller, &guest.actor()?, &guest.branch, new, LinkForm::INVITATION).await;
    let user = User::new(&invited?.0, &guest.branch, is_admin);
    Ok(reply::json(StatusCode::CREATED, &user))
}

fn read(body: &Fields) -> Result<NewPerson, Refusal> {
    let email = named::email(body)?.ok_or_else(|| Refusal::invalid("email_address", "is required"))?;
    let Names { first, last } = Names::read(body)?;
    let is_admin = body.boolean("is_admin")?.unwrap_or(false);
    let profile = Profile {
        first_name: first.filter(|name| !name.is_empty()),
        last_name: last.filter(|name| !name.is_empty()),
        ..Profile::default()
    };
    let notifications = named::notifications(body, NotificationSettings::default())?;
    Ok(NewPerson {
        email,
        profile,
        kind: Kind::User,
        role: if is_admin { Role::Admin } else { Role::User },
        standing: None,
        verified: Verified::No,
        password: NewPassword::None,
        notifications: notifications.unwrap_or_default(),
        language: None,
    })
}
