//! From a letter to its words: subject, text and HTML.
//!
//! Templates see `language`, `tenant`, `to`, `name`, `link`, `address`, `agent`, `at`, `expires_at`, `expires_in` and,
//! in text and HTML, `subject`. All exist always; what the letter lacks is none. `expires_in` is none once the link
//! has expired on its way, so that a template can say so. HTML is escaped by the template engine.

use doorward_model::{Email, MailId, MailKind, Timestamp};
use minijinja::{Value, context};
use thiserror::Error;
use url::Url;
use uuid::Uuid;

use super::wording;
use super::{Letter, Templates};

/// What the recipient reads.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// One line without control characters.
    pub subject: String,
    /// For programs that show plain text.
    pub text: String,
    /// For the others.
    pub html: String,
}

/// Shows nothing: the text carries a one-time code (P16).
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").finish_non_exhaustive()
    }
}

/// Why a letter has no words. None of these passes with time.
#[derive(Debug, Error)]
pub enum RenderError {
    /// Reset, validation and invitation are nothing without their link.
    #[error("a {} mail needs a link", .0.as_str())]
    NoLink(MailKind),
    /// Only web links are mailed.
    #[error("the link of a {} mail is no http or https address", .0.as_str())]
    BadLink(MailKind),
    /// The template failed on this letter; the reason names no value of the letter.
    #[error("the mail template {file} failed in line {line}")]
    Template {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: usize,
    },
}

impl Templates {
    /// Words the letter as it reads at `now`.
    pub fn render(&self, letter: &Letter, now: Timestamp) -> Result<Content, RenderError> {
        check_link(letter)?;
        words(self, letter, now).map_err(|error| RenderError::Template {
            file: error.name().unwrap_or(letter.kind.as_str()).to_owned(),
            line: error.line().unwrap_or(1),
        })
    }
}

/// Renders a mail of this kind with everything and with nothing optional, so that mistakes show at start-up.
pub(super) fn rehearse(templates: &Templates, kind: MailKind) -> Result<(), minijinja::Error> {
    let Ok(to) = Email::parse("somebody@example.com") else { return Ok(()) };
    let now = Timestamp::from_micros(0);
    let bare = Letter {
        id: MailId::new(Uuid::nil()),
        kind,
        to,
        language: "en".to_owned(),
        tenant_name: "Example".to_owned(),
        person_name: None,
        link: None,
        details: Default::default(),
    };
    let detail = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let full = Letter {
        person_name: Some("Somebody".to_owned()),
        link: Some("https://example.com/".to_owned()),
        details: [
            detail("address", "192.0.2.1"),
            detail("agent", "Browser"),
            detail("at", "0"),
            detail("expires", "1800000000"),
        ]
        .into(),
        ..bare.clone()
    };
    words(templates, &bare, now)?;
    words(templates, &full, now).map(drop)
}

fn check_link(letter: &Letter) -> Result<(), RenderError> {
    let Some(link) = &letter.link else {
        return match letter.kind {
            MailKind::Reset | MailKind::Validation | MailKind::Invitation | MailKind::EmailChange => {
                Err(RenderError::NoLink(letter.kind))
            }
            MailKind::PasswordChanged
            | MailKind::NewSignIn
            | MailKind::MembershipAdded
            | MailKind::EmailChangeAsked
            | MailKind::EmailChanged => Ok(()),
        };
    };
    let is_web = Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let is_one_word = !link.chars().any(|c| c.is_control() || c.is_whitespace());
    if is_web && is_one_word { Ok(()) } else { Err(RenderError::BadLink(letter.kind)) }
}

fn words(templates: &Templates, letter: &Letter, now: Timestamp) -> Result<Content, minijinja::Error> {
    let render = |ending: &str, subject: Option<&str>| {
        let name = format!("{}.{ending}", letter.kind.as_str());
        templates.environment.get_template(&name)?.render(variables(letter, now, subject))
    };
    let subject = wording::subject(&render("subject", None)?);
    let text = render("txt", Some(&subject))?;
    let html = render("html", Some(&subject))?;
    Ok(Content { subject, text, html })
}

fn variables(letter: &Letter, now: Timestamp, subject: Option<&str>) -> Value {
    let detail = |name: &str| letter.details.get(name).map(String::as_str);
    let expires = letter.time("expires");
    context! {
        subject => subject,
        language => letter.language.as_str(),
        tenant => wording::tenant_name(&letter.tenant_name),
        to => letter.to.as_written(),
        name => letter.person_name.as_deref().and_then(wording::chosen_name),
        link => letter.link.as_deref(),
        address => detail("address").and_then(wording::agent),
        agent => detail("agent").and_then(wording::agent),
        at => letter.time("at").map(wording::moment),
        expires_at => expires.map(wording::moment),
        expires_in => expires.filter(|at| *at > now).map(|at| wording::span(at.since(now))),
    }
}
