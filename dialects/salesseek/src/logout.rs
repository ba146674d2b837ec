//! `DELETE /api/logout`: ends the session of the cookie.

use crate::auth::{Guest, signed_in};
use crate::login::cookie;
use doorward_core::sign_out;
use doorward_web::reply::{self, Reply};
use doorward_web::{Call, Refusal, Response, StatusCode};
use std::time::Duration;

pub(crate) async fn logout(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let identity = signed_in(&call, &guest.branch).await?;
    sign_out::sign_out(&call.core, &call.caller, &identity).await?;
    let expired = cookie(&call, &guest.branch, "", Some(Duration::ZERO));
    Ok(reply::json(StatusCode::OK, &()).with_cookie(&expired))
}
