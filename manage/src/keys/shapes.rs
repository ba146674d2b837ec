//! What is sent and answered about access keys.

use crate::schema::{line, moment, object, of, or_null, shape, text, uuid, word};
use doorward_core::access_keys::{LABEL_CHARS, LONGEST_OVERLAP, LONGEST_WINDOW, ListedKey, MOST_CALLS};
use serde_json::{Value, json};

shape! {
    /// A rate.
    Rate {
        #[doc = "Calls of a window"]
        calls: u32 = json!({ "type": "integer", "minimum": 1, "maximum": MOST_CALLS }),
        #[doc = "The window, which slides"]
        seconds: u64 = json!({ "type": "integer", "minimum": 1, "maximum": LONGEST_WINDOW.as_secs() }),
    }
}

shape! {
    /// A key.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The tenant"]
        tenant: String = uuid(),
        #[doc = "Whom it stands for"]
        person: String = uuid(),
        #[doc = "Where they are written to"]
        email: String = text(),
        #[doc = "The public half, as programs send it"]
        access_key: String = text(),
        #[doc = "What people read"]
        label: String = text(),
        #[doc = "Whether it may be used; `ended` with its person's account"]
        state: &'static str = word(&["active", "disabled", "expired", "ended"]),
        #[doc = "Its own rate; null takes the tenant's"]
        rate: Option<Rate> = or_null(of("Rate")),
        #[doc = "Refused from this moment"]
        expires_at: Option<String> = or_null(moment()),
        #[doc = "Until when the secret before is good as well"]
        previous_secret_until: Option<String> = or_null(moment()),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it was last used, rounded"]
        last_used_at: Option<String> = or_null(moment()),
    }
}

shape! {
    /// A key with a secret that is shown this once.
    Issued {
        #[doc = "The key"]
        key: Shown = of("AccessKey"),
        #[doc = "The secret half, in clear this once"]
        secret_key: String = text(),
    }
}

pub(super) fn rate_schema() -> Value {
    Rate::schema()
}

fn rate() -> Value {
    or_null(of("Rate"))
}

pub(super) fn new_schema() -> Value {
    object(
        &["person", "label"],
        &[
            ("person", "Whom it stands for", uuid()),
            ("label", "What people read", line(LABEL_CHARS)),
            ("rate", "Its own rate; the tenant's unless said", rate()),
            ("expires_at", "Refused from this moment; never unless said", or_null(moment())),
        ],
    )
}

pub(super) fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("label", "What people read", line(LABEL_CHARS)),
            ("rate", "Its own rate; null goes back to the tenant's", rate()),
            ("expires_at", "Refused from this moment; null is never", or_null(moment())),
        ],
    )
}

pub(super) fn overlap_schema() -> Value {
    let seconds = crate::schema::seconds(LONGEST_OVERLAP.as_secs());
    object(&[], &[("overlap_seconds", "How long the one before stays good; not at all unless said", seconds)])
}

impl From<&ListedKey> for Shown {
    fn from(ListedKey { key, person, state }: &ListedKey) -> Self {
        Self {
            id: key.id.to_string(),
            tenant: key.tenant.to_string(),
            person: key.person.to_string(),
            email: person.email.as_written().to_owned(),
            access_key: key.name.as_str().to_owned(),
            label: key.label.clone(),
            state: state.as_str(),
            rate: key.rate.map(|rate| Rate { calls: rate.calls, seconds: rate.window.as_secs() }),
            expires_at: key.expires_at.map(|at| at.civil().to_string()),
            previous_secret_until: key.previous_until.map(|at| at.civil().to_string()),
            version: key.version,
            created_at: key.created_at.civil().to_string(),
            last_used_at: key.last_used_at.map(|at| at.civil().to_string()),
        }
    }
}
