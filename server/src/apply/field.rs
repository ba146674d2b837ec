//! The types a key of the file may have: how each is read, and how it is described to whoever got it wrong.

use crate::config::parse_duration;
use doorward_core::provision::KeyWish;
use doorward_model::{
    AccessKeyName, AppId, CallbackRule, CompanyNumber, Dialect, Email, HostPattern, Kind, Language,
    RateLimit, RegionCode, Role, Secret, Slug, TenantStatus, Timestamp, Verified, is_base_url, is_origin,
};
use std::time::Duration;
use toml::de::DeValue;
use url::Url;

/// What people read: longer texts fit no client's field.
const TEXT_MAX: usize = 250;
/// The word that asks for a secret to be made.
pub(super) const GENERATED: &str = "generated";
/// The word that asks for no key.
const NONE: &str = "none";
/// The shortest key that may be brought along (P9: 128 bits, in the densest text clients use).
const KEY_MIN: usize = 16;
/// The longest secret that fits into a header or form field of any client.
const SECRET_MAX: usize = 1024;

/// A type of the file.
pub(super) trait Field: Sized {
    /// Whether a wrong value may be quoted.
    const SECRET: bool = false;
    /// What was expected, with an example.
    fn expected() -> String;
    /// Reads what was written; `None` if it is something else.
    fn read(value: &DeValue<'_>) -> Option<Self>;
}

/// A short text without control characters.
pub(super) struct Text(pub(super) String);

/// Named facts, each a text, number or truth value.
pub(super) struct Facts(pub(super) Vec<(String, String)>);

/// An `http` or `https` address that may hold `{slug}` in its host.
pub(super) struct BaseUrl(pub(super) String);

/// An `http` or `https` address.
pub(super) struct WebAddress(pub(super) String);

/// What a browser sends as `Origin`.
pub(super) struct WebOrigin(pub(super) String);

/// How a message quotes what was written.
pub(super) fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(_) => "a decimal number".to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn text<'a>(value: &'a DeValue<'_>) -> Option<&'a str> {
    if let DeValue::String(text) = value { Some(text) } else { None }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    let DeValue::Integer(number) = value else { return None };
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Types that are written as a text.
macro_rules! written_as_text {
    ($($type:ty, $expected:expr, $read:expr;)*) => {$(
        impl Field for $type {
            fn expected() -> String {
                $expected.to_owned()
            }

            fn read(value: &DeValue<'_>) -> Option<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                text(value).and_then(read)
            }
        }
    )*};
}
written_as_text! {
    Text, format!("a text of 1 to {TEXT_MAX} characters in one line"), |text| plain(text).map(Self);
    Slug, "1 to 63 of a-z, 0-9 and inner hyphens", |text| Self::parse(text).ok();
    RegionCode, "a region's code: 2 to 16 of a-z, 0-9 and -", Self::parse;
    AppId, "4 to 64 of A-Z, a-z, 0-9, _ and -", Self::parse;
    AccessKeyName, "u$r and 32 hexadecimal digits", Self::parse;
    Email, "an e-mail address like \"ana@example.com\"", |text| Self::parse(text).ok();
    HostPattern, "a host like \"api.example.com\" or \"{slug}.example.com\", without scheme or port", |text| Self::parse(text).ok();
    CallbackRule, "an address like \"https://app.example.com/reset\"", |text| Self::parse(text).ok();
    Duration, "a duration like \"30m\", \"24h\" or \"7d\"", parse_duration;
    RateLimit, "calls in a time, like \"25/5s\"", read_rate;
    BaseUrl, "an address like \"https://{slug}.example.com\", without query", |text| base_url(text).map(Self);
    WebAddress, "an address like \"https://example.com/terms\"", |text| address(text).map(|_| Self(text.to_owned()));
    WebOrigin, "an origin like \"https://app.example.com\", without a path", |text| origin(text).map(Self);
    Dialect, words(Dialect::ALL.map(Dialect::as_str)), Self::parse;
    Kind, "\"administrator\", \"member\", \"contact\" or \"user\"", Self::parse;
    Role, "\"owner\", \"admin\", \"user\" or \"callcentre\"", Self::parse;
    Verified, "\"no\", \"self\", \"mail\" or \"administrator\"", Self::parse;
    Language, "\"en\", \"de\" or \"fr\"", Self::parse;
    TenantStatus, "\"active\" or \"suspended\"", |text| Self::parse(text).filter(|status| *status != Self::Deleted);
}

/// Types that are written as a whole number.
macro_rules! written_as_number {
    ($($type:ty, $expected:literal, $read:expr;)*) => {$(
        impl Field for $type {
            fn expected() -> String {
                $expected.to_owned()
            }

            fn read(value: &DeValue<'_>) -> Option<Self> {
                let read: fn(i64) -> Option<Self> = $read;
                whole(value).and_then(read)
            }
        }
    )*};
}
written_as_number! {
    u32, "a whole number", |number| Self::try_from(number).ok();
    CompanyNumber, "a whole number from 1 to 2147483647", |number| Self::new(number).ok();
}

impl Field for bool {
    fn expected() -> String {
        "true or false".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        if let DeValue::Boolean(yes) = value { Some(*yes) } else { None }
    }
}

impl Field for Timestamp {
    fn expected() -> String {
        "a moment like 2027-01-31T00:00:00Z".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        let written = match value {
            DeValue::Datetime(moment) => moment.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => return None,
        };
        read_moment(&written)
    }
}

impl Field for Secret {
    const SECRET: bool = true;

    fn expected() -> String {
        format!("a text of 1 to {SECRET_MAX} bytes in quotes, or \"{GENERATED}\"")
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        text(value).filter(|text| (1..=SECRET_MAX).contains(&text.len())).map(Self::new)
    }
}

impl Field for KeyWish {
    const SECRET: bool = true;

    fn expected() -> String {
        format!("\"{GENERATED}\", \"{NONE}\" or a key of at least {KEY_MIN} printable characters")
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        match text(value)? {
            GENERATED => Some(Self::Generated),
            NONE => Some(Self::None),
            key if is_key(key) => Some(Self::Given(Secret::new(key))),
            _ => None,
        }
    }
}

impl Field for Facts {
    fn expected() -> String {
        "a table of texts, like { Phone = \"+44 20 7946 0018\" }".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        let DeValue::Table(table) = value else { return None };
        let fact = |value: &DeValue<'_>| match value {
            DeValue::String(text) => (!text.contains('\0')).then(|| text.clone().into_owned()),
            DeValue::Integer(_) | DeValue::Boolean(_) => Some(found(value)),
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
        };
        let pairs =
            table.iter().map(|(name, value)| Some((name.get_ref().to_string(), fact(value.get_ref())?)));
        pairs.collect::<Option<Vec<_>>>().map(Self)
    }
}

impl<T: Field> Field for Vec<T> {
    fn expected() -> String {
        format!("a list, each item {}", T::expected())
    }

