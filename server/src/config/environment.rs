//! The process environment, read once: the only place in Doorward that looks at it.

use std::collections::BTreeMap;

const PREFIX: &str = "DOORWARD_";

/// What stands between the parts of a key, so that `_` inside a part keeps its meaning.
const SEPARATOR: &str = "__";

/// A copy of the variables that begin with `DOORWARD_`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    unreadable: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
            match value.into_string() {
                Ok(value) => {
                    environment.variables.insert(name.to_owned(), value);
                }
                Err(_) => environment.unreadable.push(name.to_owned()),
            }
        }
        environment
    }

    /// An environment for a test.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let variables = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { variables, unreadable: Vec::new() }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The variables that claim to be keys. Only names with a `__` do: container platforms put their own
    /// `DOORWARD_PORT_…` and `DOORWARD_SERVICE_HOST` next to a service of this name.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str).filter(|name| name.contains(SEPARATOR))
    }

    /// The other variables: a container platform's, or keys with too few underscores.
    pub(super) fn others(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str).filter(|name| !name.contains(SEPARATOR))
    }

    /// Variables whose value is not UTF-8.
    pub(super) fn unreadable(&self) -> &[String] {
        &self.unreadable
    }
}

/// The variable with one underscore where there must be two: how it is most often written wrongly.
pub(super) fn with_too_few_underscores(variable: &str) -> String {
    variable.replace(SEPARATOR, "_")
}

/// The variable that overrides a key: `mail.smtp.host` → `DOORWARD_MAIL__SMTP__HOST`. No shell sets a name with `-`.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', SEPARATOR).replace('-', "_"))
}
