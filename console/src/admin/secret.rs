//! A page that shows a secret, this once.

use super::frame::Frame;
use crate::frame::render;
use askama::Template;
use doorward_model::Secret;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "console/secret.html")]
struct Shown<'a> {
    frame: Frame,
    /// Names and values to copy; the secret is among them.
    copied: Vec<(&'static str, &'a str)>,
    /// What to know about it.
    advice: &'a str,
    back: String,
}

/// Shows what was made. Not a redirect: nothing that is kept could show it again.
pub(crate) fn page(
    frame: Frame,
    public: Option<(&'static str, &str)>,
    (name, secret): (&'static str, &Secret),
    advice: &str,
    back: String,
) -> Response {
    let copied = public.into_iter().chain([(name, secret.expose())]).collect();
    render(StatusCode::OK, &Shown { frame, copied, advice, back })
}
