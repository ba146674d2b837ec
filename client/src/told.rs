//! What `POST /verify` answers (verify.md: Answer): JSON into an identity, or into why there is none.

use crate::denied::{Denied, Reason, Refused, Unanswered};
use crate::identity::{Identity, Kind, Membership, Person, Role, Tenant};
use serde::Deserialize;
use std::time::{Duration, SystemTime};

/// One answer as it is written; fields that this version does not know are passed over.
#[derive(Deserialize)]
pub(crate) struct Told {
    active: bool,
    reason: Option<String>,
    home: Option<String>,
    /// Seconds.
    retry_after: Option<u64>,
    assertion: Option<String>,
    person: Option<TheirPerson>,
    pool: Option<String>,
    tenant: Option<TheirTenant>,
    #[serde(default)]
    memberships: Vec<Place>,
    application: Option<String>,
    door: Option<String>,
    method: Option<String>,
    signed_in_at: Option<String>,
    expires_at: Option<String>,
    session: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct TheirPerson {
    id: String,
    number: Option<i64>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    known_as: Option<String>,
}

#[derive(Deserialize)]
struct TheirTenant {
    id: String,
    number: i64,
    slug: String,
}

#[derive(Deserialize)]
struct Place {
    tenant: i64,
    kind: String,
    role: String,
    /// Where it is not said, it is not believed.
    #[serde(default)]
    reaches: bool,
}

/// Somebody, with what bounds how long the answer may be believed.
pub(crate) struct Known {
    pub(crate) identity: Identity,
    pub(crate) assertion: Option<String>,
}

impl Told {
    pub(crate) fn read(self) -> Result<Known, Denied> {
        if !self.active {
            return Err(self.denied());
        }
        let (Some(tenant), Some(pool), Some(method), Some(signed_in_at)) =
            (self.tenant, self.pool, self.method, self.signed_in_at)
        else {
            return Err(garbage("an identity without a tenant, pool, method or time").into());
        };
        let identity = Identity {
            person: self.person.map(Person::from),
            pool: Some(pool),
            tenant: tenant.into(),
            memberships: self.memberships.into_iter().map(Membership::from).collect(),
            application: self.application,
            door: self.door,
            method: Some(method),
            signed_in_at: Some(time(&signed_in_at)?),
            expires_at: self.expires_at.as_deref().map(time).transpose()?,
            session: self.session,
            scopes: self.scopes,
        };
        Ok(Known { identity, assertion: self.assertion })
    }

    fn denied(self) -> Denied {
        let retry_after = self.retry_after.map(Duration::from_secs);
        match self.reason.as_deref() {
            None => garbage("a refusal without a reason").into(),
            // Nothing is known of the caller: to take it for a refusal would sign everybody out.
            Some("unavailable") => Unanswered::busy(retry_after).into(),
            Some(word) => Refused { reason: Reason::of(word), home: self.home, retry_after }.into(),
        }
    }
}

/// RFC 3339.
fn time(text: &str) -> Result<SystemTime, Unanswered> {
    text.parse::<jiff::Timestamp>().map(SystemTime::from).map_err(|_| garbage("a time that is none"))
}

/// Without what stood there: an answer may name people, and a fault goes to the log.
pub(crate) fn unreadable(error: &serde_json::Error) -> Unanswered {
    Unanswered::Garbage(format!("no JSON of its kind, at line {} column {}", error.line(), error.column()))
}

pub(crate) fn garbage(what: &str) -> Unanswered {
    Unanswered::Garbage(what.to_owned())
}

impl From<TheirPerson> for Person {
    fn from(told: TheirPerson) -> Self {
        let TheirPerson { id, number, email, first_name, last_name, known_as } = told;
        Self { id, number, email, first_name, last_name, known_as }
    }
}

impl From<TheirTenant> for Tenant {
    fn from(told: TheirTenant) -> Self {
        Self { id: Some(told.id), number: told.number, slug: told.slug }
    }
}

impl From<Place> for Membership {
    fn from(told: Place) -> Self {
        let (kind, role) = (Kind::of(&told.kind), Role::of(&told.role));
        Self { tenant: Some(told.tenant), kind, role, reaches: told.reaches }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Identity, Denied> {
        let told: Told = serde_json::from_str(text).unwrap();
        told.read().map(|known| known.identity)
    }

    #[test]
    fn a_refusal_keeps_its_reason_and_what_helps() {
        let rate = r#"{"active": false, "reason": "rate", "retry_after": 3}"#;
        let retry_after = Some(Duration::from_secs(3));
        let refused = Refused { reason: Reason::Rate, home: None, retry_after };
        assert_eq!(read(rate), Err(Denied::Refused(refused)));
        let region = read(r#"{"active": false, "reason": "region", "home": "api.eu.example"}"#);
        assert!(
            matches!(region, Err(Denied::Refused(Refused { home: Some(host), .. })) if host == "api.eu.example")
        );
    }

    #[test]
    fn a_database_that_is_away_refuses_nobody() {
        let busy = read(r#"{"active": false, "reason": "unavailable", "retry_after": 5}"#);
        assert_eq!(busy, Err(Unanswered::Busy { retry_after: Duration::from_secs(5) }.into()));
    }

    #[test]
    fn half_an_answer_is_none() {
        let tenant = r#""tenant": {"id": "x", "number": 1, "slug": "a"}"#;
        for text in [
            r#"{"active": false}"#.to_owned(),
            r#"{"active": true}"#.to_owned(),
            format!(r#"{{"active": true, {tenant}, "pool": "x", "method": "password"}}"#),
            format!(
                r#"{{"active": true, {tenant}, "pool": "x", "method": "password", "signed_in_at": "soon"}}"#
            ),
        ] {
            assert!(matches!(read(&text), Err(Denied::Unanswered(Unanswered::Garbage(_)))), "{text}");
        }
    }
}
