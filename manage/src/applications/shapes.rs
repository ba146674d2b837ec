//! What is sent and answered about applications.

use crate::schema::{line, list, moment, object, of, or_null, shape, text, truth, uuid};
use doorward_core::applications::{Listed, OVERLAP_MAX};
use serde_json::{Value, json};

/// Of a name (core/src/applications/create.rs).
const NAME_CHARS: usize = 250;

shape! {
    /// An application.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The top of what it may act in"]
        tenant: String = uuid(),
        #[doc = "What people read"]
        name: String = text(),
        #[doc = "What it sends as its identity; no secret"]
        app_id: String = text(),
        #[doc = "Whether it must send a key, too"]
        has_key: bool = truth(),
        #[doc = "Until when the key before is good as well"]
        previous_key_until: Option<String> = or_null(moment()),
        #[doc = "Whether it may be told one-time codes"]
        trusted_server: bool = truth(),
        #[doc = "Browser origins it may be called from"]
        origins: Vec<String> = list(text()),
        #[doc = "Whether it is refused"]
        disabled: bool = truth(),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it last called, rounded"]
        last_used_at: Option<String> = or_null(moment()),
    }
}

shape! {
    /// An application with a key that is shown this once.
    WithKey {
        #[doc = "The application"]
        application: Shown = of("Application"),
        #[doc = "The key, in clear this once; null where it has none"]
        key: Option<String> = or_null(text()),
    }
}

fn origins() -> Value {
    list(json!({ "type": "string", "pattern": "^https?://[^/]+$" }))
}

fn name() -> Value {
    line(NAME_CHARS)
}

pub(super) fn new_schema() -> Value {
    let app_id = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{4,64}$" });
    object(
        &["name"],
        &[
            ("name", "What people read", name()),
            ("app_id", "What it will send as its identity; made unless said", or_null(app_id)),
            ("with_key", "Whether it gets a key; true unless said", truth()),
            (
                "trusted_server",
                "Whether it may be told one-time codes, which an owner or operator decides; false unless said",
                truth(),
            ),
            ("origins", "Browser origins it may be called from; none unless said", origins()),
        ],
    )
}

pub(super) fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("name", "What people read", name()),
            ("trusted_server", "Whether it may be told one-time codes", truth()),
            ("origins", "Browser origins it may be called from", origins()),
        ],
    )
}

pub(super) fn overlap_schema() -> Value {
    let seconds = crate::schema::seconds(OVERLAP_MAX.as_secs());
    object(&[], &[("overlap_seconds", "How long the one before stays good; not at all unless said", seconds)])
}

impl From<&Listed> for Shown {
    fn from(Listed { application: it, previous_until }: &Listed) -> Self {
        Self {
            id: it.id.to_string(),
            tenant: it.tenant.to_string(),
            name: it.name.clone(),
            app_id: it.app_id.as_str().to_owned(),
            has_key: it.has_key,
            previous_key_until: previous_until.map(|until| until.civil().to_string()),
            trusted_server: it.trusted_server,
            origins: it.origins.clone(),
            disabled: it.disabled,
            version: it.version,
            created_at: it.created_at.civil().to_string(),
            last_used_at: it.last_used_at.map(|at| at.civil().to_string()),
        }
    }
}
