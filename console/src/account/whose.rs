//! `/account/sign-in`: which organisation's sign-in a stranger wants.

use super::with_way_back;
use crate::asked::Asked;
use crate::form::Form;
use crate::frame::Frame;
use crate::frame::render;
use crate::hosted::sign_in_path;
use crate::pages::Pages;
use crate::trouble::refused;
use crate::visit::{LOST, last_place, see_other, way_back};
use askama::Template;
use axum::extract::State;
use doorward_core::{Error, tenants};
use doorward_model::Slug;
use doorward_web::{HeaderMap, Response, StatusCode};

/// Characters of a name that are shown again; none is longer (RFC 1035 §2.3.1).
const SLUG_CHARS: usize = 63;

#[derive(Template)]
#[template(path = "account/whose.html")]
struct WhereForm<'a> {
    frame: Frame,
    title: &'static str,
    organisation: &'a str,
    /// Where to go after signing in, if a page led here.
    to: &'a str,
    problem: Option<&'static str>,
}

pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Response {
    let to = asked.query("to").unwrap_or_default();
    let last = last_place(&headers, asked.secure);
    let lost = asked.query(LOST).map(|_| asked.words().account.lost);
    form(&asked, StatusCode::OK, last.as_ref().map_or("", Slug::as_str), &to, lost)
}

fn form(
    asked: &Asked,
    status: StatusCode,
    organisation: &str,
    to: &str,
    problem: Option<&'static str>,
) -> Response {
    let to = way_back(to).unwrap_or_default();
    let title = asked.words().account.where_title;
    render(status, &WhereForm { frame: asked.frame(None), title, organisation, to, problem })
}

pub(super) async fn lead(State(pages): State<Pages>, sent: Form) -> Response {
    let asked = &sent.asked;
    let typed: String = sent.typed("organisation").unwrap_or_default().chars().take(SLUG_CHARS).collect();
    let to = sent.typed("to").unwrap_or_default();
    let again = || {
        let problem = asked.words().account.where_unknown;
        form(asked, StatusCode::UNPROCESSABLE_ENTITY, &typed, to, Some(problem))
    };
    let Ok(slug) = Slug::parse(&typed) else { return again() };
    match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) if branch.is_open() => see_other(&with_way_back(&sign_in_path(&branch), to)),
        Ok(_) | Err(Error::NotFound) => again(),
        Err(fault) => refused(asked, &fault),
    }
}
