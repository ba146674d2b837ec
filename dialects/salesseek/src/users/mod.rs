//! `/api/users`: the tenant's users. `list.rs`, `create.rs` and `patch.rs` answer what has more than one line.

mod create;
mod list;
mod named;
mod patch;

pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use patch::patch;

use crate::auth::{Guest, KINDS};
use crate::wire::User;
use doorward_core::{Error, people};
use doorward_model::PersonId;
use doorward_web::{Call, Refusal, Response, StatusCode, reply};

/// One user of the host's tenant. Anybody else's id answers like a random one.
pub(crate) async fn show(call: Call, guest: Guest) -> Result<Response, Refusal> {
    answer(&call, &guest, id(&call)?).await
}

/// Deletes a user, and answers with them as they were last seen.
pub(crate) async fn remove(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let id = id(&call)?;
    let (_, role) = people::member_as(&call.core, &guest.branch, KINDS, id).await?;
    let person = people::delete(&call.core, &call.caller, &guest.actor()?, &guest.branch, id).await?;
    Ok(reply::json(StatusCode::OK, &User::new(&person, &guest.branch, role.administers())))
}

/// A user as they are now.
async fn answer(call: &Call, guest: &Guest, id: PersonId) -> Result<Response, Refusal> {
    let (person, role) = people::member_as(&call.core, &guest.branch, KINDS, id).await?;
    let user = User::seen_by(guest.identity()?, &call.core, &person, &guest.branch, role);
    Ok(reply::json(StatusCode::OK, &user))
}

/// The id in the path; one that cannot be an id is nobody's.
fn id(call: &Call) -> Result<PersonId, Refusal> {
    Ok(PersonId::parse(call.path("id")).ok_or(Error::NotFound)?)
}