    fn read(value: &DeValue<'_>) -> Option<Self> {
        let DeValue::Array(items) = value else { return None };
        items.iter().map(|item| T::read(item.get_ref())).collect()
    }
}

/// Whether a text can be sent as a key in a header.
pub(super) fn is_key(text: &str) -> bool {
    (KEY_MIN..=SECRET_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn plain(text: &str) -> Option<String> {
    let fits = (1..=TEXT_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// Reads `2027-01-31T00:00:00Z`; a moment needs its offset.
pub(crate) fn read_moment(text: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_micros(moment.as_microsecond()))
}

/// Reads `25/5s`.
pub(crate) fn read_rate(text: &str) -> Option<RateLimit> {
    let (calls, window) = text.split_once('/')?;
    let calls = calls.trim().parse().ok().filter(|calls| *calls > 0)?;
    let window = parse_duration(window).filter(|window| !window.is_zero())?;
    Some(RateLimit { calls, window })
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_web && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn base_url(text: &str) -> Option<String> {
    is_base_url(text).then(|| text.to_owned())
}

fn origin(text: &str) -> Option<String> {
    is_origin(text).then(|| text.to_owned())
}

fn words<const N: usize>(words: [&str; N]) -> String {
    words.map(|word| format!("{word:?}")).join(" or ")
}
