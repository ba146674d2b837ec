//! The password before a dangerous step: whoever signed in a while ago gives it again, in the same form.

use crate::visit::{Posted, Visit, keep};
use doorward_core::{Error, Result, browser};
use doorward_model::Secret;
use doorward_web::Response;

/// The field of the form.
const FIELD: &str = "your_password";

/// Takes a dangerous step, once it is known that it is them: `proven!(&posted, |visit, problem| page, |visit| step)`. `page` is the
/// form again with what was wrong, a [`super::trouble::Page`]; `step` a `Result<Response, Error>`, whose errors that can be mended
/// are shown above the form, too. A macro, because both borrow the visit across an `await`.
macro_rules! proven {
    ($posted:expr, |$again:ident, $problem:ident| $form:expr, |$visit:ident| $step:expr) => {
        match $crate::admin::prove::prove($posted).await {
            Ok(proven) => {
                let $visit = &proven.visit;
                let taken: Result<doorward_web::Response, doorward_core::Error> = async { $step }.await;
                let answer = match taken.map_err($crate::admin::trouble::mendable) {
                    Ok(answer) => Ok(answer),
                    Err(Ok(problem)) => {
                        let ($again, $problem) = (&proven.visit, Some(problem));
                        $form
                    }
                    Err(Err(trouble)) => Err(trouble),
                };
                Ok(proven.answer(answer.unwrap_or_else(axum::response::IntoResponse::into_response)))
            }
            Err(error) => {
                let ($again, $problem) = (&$posted.visit, Some($crate::admin::trouble::mendable(error)?));
                $form
            }
        }
    };
}
pub(in crate::admin) use proven;

/// A visitor who proved lately enough that it is them.
pub(in crate::admin) struct Proven {
    /// The visit goes on with it.
    pub(in crate::admin) visit: Visit,
    /// The token of the session that took the old one's place.
    token: Option<Secret>,
}

/// Errors: [`Error::Invalid`] when no password was given where one is needed; else as of [`browser::confirm`].
pub(in crate::admin) async fn prove(posted: &Posted) -> Result<Proven> {
    let visit = &posted.visit;
    if visit.visitor.is_fresh(visit.now) {
        return Ok(Proven { visit: visit.clone(), token: None });
    }
    // Not trimmed: spaces are part of a password.
    let given = posted.fields.secret(FIELD).ok().flatten().filter(|given| !given.expose().is_empty());
    let password = given.ok_or_else(|| Error::invalid(FIELD, "is needed, so that we know it is you"))?;
    let (visitor, token) = browser::confirm(&visit.core, &visit.caller, &visit.visitor, password).await?;
    let visit = Visit { visitor, now: visit.core.now(), ..visit.clone() };
    Ok(Proven { visit, token: Some(token) })
}

impl Proven {
    /// Every answer after a proof carries the new session, whatever came of the step itself.
    pub(in crate::admin) fn answer(&self, response: Response) -> Response {
        match &self.token {
            Some(token) => keep(response, token, self.visit.secure),
            None => response,
        }
    }
}
