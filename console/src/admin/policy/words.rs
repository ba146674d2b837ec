//! A policy's values in words, and out of a form.

use doorward_core::tenants::policy_range;
use doorward_core::{Error, Result};
use doorward_model::{Language, PolicyValue, RateLimit};
use doorward_web::Fields;
use std::time::Duration;

/// What a value is about.
pub(super) struct Label {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// What is counted.
    unit: &'static str,
    /// Whether only operators decide it (P23).
    pub(super) is_quota: bool,
}

const fn label(name: &'static str, label: &'static str, unit: &'static str, hint: &'static str) -> Label {
    Label { name, label, hint, unit, is_quota: false }
}

const fn quota(name: &'static str, label: &'static str, unit: &'static str, hint: &'static str) -> Label {
    Label { name, label, hint, unit, is_quota: true }
}

/// Every value, in the order of `doorward_model::Policy`.
pub(super) const LABELS: [Label; 17] = [
    label(
        "password_min_length",
        "Shortest password",
        "characters",
        "15 is right where a password is all there is.",
    ),
    label(
        "password_max_bytes",
        "Longest password",
        "bytes",
        "A RubiCRM door carries 105; others carry more.",
    ),
    label("password_words", "Words no password may be", "", "One a line: your name, your product."),
    label(
        "session_absolute",
        "A sign-in lasts at most",
        "",
        "After it people sign in again, however busy they are.",
    ),
    label(
        "session_idle",
        "Unused, a sign-in lasts",
        "",
        "After it people sign in again if they did nothing.",
    ),
    label("reset_lifetime", "A link to choose a new password is good for", "", "At most a day."),
    label("invitation_lifetime", "An invitation is good for", "", ""),
    label(
        "callbacks",
        "Where mailed links may lead",
        "",
        "One address a line; whatever is below it is allowed, too.",
    ),
    label(
        "origins",
        "Web pages that may call with a visitor's cookies",
        "",
        "One a line, like https://shop.example.",
    ),
    label("key_rate", "Calls of an access key", "", "For keys that have no rate of their own."),
    label("allow_login", "People may sign in", "", "RubiCRM's AllowLogin."),
    quota(
        "address_failures",
        "Failures of one address in ten minutes",
        "failures",
        "More are refused for a while.",
    ),
    quota(
        "address_mails",
        "Mails one address may ask for in ten minutes",
        "mails",
        "More are refused for a while.",
    ),
    quota("sign_ins_per_minute", "Tries to sign in per minute, of the whole tree", "tries", ""),
    quota("mails_per_hour", "Mails per hour, of the whole tree", "mails", ""),
    quota("sessions_per_person", "Places where one person is signed in", "sign-ins", "The oldest gives way."),
    label("language", "Language of mails", "", "For people whose own is not known."),
];

/// The units of a length of time, longest first: value, words for several, seconds.
pub(super) const UNITS: [(&str, &str, u64); 4] = [
    ("days", "days", 86_400),
    ("hours", "hours", 3_600),
    ("minutes", "minutes", 60),
    ("seconds", "seconds", 1),
];

/// A length in its largest whole unit: how many, and of what.
pub(super) fn in_units(span: Duration) -> (u64, &'static str) {
    let seconds = span.as_secs();
    let fitting = UNITS.iter().find(|(.., unit)| seconds >= *unit && seconds.is_multiple_of(*unit));
    fitting.map_or((seconds, "seconds"), |(value, _, unit)| (seconds / unit, value))
}

fn spoken(span: Duration) -> String {
    let (count, unit) = in_units(span);
    let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
    format!("{count} {unit}")
}

/// A number as it is read: 10,000.
fn grouped(count: u32) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A value in words, a line each.
pub(super) fn shown(name: &str, value: &PolicyValue) -> Vec<String> {
    match value {
        PolicyValue::Count(count) => {
            let unit = LABELS.iter().find(|it| it.name == name).map_or("", |it| it.unit);
            vec![format!("{} {unit}", grouped(*count))]
        }
        PolicyValue::Span(span) => vec![spoken(*span)],
        PolicyValue::Flag(true) => vec!["yes".to_owned()],
        PolicyValue::Flag(false) => vec!["no".to_owned()],
        PolicyValue::Rate(rate) => vec![format!("{} in {}", rate.calls, spoken(rate.window))],
        PolicyValue::List(lines) if lines.is_empty() => vec!["none".to_owned()],
        PolicyValue::List(lines) => lines.clone(),
        PolicyValue::Language(language) => vec![language.own_name().to_owned()],
    }
}

