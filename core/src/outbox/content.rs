//! What a mail is filled with: sealed in its row, opened for the worker.

use crate::{Branch, Caller, zone};
use doorward_model::{Language, Person, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a template is filled with.
#[derive(Clone, Serialize, Deserialize)]
pub struct Content {
    /// The recipient.
    pub to: String,
    /// The recipient's name, if known.
    pub person_name: Option<String>,
    /// In whose name it is written.
    pub tenant_name: String,
    /// The tag of the language it is written in. A mail that an earlier version sealed has none, and is in English.
    #[serde(default)]
    pub language: Option<String>,
    /// The link, for the kinds that have one. Holds a one-time code.
    pub link: Option<String>,
    /// What else the kind shows, by name: `address`, `agent`, the times `at` and `expires` in microseconds,
    /// and `zone`, the IANA name of the zone that times are told in; UTC without it.
    pub details: BTreeMap<String, String>,
    /// What a digest tells of, the newest first.
    #[serde(default)]
    pub happened: Vec<Happened>,
}

/// One thing that a digest tells of.
#[derive(Clone, Serialize, Deserialize)]
pub struct Happened {
    /// What, as [`doorward_model::Happening`] keeps it.
    pub what: String,
    /// When, in microseconds.
    pub at: i64,
    /// From where.
    pub address: Option<String>,
}

impl Content {
    /// What the recipient reads.
    pub fn language(&self) -> Language {
        self.language.as_deref().and_then(Language::parse).unwrap_or_default()
    }

    /// The same mail for a reader of this language.
    pub(crate) fn in_language(self, language: Language) -> Self {
        Self { language: Some(language.as_str().to_owned()), ..self }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(…)")
    }
}

/// Content addressed to a person in the name of their tenant, in their language if it is known.
pub(crate) fn content_for(person: &Person, branch: &Branch) -> Content {
    let name = person.profile.known_as.clone().unwrap_or_else(|| person.profile.full_name());
    let language = person.language.unwrap_or(branch.policy().language);
    let zone = zone::known(person, branch);
    let zone =
        zone.as_ref().and_then(|zone| zone.iana_name()).map(|zone| ("zone".to_owned(), zone.to_owned()));
    Content {
        language: Some(language.as_str().to_owned()),
        to: person.email.as_written().to_owned(),
        person_name: Some(name).filter(|name| !name.is_empty()),
        tenant_name: branch.tenant().display_name.clone(),
        link: None,
        details: zone.into_iter().collect(),
        happened: Vec::new(),
    }
}

/// Content about something that `caller` did.
pub(crate) fn content_about(person: &Person, branch: &Branch, caller: &Caller, now: Timestamp) -> Content {
    let mut content = content_for(person, branch);
    content.details.insert("address".to_owned(), caller.address.to_string());
    content.details.insert("agent".to_owned(), caller.agent.clone().unwrap_or_default());
    content.details.insert("at".to_owned(), now.micros().to_string());
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_sealed_is_still_a_mail() {
        let sealed =
            r#"{"to":"ada@spa.example","person_name":null,"tenant_name":"Spa","link":null,"details":{}}"#;
        let content: Content = serde_json::from_str(sealed).expect("a mail");
        assert_eq!((content.to.as_str(), content.language()), ("ada@spa.example", Language::En));
    }
}
