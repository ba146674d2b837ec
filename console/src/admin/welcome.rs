//! The link whose bearer becomes an operator: the first one's, which `doorward init` prints, and those that operators send.

use super::say::message;
use super::trouble::{Page, mendable};
use crate::assets;
use crate::frame::render;
use crate::pages::Pages;
use crate::visit::signed_in;
use askama::Template;
use axum::extract::{Request, State};
use doorward_core::{Core, Error, browser, operators};
use doorward_model::{Email, Secret};
use doorward_web::{Arrival, Fields, Response, StatusCode, limits, read_fields};

/// The form.
#[derive(Template)]
#[template(path = "console/welcome.html")]
struct Form<'a> {
    style: &'static str,
    icon: &'static str,
    code: &'a str,
    email: &'a str,
    problem: Option<String>,
}

fn form(status: StatusCode, code: &Secret, email: &str, problem: Option<String>) -> Response {
    let (style, icon) = (assets::path("pages.css"), assets::path("icon.svg"));
    render(status, &Form { style, icon, code: code.expose(), email, problem })
}

fn broken() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "This link does not work any more",
        "It works once, for a day. Run \"doorward operator link\" on the server for a new one, or ask another operator.",
    )
}

fn code(fields: &Fields) -> Secret {
    fields.secret("code").ok().flatten().unwrap_or_else(|| Secret::new(""))
}

pub(crate) async fn show(State(core): State<Core>, request: Request) -> Page {
    let code = code(&Fields::of_query(request.uri().query().unwrap_or_default())?);
    if operators::is_open(&core, &code).await? {
        Ok(form(StatusCode::OK, &code, "", None))
    } else {
        Ok(broken())
    }
}

/// Makes the operator and signs them in.
pub(crate) async fn accept(State(pages): State<Pages>, request: Request) -> Page {
    let (parts, body) = request.into_parts();
    let arrival = parts.extensions.get::<Arrival>().cloned().ok_or(Error::Internal)?;
    let fields = read_fields(&parts.headers, body, limits::BODY_BYTES).await.map_err(|_| Error::NotFound)?;
    let code = code(&fields);
    let email = fields.text("email").ok().flatten().unwrap_or_default().trim();
    let secret = |name| fields.secret(name).ok().flatten().unwrap_or_else(|| Secret::new(""));
    let (password, again) = (secret("password"), secret("password_again"));
    let problem = match Email::parse(email) {
        Err(error) => format!("E-mail address: {error}."),
        Ok(_) if password.expose() != again.expose() => {
            "The two passwords are not the same. Please type them again.".to_owned()
        }
        Ok(parsed) => {
            let made = operators::accept(&pages.core, &arrival.caller, &code, parsed, &password).await;
            match made {
                Ok(_) => {
                    let (_, token) = browser::operator(&pages.core, &arrival.caller, email, password).await?;
                    return Ok(signed_in("/console", &token, arrival.secure));
                }
                Err(Error::CodeRefused) => return Ok(broken()),
                Err(other) => mendable(other)?,
            }
        }
    };
    Ok(form(StatusCode::UNPROCESSABLE_ENTITY, &code, email, Some(problem)))
}
