//! `/t/{slug}/forgot`: asking for a link that sets a new password. One answer for every address (P8).

use super::said::said;
use super::{EMAIL_CHARS, sign_in_path, tenant};
use crate::asked::Asked;
use crate::brand::Brand;
use crate::form::Form;
use crate::frame::{Frame, render};
use crate::pages::Pages;
use crate::trouble::{Trouble, page};
use crate::words::fill;
use askama::Template;
use axum::extract::{Path, State};
use doorward_core::Branch;
use doorward_core::links::LinkForm;
use doorward_core::passwords::reset;
use doorward_model::Email;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "hosted/forgot.html")]
struct ForgotForm<'a> {
    frame: Frame,
    title: &'static str,
    email: &'a str,
    back: String,
    problem: Option<&'static str>,
}

pub(crate) async fn show(State(pages): State<Pages>, asked: Asked, Path(slug): Path<String>) -> Response {
    match tenant(&pages, &asked, &slug).await {
        Ok(branch) => form(&asked, &branch, "", None),
        Err(response) => response,
    }
}

pub(crate) async fn request(State(pages): State<Pages>, Path(slug): Path<String>, sent: Form) -> Response {
    let asked = &sent.asked;
    let branch = match tenant(&pages, asked, &slug).await {
        Ok(branch) => branch,
        Err(response) => return response,
    };
    let typed: String = sent.typed("email").unwrap_or_default().chars().take(EMAIL_CHARS).collect();
    let words = &asked.words().entry;
    if Email::parse(&typed).is_err() {
        // How an address is written tells nothing of who has one.
        return form(asked, &branch, &typed, Some(words.email_invalid));
    }
    match reset::request(&pages.core, &asked.caller, &branch, &typed, LinkForm::RESET).await {
        Ok(()) => {
            let text = fill(words.forgot_done_text, &[("email", &typed)]);
            let onward = Some((sign_in_path(&branch), words.back_to_sign_in));
            said(asked, Some(Brand::of(&branch)), (words.forgot_done, &text), onward)
        }
        Err(fault) => page(asked, Some(Brand::of(&branch)), Trouble::of(&fault), Some(sign_in_path(&branch))),
    }
}

fn form(asked: &Asked, branch: &Branch, email: &str, problem: Option<&'static str>) -> Response {
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let form = ForgotForm {
        frame: asked.frame(Some(Brand::of(branch))),
        title: asked.words().entry.forgot_title,
        email,
        back: sign_in_path(branch),
        problem,
    };
    render(status, &form)
}
