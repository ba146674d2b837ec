//! Forgotten passwords: `POST /api/forgotten` mails a code, `POST` or `DELETE /api/reset` sets a new password with it.
//!
//! The seed also asks for a reset with `DELETE /api/logout` and a body; `logout.rs` sends that here.

use crate::auth::Guest;
use doorward_core::links::{self, LinkForm};
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::{Branch, Error};
use doorward_model::PersonId;
use doorward_web::{Call, CallContext, Fields, Refusal, Response, StatusCode, reply};

/// The fields that make a body a request for a reset.
const REQUEST_FIELDS: [&str; 3] = ["email_address", "email", "callback_url"];

pub(crate) async fn request(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let body = call.body().await?;
    request_with(&call, &guest.branch, body).await
}

/// Whether a body asks for a reset.
pub(crate) fn is_request(body: &Fields) -> bool {
    body.names().any(|name| REQUEST_FIELDS.contains(&name))
}

/// Always `null`, whether or not somebody has this e-mail (P8).
pub(crate) async fn request_with(
    call: &CallContext,
    branch: &Branch,
    body: &Fields,
) -> Result<Response, Refusal> {
    let email = email(body)?;
    let link = match body.text("callback_url")? {
        Some(url) => links::callback(url, &branch.policy().callbacks)?,
        None => LinkForm::RESET,
    };
    reset::request(&call.core, &call.caller, branch, email, link).await?;
    Ok(reply::json(StatusCode::OK, &()))
}

pub(crate) async fn finish(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let body = call.body().await?;
    let person = body.required_text("user_id")?;
    let token = body.secret("token")?.ok_or_else(|| Refusal::invalid("token", "is required"))?;
    let password = body.secret("password")?.ok_or_else(|| Refusal::invalid("password", "is required"))?;
    let person = PersonId::parse(person).ok_or(Error::CodeRefused)?;
    let expected = Expected { pool: Some(guest.branch.pool()), person: Some(person), ticket: None };
    reset::finish(&call.core, &call.caller, &token, expected, password).await?;
    Ok(reply::json(StatusCode::OK, &()))
}

/// The address of a login or a reset: `email_address`, or `email` as a later sample of the vendor's says.
pub(crate) fn email(body: &Fields) -> Result<&str, Refusal> {
    match body.text("email_address")? {
        Some(email) => Ok(email),
        None => body.text("email")?.ok_or_else(|| Refusal::invalid("email_address", "is required")),
    }
}
