//! Ids in what is kept of a work as JSON.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id in its hyphenated text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Id(pub(super) Uuid);

impl From<Id> for String {
    fn from(Id(id): Id) -> Self {
        id.hyphenated().to_string()
    }
}

impl TryFrom<String> for Id {
    type Error = uuid::Error;

    fn try_from(text: String) -> Result<Self, uuid::Error> {
        Uuid::try_parse(&text).map(Self)
    }
}
