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
    /// That a form came too late, and led here.
    lost: Option<&'static str>,
    problem: Option<&'static str>,
}

impl<'a> WhereForm<'a> {
    fn new(asked: &Asked, organisation: &'a str, to: &'a str) -> Self {
        Self {
            frame: asked.frame(None),
            title: asked.words().account.where_title,
            organisation,
            to: way_back(to).unwrap_or_default(),
            lost: None,
            problem: None,
        }
    }
}

pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Response {
    let to = asked.query("to").unwrap_or_default();
    let last = last_place(&headers, asked.secure);
    let lost = asked.query(LOST).map(|_| asked.words().account.lost);
    let form = WhereForm::new(&asked, last.as_ref().map_or("", Slug::as_str), &to);
    render(StatusCode::OK, &WhereForm { lost, ..form })
}

pub(super) async fn lead(State(pages): State<Pages>, sent: Form) -> Response {
    let asked = &sent.asked;
    let typed: String = sent.typed("organisation").unwrap_or_default().chars().take(SLUG_CHARS).collect();
    let to = sent.typed("to").unwrap_or_default();
    let again = || {
        let problem = Some(asked.words().account.where_unknown);
        let form = WhereForm { problem, ..WhereForm::new(asked, &typed, to) };
        render(StatusCode::UNPROCESSABLE_ENTITY, &form)
    };
    let Ok(slug) = Slug::parse(&typed) else { return again() };
    match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) if branch.is_open() => see_other(&with_way_back(&sign_in_path(&branch), to)),
        Ok(_) | Err(Error::NotFound) => again(),
        Err(fault) => refused(asked, &fault),
    }
}
