//! Signing in to the console, and out.

use super::trouble::{Page, mendable};
use crate::account;
use crate::assets;
use crate::frame::render;
use crate::pages::Pages;
use crate::visit::{Already, LOST, Visit, already, clear, see_other, signed_in, signed_in_at, way_back};
use crate::words::Words;
use askama::Template;
use axum::extract::{Request, State};
use doorward_core::{Core, Error, Identity, browser, operators, tenants};
use doorward_model::{Language, Secret, Slug};
use doorward_web::{Arrival, Fields, Response, StatusCode, limits, read_fields};
use http::request::Parts;

/// The form.
#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct Form<'a> {
    style: &'static str,
    icon: &'static str,
    organisation: &'a str,
    email: &'a str,
    to: &'a str,
    already: Option<Already>,
    problem: Option<String>,
    /// Nobody runs this installation yet: how the first one begins.
    is_new: bool,
}

pub(crate) async fn show(State(pages): State<Pages>, parts: Parts) -> Page {
    let query = Fields::of_query(parts.uri.query().unwrap_or_default())?;
    let to = query.text("to").ok().flatten().and_then(way_back).unwrap_or_default();
    let already = already(&parts, &pages, to).await?;
    let lost = query.text(LOST).ok().flatten().is_some();
    let problem = lost.then(|| Words::of(Language::En).account.lost.to_owned());
    let is_new = operators::list(&pages.core).await?.is_empty();
    Ok(form(StatusCode::OK, ["", "", to], already, problem, is_new))
}

fn form(
    status: StatusCode,
    [organisation, email, to]: [&str; 3],
    already: Option<Already>,
    problem: Option<String>,
    is_new: bool,
) -> Response {
    let (style, icon) = (assets::path("pages.css"), assets::path("icon.svg"));
    render(status, &Form { style, icon, organisation, email, to, already, problem, is_new })
}

/// Signs in whoever runs this installation, or somebody of the organisation they named.
pub(crate) async fn enter(State(pages): State<Pages>, request: Request) -> Page {
    let (parts, body) = request.into_parts();
    let arrival = parts.extensions.get::<Arrival>().cloned().ok_or(Error::Internal)?;
    let fields = read_fields(&parts.headers, body, limits::BODY_BYTES).await.map_err(|_| Error::NotFound)?;
    let text = |name: &str| fields.text(name).ok().flatten().unwrap_or_default().trim().to_owned();
    let (organisation, email) = (text("organisation"), text("email"));
    let to = text("to");
    let password = fields.secret("password").ok().flatten().unwrap_or_else(|| Secret::new(""));
    let entered = open(&pages.core, &arrival, &organisation, &email, password).await;
    let problem = match entered {
        Ok((token, identity)) => {
            let to = way_back(&to).unwrap_or("/console");
            return Ok(match identity {
                // First what is asked of them: a new password, or consent.
                Some(identity) => {
                    let first = account::first(&pages.core, &identity, to).await;
                    signed_in_at(&identity.branch.tenant().slug, &first, &token, arrival.secure)
                }
                None => signed_in(to, &token, arrival.secure),
            });
        }
        Err(Error::WrongCredentials | Error::NotFound) => WRONG.to_owned(),
        Err(other) => mendable(other)?,
    };
    Ok(form(StatusCode::UNPROCESSABLE_ENTITY, [&organisation, &email, &to], None, Some(problem), false))
}

/// One answer for all of it (P8): which of the three is wrong is nobody's to learn.
const WRONG: &str = "That did not match. Check the organisation, the e-mail address and the password.";

async fn open(
    core: &Core,
    arrival: &Arrival,
    organisation: &str,
    email: &str,
    password: Secret,
) -> Result<(Secret, Option<Identity>), Error> {
    if organisation.is_empty() {
        return Ok((browser::operator(core, &arrival.caller, email, password).await?.1, None));
    }
    let found = match Slug::parse(organisation) {
        Ok(slug) => tenants::by_slug(core, &slug).await,
        Err(_) => Err(Error::NotFound),
    };
    let branch = match found {
        Ok(branch) => branch,
        // Counted and hashed like every other attempt (P8): no e-mail address, so nobody's.
        Err(Error::NotFound) => {
            let nobody = format!("{email} at {organisation}");
            return Ok((browser::operator(core, &arrival.caller, &nobody, password).await?.1, None));
        }
        Err(other) => return Err(other),
    };
    let done = browser::person(core, &arrival.caller, &branch, email.to_owned(), password).await?;
    let token = done.token.ok_or(Error::WrongCredentials)?;
    Ok((token, Some(done.identity)))
}

/// Ends the session this browser sits in front of.
pub(crate) async fn leave(visit: Visit) -> Page {
    match browser::sign_out(&visit.core, &visit.caller, &visit.visitor).await {
        Ok(()) | Err(Error::NotSignedIn) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(clear(see_other("/console/sign-in"), visit.secure))
}
