//! Columns that hold JSON: the private shapes between a noun's fields and the text that is stored.
//!
//! A shape here may gain optional fields, never lose or rename one: rows written by an older version are read for ever.

mod door;
mod person;
mod policy;

pub(crate) use door::{read_settings, write_settings};
pub(crate) use person::{read_notifications, write_notifications};
pub(crate) use policy::{read_policy, write_policy};

use serde::de::DeserializeOwned;

/// A column's text, read; `None` for what no version of this program writes.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
