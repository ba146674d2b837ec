//! A value as it was written, before its type is known: from the file, or the text of a variable.

use toml::de::DeValue;

/// What was written. A variable is always text and is read as whatever the key wants; in the file, types count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Raw>),
    /// Something no key takes, by its name.
    Other(&'static str),
    Variable(String),
}

impl Raw {
    /// From the file. A table never gets here.
    pub(super) fn from_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.clone().into_owned()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number that large"), Self::Integer),
            DeValue::Boolean(value) => Self::Boolean(*value),
            DeValue::Array(items) => {
                Self::List(items.iter().map(|item| Self::from_toml(item.get_ref())).collect())
            }
            DeValue::Float(_) => Self::Other("a decimal number"),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// A text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Variable(text) => Some(text),
            Self::Integer(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// A whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// Yes or no.
    pub(super) fn boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Integer(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// A list; in a variable its items are separated by commas.
    pub(super) fn list(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Variable(text) => Some(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| Self::Variable(item.to_owned()))
                    .collect(),
            ),
            Self::Text(_) | Self::Integer(_) | Self::Boolean(_) | Self::Other(_) => None,
        }
    }

    /// How a message quotes it.
    pub(super) fn found(&self) -> String {
        match self {
            Self::Text(text) | Self::Variable(text) => format!("{text:?}"),
            Self::Integer(number) => number.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::found).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Other(name) => (*name).to_owned(),
        }
    }
}
