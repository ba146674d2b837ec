//! `POST /language`: keeps the chosen language, and goes back to where it was chosen.

use crate::asked::Asked;
use crate::form::Form;
use crate::visit::see_other;
use crate::words::COOKIE;
use doorward_model::Language;
use doorward_web::reply::Reply as _;
use doorward_web::{Cookie, Response, SameSite};
use std::time::Duration;

/// A year: nobody's language changes sooner.
const KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

pub(crate) async fn choose(form: Form) -> Response {
    let Form { asked: Asked { secure, .. }, fields } = form;
    let back = fields.text("back").ok().flatten().filter(|back| is_ours(back)).unwrap_or("/");
    let lang = fields.text("lang").ok().flatten().and_then(Language::parse);
    let response = see_other(back);
    match lang {
        Some(lang) => response.with_cookie(&Cookie {
            name: COOKIE,
            value: lang.as_str(),
            path: "/",
            same_site: SameSite::Lax,
            secure,
            max_age: Some(KEPT),
        }),
        None => response,
    }
}

/// Whether a text is a path of this host, in every browser's eyes: `//host` and `/\host` are other hosts.
fn is_ours(back: &str) -> bool {
    let is_plain = back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && back.starts_with('/') && !back.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn nobody_is_sent_to_another_host() {
        assert!(is_ours("/reset?token=ab&user_id=cd") && is_ours("/"));
        for other in [
            "//evil.example",
            "/\\evil.example",
            "/a\\..\\b",
            "https://evil.example",
            "javascript:alert(1)",
            "evil",
            "",
            "/a\r\nset-cookie: x=y",
            "/\t/evil.example",
            "/ evil",
            "\u{2f}\u{2215}evil\u{e9}",
        ] {
            assert!(!is_ours(other), "{other:?}");
        }
    }
}
