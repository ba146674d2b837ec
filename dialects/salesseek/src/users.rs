//! `/api/users`: the tenant's users.

use crate::auth::Guest;
use crate::wire::User;
use doorward_core::{Error, people};
use doorward_model::PersonId;
use doorward_web::{Call, Refusal, Response, StatusCode, reply};

/// One user of the host's tenant. Anybody else's id answers like a random one.
pub(crate) async fn show(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let id = PersonId::parse(call.path("id")).ok_or(Error::NotFound)?;
    let (person, role) = people::member_of(&call.core, &guest.branch, id).await?;
    let user = User::new(&call.core, &person, &guest.branch, role.administers());
    Ok(reply::json(StatusCode::OK, &user))
}
