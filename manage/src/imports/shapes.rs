//! Imports on the wire.

use crate::people::{KINDS, ROLES};
use crate::schema::{list, moment, object, or_null, shape, text, truth, uuid, word};
use doorward_core::works::{self, Refused};
use doorward_model::{Work, WorkState};
use serde_json::{Value, json};

shape! {
    /// An import.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "How it stands"]
        state: &'static str = states(),
        #[doc = "Whether each person is mailed an invitation"]
        invite: bool = truth(),
        #[doc = "People made"]
        done: i64 = count(),
        #[doc = "Lines that cannot be done"]
        refused: i64 = count(),
        #[doc = "Lines in all"]
        total: Option<i64> = or_null(count()),
        #[doc = "What it waits for, or why it ended before its end"]
        reason: Option<String> = or_null(text()),
        #[doc = "Who began it; without an id once its lines are gone"]
        actor: String = text(),
        #[doc = "When it was made"]
        made_at: String = moment(),
        #[doc = "When it ended"]
        finished_at: Option<String> = or_null(moment()),
        #[doc = "Until when its lines are kept at most; null once there are none to ask for"]
        kept_until: Option<String> = or_null(moment()),
    }
}

shape! {
    /// A line that cannot be done.
    Line {
        #[doc = "Where it stands in the file or list, from 1"]
        line: i64 = json!({ "type": "integer", "minimum": 1 }),
        #[doc = "Why"]
        reason: String = text(),
        #[doc = "What it says"]
        email: String = text(),
        #[doc = "What it says"]
        first_name: String = text(),
        #[doc = "What it says"]
        last_name: String = text(),
        #[doc = "What it says"]
        known_as: String = text(),
        #[doc = "What it says"]
        kind: String = text(),
        #[doc = "What it says"]
        role: String = text(),
        #[doc = "What it says"]
        language: String = text(),
    }
}

pub(crate) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(crate) fn states() -> Value {
    word(&WorkState::ALL.map(WorkState::as_str))
}

pub(super) fn table_schema() -> Value {
    let words = |words: &[&str]| or_null(word(words));
    let name = || or_null(text());
    let person = object(
        &["email"],
        &[
            ("email", "Where they are written to", text()),
            ("first_name", "First name", name()),
            ("last_name", "Last name", name()),
            ("known_as", "What they like to be called", name()),
            ("kind", "As what they belong to the tenant; user unless said", words(&KINDS)),
            ("role", "With which rights; user unless said, and never more than the token's", words(&ROLES)),
            (
                "language",
                "What mails to them are written in; as the tenant says unless said",
                or_null(crate::people::languages()),
            ),
        ],
    );
    let mut people = list(person);
    if let Some(fields) = people.as_object_mut() {
        fields.insert("minItems".to_owned(), 1.into());
        fields.insert("maxItems".to_owned(), works::IMPORT_LINES.into());
    }
    object(&["people"], &[("people", "Who is to be made", people)])
}

impl From<&Work> for Shown {
    fn from(work: &Work) -> Self {
        Self {
            id: work.id.to_string(),
            state: work.state.as_str(),
            invite: works::invites(work),
            done: work.done,
            refused: work.refused,
            total: work.total,
            reason: work.reason.clone(),
            actor: work.actor.clone(),
            made_at: work.made_at.civil().to_string(),
            finished_at: work.finished_at.map(|at| at.civil().to_string()),
            kept_until: work.kept_until().map(|at| at.civil().to_string()),
        }
    }
}

impl From<&Refused> for Line {
    fn from(Refused { line, reason }: &Refused) -> Self {
        let cell = |column| line.cell(column).to_owned();
        Self {
            line: line.number,
            reason: reason.clone(),
            email: cell("email"),
            first_name: cell("first_name"),
            last_name: cell("last_name"),
            known_as: cell("known_as"),
            kind: cell("kind"),
            role: cell("role"),
            language: cell("language"),
        }
    }
}
