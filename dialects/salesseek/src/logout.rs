//! `DELETE /api/logout`: ends the session of the cookie. With an e-mail in a body it asks for a reset instead (seed:
//! "Request Password Reset"): a logout has no body.

use crate::auth::{Guest, signed_in};
use crate::login::cookie;
use crate::reset;
use doorward_core::sign_out;
use doorward_web::reply::{self, Reply};
use doorward_web::{Call, Refusal, Response, StatusCode};
use std::time::Duration;

pub(crate) async fn logout(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let body = call.body().await?;
    if reset::is_request(body) {
        return reset::request_with(&call, &guest.branch, body).await;
    }
    let identity = signed_in(&call, &guest.branch).await?;
    sign_out::sign_out(&call.core, &call.caller, &identity).await?;
    let expired = cookie(&call, &guest.branch, "", Some(Duration::ZERO));
    Ok(reply::json(StatusCode::OK, &()).with_cookie(&expired))
}
