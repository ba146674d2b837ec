//! From a letter to its words: subject, text and HTML.
//!
//! Templates see `language`, `tenant`, `to`, `name`, `link`, `address`, `agent`, `at`, `expires_at`, `expires_in` and,
//! in text and HTML, `subject`. All exist always; what the letter lacks is none. `expires_in` is none once the link
//! has expired on its way, so that a template can say so. HTML is escaped by the template engine.
//!
//! What Doorward itself says of the letter in its language stands in `say`: `subject`, `hello`, `what`, `well`, `action`,
//! `otherwise`, `lifetime`, `late`, `more`, and the labels `when`, `from`, `with`, `bare_link`, `colon`. What a digest tells of
//! stands in `happened`, each with `what`, `at` and `from`.

use doorward_core::zone;
use doorward_model::{Email, Happening, Language, MailId, MailKind, Timestamp, fill};
use jiff::tz::TimeZone;
use minijinja::{HtmlEscape, Value, context};
use thiserror::Error;
use url::Url;
use uuid::Uuid;

use super::wording;
use super::words::Words;
use super::{Happened, Letter, Templates};

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
        language: Language::En,
        tenant_name: "Example".to_owned(),
        person_name: None,
        link: None,
        details: Default::default(),
        happened: Vec::new(),
    };
    let detail = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let full = Letter {
        person_name: Some("Somebody".to_owned()),
        link: Some("https://example.com/".to_owned()),
        details: [
            detail("address", "192.0.2.1"),
            detail("near", "Somewhere"),
            detail("agent", "Browser"),
            detail("at", "0"),
            detail("expires", "1800000000"),
            detail("more", "2"),
            detail("zone", "Europe/Berlin"),
        ]
        .into(),
        happened: vec![Happened {
            what: Happening::NewSignIn,
            at: now,
            address: Some("192.0.2.1".to_owned()),
            near: None,
        }],
        ..bare.clone()
    };
    for language in Language::ALL {
        words(templates, &Letter { language, ..bare.clone() }, now)?;
        words(templates, &Letter { language, ..full.clone() }, now)?;
    }
    Ok(())
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
            | MailKind::EmailChanged
            | MailKind::Digest => Ok(()),
        };
    };
    let is_web = Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let is_one_word = !link.chars().any(|c| c.is_control() || c.is_whitespace());
    if is_web && is_one_word { Ok(()) } else { Err(RenderError::BadLink(letter.kind)) }
}

fn words(templates: &Templates, letter: &Letter, now: Timestamp) -> Result<Content, minijinja::Error> {
    let render = |part: Part, subject: Option<&str>| {
        let name = format!("{}.{}", letter.kind.as_str(), part.ending());
        templates.environment.get_template(&name)?.render(variables(letter, now, part, subject))
    };
    let subject = wording::subject(&render(Part::Subject, None)?);
    let text = render(Part::Text, Some(&subject))?;
    let html = render(Part::Html, Some(&subject))?;
    Ok(Content { subject, text, html })
}

/// The parts of a mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Text,
    Html,
}

impl Part {
    const fn ending(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }

    /// A text of ours with values that others chose.
    fn say(self, text: &str, values: &[(&str, &str)]) -> Value {
        if self != Self::Html {
            return Value::from(fill(text, values));
        }
        let escaped = values.iter().map(|(place, value)| (*place, HtmlEscape(value).to_string()));
        // The address stands out, so that a reader of several sees which is meant.
        let shown: Vec<(&str, String)> = escaped
            .map(|(place, value)| match place {
                "to" => (place, format!("<strong>{value}</strong>")),
                _ => (place, value),
            })
            .collect();
        let shown: Vec<(&str, &str)> = shown.iter().map(|(place, value)| (*place, value.as_str())).collect();
        Value::from_safe_string(fill(text, &shown))
    }
}

