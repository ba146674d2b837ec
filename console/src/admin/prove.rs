//! The password before a dangerous step: whoever signed in a while ago gives it again, in the same form.

use super::trouble::{Page, Trouble, mendable};
use crate::visit::{Posted, Visit, keep};
use axum::response::IntoResponse as _;
use doorward_core::{Error, Result, browser};
use doorward_model::Secret;
use doorward_web::Response;

/// The field of the form.
const FIELD: &str = "your_password";

/// Takes a dangerous step, once it is known that it is them; `question` is the form again, with what was wrong.
pub(crate) async fn proven(
    posted: &Posted,
    question: impl FnOnce(Option<String>) -> Response,
    take: impl AsyncFnOnce(&Visit) -> Result<Response>,
) -> Page {
    let proven = match prove(posted).await {
        Ok(proven) => proven,
        Err(error) => return Ok(question(Some(mendable(error)?))),
    };
    let answer = match take(&proven.visit).await {
        Ok(answer) => answer,
        Err(error) => Trouble::from(error).into_response(),
    };
    Ok(proven.answer(answer))
}

/// A visitor who proved lately enough that it is them.
struct Proven {
    /// The visit goes on with it.
    visit: Visit,
    /// The token of the session that took the old one's place.
    token: Option<Secret>,
}

/// Errors: [`Error::Invalid`] when no password was given where one is needed; else as of [`browser::confirm`].
async fn prove(posted: &Posted) -> Result<Proven> {
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
    fn answer(&self, response: Response) -> Response {
        match &self.token {
            Some(token) => keep(response, token, self.visit.secure),
            None => response,
        }
    }
}
