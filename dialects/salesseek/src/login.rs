//! `POST /api/login`: e-mail and password in, cookie and user out.

use crate::auth::{Guest, KINDS, cookie_name, origins};
use crate::reset::email;
use crate::wire::Login;
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, SignedIn, Wanted};
use doorward_core::{Branch, Error};
use doorward_model::SessionScheme;
use doorward_web::reply::{self, Reply};
use doorward_web::{Call, CallContext, Cookie, Refusal, Response, SameSite, StatusCode, refuse_cross_site};
use std::time::Duration;

pub(crate) async fn login(call: Call, guest: Guest) -> Result<Response, Refusal> {
    // No cookie yet, but one is about to be set: a page of another site could sign its visitor in as somebody else.
    refuse_cross_site(&call, &origins(&call, &guest.branch))?;
    let body = call.body().await?;
    let email = email(body)?;
    let password = body.secret("password")?.ok_or_else(|| Refusal::invalid("password", "is required"))?;
    let tenant = guest.branch.tenant();
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: tenant.pool, tenant: tenant.id, kinds: KINDS },
        email: email.to_owned(),
        password,
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    let signed_in = call.counted(sign_in::with_password(&call.core, &call.caller, attempt).await)?;
    match signed_in {
        SignIn::Done(done) => answer(&call, &guest.branch, &done),
        SignIn::Choose { .. } => Err(Error::WrongCredentials.into()),
    }
}

fn answer(call: &CallContext, branch: &Branch, done: &SignedIn) -> Result<Response, Refusal> {
    let token = done.token.as_ref().ok_or(Error::Internal)?;
    let response = reply::json(StatusCode::OK, &Login::new(&call.core, &done.identity));
    Ok(response.with_cookie(&cookie(call, branch, token.expose(), None)))
}

/// The session's cookie; `Some(Duration::ZERO)` deletes it. Pages of other sites may send it only where the tenant
/// lists their origins, and then browsers want it `Secure`.
pub(crate) fn cookie<'a>(
    call: &'a CallContext,
    branch: &Branch,
    value: &'a str,
    max_age: Option<Duration>,
) -> Cookie<'a> {
    let is_cross_site = call.secure && !origins(call, branch).is_empty();
    Cookie {
        name: cookie_name(call),
        value,
        path: "/",
        same_site: if is_cross_site { SameSite::None } else { SameSite::Lax },
        secure: call.secure,
        max_age,
    }
}