/// What the fields of a form say for a value of the kind that `like` is of; `None` where they are empty.
pub(super) fn read(fields: &Fields, name: &'static str, like: &PolicyValue) -> Result<Option<PolicyValue>> {
    let typed = |name: &str| fields.text(name).ok().flatten().unwrap_or_default().trim();
    let text = typed(name);
    if text.is_empty() {
        return Ok(None);
    }
    let number =
        |text: &str| text.parse::<u32>().map_err(|_| Error::invalid(name, "expected a whole number"));
    Ok(Some(match like {
        PolicyValue::Count(_) => PolicyValue::Count(number(text)?),
        PolicyValue::Span(_) => {
            PolicyValue::Span(length(name, number(text)?, typed(&format!("{name}_unit")))?)
        }
        PolicyValue::Flag(_) => match text {
            "yes" => PolicyValue::Flag(true),
            "no" => PolicyValue::Flag(false),
            _ => return Err(Error::invalid(name, "choose one of the list")),
        },
        PolicyValue::Language(_) => {
            let language = Language::parse(text);
            PolicyValue::Language(language.ok_or_else(|| Error::invalid(name, "choose one of the list"))?)
        }
        PolicyValue::Rate(_) => {
            let window = number(typed(&format!("{name}_seconds")))?;
            PolicyValue::Rate(RateLimit { calls: number(text)?, window: Duration::from_secs(window.into()) })
        }
        PolicyValue::List(_) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            PolicyValue::List(lines.map(str::to_owned).collect())
        }
    }))
}

/// A number or a length, if it is one that a policy may say.
pub(super) fn fitting(name: &'static str, value: Option<PolicyValue>) -> Result<Option<PolicyValue>> {
    let in_words = |from: u64, to: u64| {
        let [from, to] = [from, to].map(|seconds| spoken(Duration::from_secs(seconds)));
        format!("expected {from} to {to}")
    };
    let (number, is_span) = match &value {
        Some(PolicyValue::Count(count)) => (u64::from(*count), false),
        Some(PolicyValue::Span(span)) => (span.as_secs(), true),
        None
        | Some(
            PolicyValue::Flag(_) | PolicyValue::Rate(_) | PolicyValue::List(_) | PolicyValue::Language(_),
        ) => return Ok(value),
    };
    let Some(range) = policy_range(name).filter(|range| !range.contains(&number)) else { return Ok(value) };
    let (from, to) = range.into_inner();
    let expected = if is_span { in_words(from, to) } else { format!("expected {from} to {to}") };
    Err(Error::invalid(name, expected))
}

fn length(name: &'static str, count: u32, unit: &str) -> Result<Duration> {
    let seconds = UNITS.iter().find(|(value, ..)| *value == unit).map(|(.., seconds)| *seconds);
    let seconds = seconds.ok_or_else(|| Error::invalid(name, "choose a unit of the list"))?;
    Ok(Duration::from_secs(seconds.saturating_mul(count.into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_model::{EffectivePolicy, Policy};

    #[test]
    fn every_value_has_its_words() {
        let names: Vec<&str> = LABELS.iter().map(|it| it.name).collect();
        assert_eq!(names, Policy::NAMES);
    }

    #[test]
    fn values_read_as_people_say_them() {
        let held = EffectivePolicy::held(&[]);
        let said = |name: &str| {
            let held = held.iter().find(|held| held.name == name).unwrap();
            shown(name, &held.value).join(", ")
        };
        assert_eq!(said("session_idle"), "30 days");
        assert_eq!(said("reset_lifetime"), "30 minutes");
        assert_eq!(said("key_rate"), "25 in 5 seconds");
        assert_eq!(said("password_min_length"), "15 characters");
        assert_eq!(said("callbacks"), "none");
        assert_eq!(said("mails_per_hour"), "10,000 mails");
        assert_eq!(spoken(Duration::from_secs(3_600)), "1 hour");
        assert_eq!(spoken(Duration::from_secs(5_400)), "90 minutes");
    }
}
