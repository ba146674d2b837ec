//! `/t/{slug}/sign-in`: the sign-in of a tenant's people to Doorward's own pages.

use super::{EMAIL_CHARS, forgot_path, tenant};
use crate::account;
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::Form;
use crate::frame::{Frame, render};
use crate::pages::Pages;
use crate::trouble::{Trouble, page, refused};
use crate::visit::{Already, already, signed_in_at, way_back};
use crate::words::{self, fill};
use askama::Template;
use axum::extract::{Path, State};
use doorward_core::{Branch, Error, browser};
use doorward_model::Secret;
use doorward_web::reply::Reply as _;
use doorward_web::{Response, StatusCode};
use http::request::Parts;

#[derive(Template)]
#[template(path = "hosted/sign_in.html")]
struct SignInForm<'a> {
    frame: Frame,
    title: String,
    email: &'a str,
    /// Where to go afterwards, if a page led here.
    to: &'a str,
    forgot: String,
    /// That they are signed in already, and where they may go on.
    already: Option<(String, String)>,
    problem: Option<String>,
}

pub(crate) async fn show(
    State(pages): State<Pages>,
    asked: Asked,
    Path(slug): Path<String>,
    parts: Parts,
) -> Response {
    let branch = match tenant(&pages, &asked, &slug).await {
        Ok(branch) => branch,
        Err(response) => return response,
    };
    let to = asked.query("to").unwrap_or_default();
    match already(&parts, &pages, &to).await {
        Ok(already) => form(&asked, &branch, StatusCode::OK, ("", &to), already, None),
        Err(fault) => refused(&asked, &fault),
    }
}

fn form(
    asked: &Asked,
    branch: &Branch,
    status: StatusCode,
    (email, to): (&str, &str),
    already: Option<Already>,
    problem: Option<String>,
) -> Response {
    let brand = Brand::of(branch);
    let form = SignInForm {
        title: fill(asked.words().entry.sign_in_to, &[("name", &brand.name)]),
        forgot: forgot_path(branch),
        frame: asked.frame(Some(brand)),
        email,
        to: way_back(to).unwrap_or_default(),
        already: already.map(|it| {
            let said = fill(asked.words().entry.already, &[("who", &it.who), ("place", &it.place)]);
            (said, it.href)
        }),
        problem,
    };
    render(status, &form)
}

pub(crate) async fn enter(State(pages): State<Pages>, Path(slug): Path<String>, sent: Form) -> Response {
    let asked = &sent.asked;
    let branch = match tenant(&pages, asked, &slug).await {
        Ok(branch) => branch,
        Err(response) => return response,
    };
    let email: String = sent.typed("email").unwrap_or_default().chars().take(EMAIL_CHARS).collect();
    let to = sent.typed("to").unwrap_or_default();
    let again = |status, problem| form(asked, &branch, status, (&email, to), None, Some(problem));
    // No password at all is a wrong one, and costs as much (P8).
    let password = sent.secret("password").unwrap_or_else(|| Secret::new(""));
    let words = asked.words();
    match browser::person(&pages.core, &asked.caller, &branch, email.clone(), password).await {
        Ok(done) => {
            let Some(token) = done.token else {
                return again(StatusCode::UNPROCESSABLE_ENTITY, words.entry.wrong.to_owned());
            };
            let first = account::first(&pages.core, &done.identity, to).await;
            signed_in_at(&branch.tenant().slug, &first, &token, asked.secure)
        }
        Err(Error::WrongCredentials) => again(StatusCode::UNPROCESSABLE_ENTITY, words.entry.wrong.to_owned()),
        Err(Error::Throttled { retry_after }) => {
            let wait = words::wait(words, retry_after);
            let problem = fill(words.entry.throttled, &[("wait", &wait)]);
            again(StatusCode::TOO_MANY_REQUESTS, problem).with_retry_after(retry_after)
        }
        Err(fault) => page(asked, Some(Brand::of(&branch)), Trouble::of(&fault), Some(asked.here.clone())),
    }
}
