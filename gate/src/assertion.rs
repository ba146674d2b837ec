//! The signed assertion: who is calling, in a form a service checks by itself (docs/operators/assertions.md).
//!
//! A short-lived JWT for one audience: the route that let the caller in, or the one a service named. It is made after the
//! decision, never instead of it, and kept until half its life is over, so that hardly any answer waits for a signature.
//! What is kept hangs on one reading of a caller: as soon as a role of theirs changes they are read anew, and what was
//! said of them before is asked for no more. How it is signed is the crypto crate's.

use crate::credentials::Found;
use doorward_core::Core;
use doorward_core::verify::{Method, Place, Program, Who};
use doorward_model::{ApplicationId, Timestamp};
use http::HeaderValue;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use serde::{Serialize, Serializer};
use std::time::Duration;
use uuid::Uuid;

/// How long a service may believe one (verify.md): a revocation reaches those who only check signatures this late.
const LIFE: Duration = Duration::from_secs(60);
/// What is kept: about thirty thousand callers who are at work in the same half minute.
const KEPT_BYTES: u64 = 32 << 20;
/// What one takes beside its text and its audience: the entry, its place in the table (and the room a table that grows
/// keeps), and the allocator's share, as measured.
const ENTRY_BYTES: u64 = 384;
/// A usual one with everything, for the size of the table.
const USUAL_BYTES: u64 = 1_024;

/// Makes assertions, and keeps those that are young.
pub(crate) struct Assertions {
    issuer: String,
    kept: Cache<Key<Box<str>>, Kept, Bytes>,
}

/// What an assertion is about; `A` is the audience's text, owned or borrowed.
#[derive(PartialEq, Eq, Hash)]
struct Key<A> {
    subject: Uuid,
    edition: u64,
    program: Option<ApplicationId>,
    audience: A,
}

#[derive(Clone)]
struct Kept {
    value: HeaderValue,
    /// From then on a new one is made.
    fresh_until: Timestamp,
}

impl Assertions {
    pub(crate) fn new(core: &Core) -> Self {
        let entries = usize::try_from(KEPT_BYTES / USUAL_BYTES).unwrap_or(usize::MAX);
        // A URL prints an empty path as a slash; the issuer is what the operator wrote.
        let issuer = core.settings().public_url.as_str().trim_end_matches('/').to_owned();
        Self { issuer, kept: Cache::with_weighter(entries, KEPT_BYTES, Bytes) }
    }

    /// Says who is calling to an audience. `None` where the cryptographic library does not sign: an answer without an
    /// assertion, which a service that needs one refuses.
    pub(crate) fn of(&self, core: &Core, found: &Found, audience: &str) -> Option<HeaderValue> {
        let now = core.now();
        let program = found.program.as_ref().or(found.who.application());
        let key = Key {
            subject: found.who.subject(),
            edition: found.who.edition(),
            program: program.map(|program| program.id),
            audience,
        };
        if let Some(kept) = self.kept.get(&key).filter(|kept| now < kept.fresh_until) {
            return Some(kept.value);
        }
        let made = self.make(core, &found.who, program, audience, now)?;
        let value = made.value.clone();
        // A session, key or token is of one tenant and door; whoever proves themselves each time may be of another next time.
        if found.who.method() == Method::Basic {
            return Some(value);
        }
        self.kept.insert(key.owned(), made);
        Some(value)
    }

    /// How many are kept, and the bytes they were weighed at.
    pub(crate) fn size(&self) -> (u64, u64) {
        (u64::try_from(self.kept.len()).unwrap_or(u64::MAX), self.kept.weight())
    }

    fn make(
        &self,
        core: &Core,
        who: &Who,
        program: Option<&Program>,
        audience: &str,
        now: Timestamp,
    ) -> Option<Kept> {
        let until = now.plus(LIFE).min(who.lapses_at());
        let claims = Claims::of(who, program, &self.issuer, audience, (now.seconds(), until.seconds()))?;
        let text = serde_json::to_vec(&claims).ok()?;
        let signed = core
            .assertion_keys()
            .sign(&text)
            .inspect_err(|fault| tracing::error!(%fault, "an answer goes out without its assertion"))
            .ok()?;
        let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from(signed)).ok()?;
        // Good for a minute to whoever reads it: not for logs.
        value.set_sensitive(true);
        let fresh_until = now.plus(until.since(now) / 2);
        Some(Kept { value, fresh_until })
    }
}

impl Key<&str> {
    fn owned(&self) -> Key<Box<str>> {
        let Self { subject, edition, program, audience } = *self;
        Key { subject, edition, program, audience: audience.into() }
    }
}

/// A borrowed audience hashes as its owned twin, so looking one up allocates nothing.
impl Equivalent<Key<Box<str>>> for Key<&str> {
    fn equivalent(&self, key: &Key<Box<str>>) -> bool {
        self.subject == key.subject
            && self.edition == key.edition
            && self.program == key.program
            && *self.audience == *key.audience
    }
}

/// Weighs entries in bytes.
#[derive(Clone)]
struct Bytes;

impl Weighter<Key<Box<str>>, Kept> for Bytes {
    fn weight(&self, key: &Key<Box<str>>, kept: &Kept) -> u64 {
        ENTRY_BYTES + u64::try_from(key.audience.len() + kept.value.len()).unwrap_or(u64::MAX)
    }
}

/// The claims (RFC 7519 §4.1, and ours). What does not apply to a caller is left out.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    iat: i64,
    exp: i64,
    tenant: &'a str,
    company: i64,
    #[serde(serialize_with = "roles")]
    roles: &'a Who,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<&'a str>,
    /// Space between (RFC 9068 §2.2.3).
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
}

impl<'a> Claims<'a> {
    fn of(
        who: &'a Who,
        program: Option<&'a Program>,
        iss: &'a str,
        aud: &'a str,
        (iat, exp): (i64, i64),
    ) -> Option<Self> {
        let application = program.map(|program| program.app_id.as_str());
        Some(Self {
            iss,
            aud,
            sub: who.person().map(|id| id.uuid().to_string()).or(application.map(str::to_owned))?,
            iat,
            exp,
            tenant: who.tenant().slug.as_str(),
            company: who.tenant().number.get(),
            roles: who,
            session: who.session().map(|id| id.uuid().to_string()),
            email: who.email(),
            door: who.door().map(|door| door.name.as_str()),
            application,
            scope: who.scopes().join(" "),
        })
    }
}

/// The places that count here, in the words of the roles' header.
fn roles<S: Serializer>(who: &&Who, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(who.places_here().map(Place::to_string))
}
