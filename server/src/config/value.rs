//! The types a key may have: how each is read, described and printed.

use super::raw::Raw;
use super::units::{ByteSize, parse_duration, parse_size, show_duration};
use doorward_model::RegionCode;
use http::HeaderName;
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// A type of the configuration.
pub(super) trait Value: Sized {
    /// What a person is told was expected, with an example.
    fn expected() -> String;
    /// Reads what was written; `None` if it is something else.
    fn read(raw: &Raw) -> Option<Self>;
    /// As TOML; what is printed reads back as the same value.
    fn show(&self) -> String;
}

/// A choice between words.
pub(super) trait Words: Copy + PartialEq + 'static {
    /// Every word with what it stands for.
    const WORDS: &'static [(&'static str, Self)];
}

impl<T: Words> Value for T {
    fn expected() -> String {
        let words: Vec<String> = T::WORDS.iter().map(|(word, _)| format!("{word:?}")).collect();
        words.join(" or ")
    }

    fn read(raw: &Raw) -> Option<Self> {
        let text = raw.text()?;
        T::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }

    fn show(&self) -> String {
        let word = T::WORDS.iter().find(|(_, value)| value == self).map_or("", |(word, _)| *word);
        quoted(word)
    }
}

impl Value for bool {
    fn expected() -> String {
        "true or false".to_owned()
    }

    fn read(raw: &Raw) -> Option<Self> {
        raw.boolean()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Whole numbers that a setting may be.
macro_rules! whole_number {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn expected() -> String {
                "a whole number".to_owned()
            }

            fn read(raw: &Raw) -> Option<Self> {
                raw.integer().and_then(|number| Self::try_from(number).ok())
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
whole_number!(u16, u32, usize);

/// Types that are written as a text and know how to read one.
macro_rules! written_as_text {
    ($($type:ty, $expected:literal, $read:expr, $show:expr;)*) => {$(
        impl Value for $type {
            fn expected() -> String {
                $expected.to_owned()
            }

            fn read(raw: &Raw) -> Option<Self> {
                raw.text().and_then($read)
            }

            fn show(&self) -> String {
                let show: fn(&Self) -> String = $show;
                quoted(&show(self))
            }
        }
    )*};
}
written_as_text! {
    String, "a text in quotes that is not empty", |text| (!text.is_empty()).then(|| text.to_owned()), Self::clone;
    PathBuf, "a path in quotes", |text| (!text.is_empty()).then(|| Self::from(text)), |path| path.display().to_string();
    SocketAddr, "an address with a port, like \"127.0.0.1:8080\" or \"[::1]:8080\"", |text| text.parse().ok(), Self::to_string;
    IpNet, "a network like \"10.0.0.0/8\" or an address", read_network, Self::to_string;
    Duration, "a duration like \"500ms\", \"30s\", \"5m\", \"24h\" or \"7d\"", parse_duration, |span| show_duration(*span);
    ByteSize, "a size like \"64KiB\" or \"1MiB\"", parse_size, Self::to_string;
    RegionCode, "a region's code: 2 to 16 of a-z, 0-9 and -", Self::parse, |code| code.as_str().to_owned();
    HeaderName, "a header's name like \"x-user\"", |text| text.parse().ok(), |name| name.as_str().to_owned();
    Mailbox, "an e-mail address like \"Doorward <no-reply@example.com>\"", |text| text.parse().ok(), Self::to_string;
    Url, "an address like \"https://id.example.com\"", read_web_address, |url| url.as_str().trim_end_matches('/').to_owned();
}

impl<T: Value> Value for Vec<T> {
    fn expected() -> String {
        format!("a list, each item {}", T::expected())
    }

    fn read(raw: &Raw) -> Option<Self> {
        raw.list()?.iter().map(T::read).collect()
    }

    fn show(&self) -> String {
        let items: Vec<String> = self.iter().map(T::show).collect();
        format!("[{}]", items.join(", "))
    }
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A bare address is the network of that one address.
fn read_network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Links are built by appending to it, so it ends where a path may begin.
pub(super) fn read_web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_base = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_base.then_some(url)
}