fn variables(letter: &Letter, now: Timestamp, part: Part, subject: Option<&str>) -> Value {
    let (words, zone) = (Words::of(letter.language), zone(letter));
    let detail = |name: &str| letter.details.get(name).map(String::as_str);
    let expires = letter.time("expires");
    let expires_at = expires.map(|at| wording::moment(words, &zone, at));
    let expires_in = expires.filter(|at| *at > now).map(|at| wording::span(words, at.since(now)));
    let tenant = wording::tenant_name(&letter.tenant_name);
    let name = letter.person_name.as_deref().and_then(wording::chosen_name);
    context! {
        say => said(letter, part, [&tenant, &name, &expires_at, &expires_in]),
        subject => subject,
        language => letter.language.as_str(),
        tenant => tenant,
        to => letter.to.as_written(),
        name => name,
        link => letter.link.as_deref(),
        address => detail("address").and_then(|address| whence(words, address, detail("near"))),
        agent => detail("agent").and_then(wording::agent),
        happened => letter.happened.iter().map(|it| happened(words, &zone, it)).collect::<Vec<_>>(),
        at => letter.time("at").map(|at| wording::moment(words, &zone, at)),
        expires_at => expires_at,
        expires_in => expires_in,
    }
}

/// The reader's, as far as it is known here.
fn zone(letter: &Letter) -> TimeZone {
    letter.details.get("zone").and_then(|name| zone::named(name)).unwrap_or(TimeZone::UTC)
}

/// What Doorward says of a letter, in its language.
fn said(letter: &Letter, part: Part, [tenant, name, expires_at, expires_in]: [&Option<String>; 4]) -> Value {
    let words = Words::of(letter.language);
    let (said, every) = (words.said(letter.kind), &words.every);
    let tenant = tenant.as_deref().unwrap_or_default();
    let say = |text| part.say(text, &[("tenant", tenant), ("to", letter.to.as_written())]);
    let moment = expires_at.as_deref();
    let lifetime = moment.zip(expires_in.as_deref());
    context! {
        subject => say(said.subject),
        hello => match name {
            Some(name) => part.say(every.hello_name, &[("name", name)]),
            None => say(every.hello),
        },
        what => say(said.what),
        well => asks_whether_it_was_you(letter.kind).then(|| say(every.well)),
        action => say(said.action),
        otherwise => say(said.otherwise),
        lifetime => lifetime.map(|(moment, span)| part.say(every.lifetime, &[("moment", moment), ("span", span)])),
        late => moment.filter(|_| lifetime.is_none()).map(|at| part.say(every.late, &[("moment", at)])),
        more => letter.details.get("more").map(|count| part.say(every.more, &[("count", count)])),
        when => every.when,
        from => every.from,
        with => every.with,
        bare_link => every.bare_link,
        colon => every.colon,
    }
}

/// An address, with the place it is near.
fn whence(words: &Words, address: &str, near: Option<&str>) -> Option<String> {
    let address = wording::agent(address)?;
    Some(match near.and_then(wording::tenant_name) {
        Some(place) => fill(words.every.near, &[("address", &address), ("place", &place)]),
        None => address,
    })
}

fn happened(words: &Words, zone: &TimeZone, told: &Happened) -> Value {
    context! {
        what => words.happened(told.what),
        at => wording::moment(words, zone, told.at),
        from => told.address.as_deref().and_then(|address| whence(words, address, told.near.as_deref())),
    }
}

/// Whether a mail tells of something that its reader probably did.
const fn asks_whether_it_was_you(kind: MailKind) -> bool {
    match kind {
        MailKind::PasswordChanged
        | MailKind::NewSignIn
        | MailKind::EmailChangeAsked
        | MailKind::EmailChanged => true,
        MailKind::Reset
        | MailKind::Validation
        | MailKind::Invitation
        | MailKind::MembershipAdded
        | MailKind::EmailChange
        | MailKind::Digest => false,
    }
}
