//! Host patterns: `{slug}.salesseek.example` or an exact host.

use crate::Slug;
use thiserror::Error;

/// Which hosts lead to a door, in lower case, without a port.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum HostPattern {
    /// `{slug}.<base>`: one label in front of the base names the tenant. The bare base matches too, without a slug
    /// (SalesSeek's `ClientId` header names the tenant there).
    Slug {
        /// What follows the label.
        base: String,
    },
    /// This host and no other.
    Exact(String),
}

/// The text is no host pattern.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected a host like api.example.com or {{slug}}.example.com, without scheme or port")]
pub struct InvalidHostPattern;

impl HostPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, InvalidHostPattern> {
        let text = text.to_ascii_lowercase();
        let is_host =
            |host: &str| host.len() <= 253 && host.split('.').all(|label| Slug::parse(label).is_ok());
        match text.strip_prefix("{slug}.") {
            Some(base) if is_host(base) => Ok(Self::Slug { base: base.to_owned() }),
            None if is_host(&text) => Ok(Self::Exact(text)),
            Some(_) | None => Err(InvalidHostPattern),
        }
    }

    /// Whether `host` (lower case, no port) leads here; inside, the slug it names, if any.
    pub fn matches(&self, host: &str) -> Option<Option<Slug>> {
        match self {
            Self::Exact(exact) => (exact == host).then_some(None),
            Self::Slug { base } if base == host => Some(None),
            Self::Slug { base } => {
                let label = host.strip_suffix(base.as_str())?.strip_suffix('.')?;
                Slug::parse(label).ok().map(Some)
            }
        }
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Slug { base } => write!(f, "{{slug}}.{base}"),
            Self::Exact(host) => f.write_str(host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_in_front_of_the_base_is_the_slug() {
        let pattern = HostPattern::parse("{slug}.salesseek.localhost").unwrap();
        assert_eq!(pattern.matches("northwind.salesseek.localhost"), Some(Slug::parse("northwind").ok()));
        assert_eq!(pattern.matches("salesseek.localhost"), Some(None));
        for host in [
            "a.b.salesseek.localhost",
            "evilsalesseek.localhost",
            ".salesseek.localhost",
            "salesseek.localhost.evil",
        ] {
            assert_eq!(pattern.matches(host), None, "{host}");
        }
        assert_eq!(HostPattern::parse("http://x"), Err(InvalidHostPattern));
    }
}
