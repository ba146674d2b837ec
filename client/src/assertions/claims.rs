//! What is claimed, held to what is expected (docs/operators/assertions.md: What it says).

use super::jwt;
use crate::denied::Reason;
use crate::identity::{Identity, Kind, Membership, Person, Role, Tenant};
use serde::Deserialize;
use std::time::{Duration, UNIX_EPOCH};

/// By how much the clocks of Doorward and of this machine may differ.
const LEEWAY: Duration = Duration::from_secs(5);
/// The longest life there is (verify.md). One that ends later was signed by a clock far ahead of ours, so that we would
/// believe it for too long.
const LIFE: Duration = Duration::from_secs(60);

/// What an assertion must be.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) issuer: String,
    pub(super) audience: String,
}

/// The claims. Times are seconds since 1970.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: u64,
    nbf: Option<u64>,
    tenant: String,
    company: i64,
    /// `kind:role`
    roles: Vec<String>,
    session: Option<String>,
    email: Option<String>,
    door: Option<String>,
    application: Option<String>,
    /// Space between (RFC 9068 §2.2.3); absent where there is none.
    #[serde(default)]
    scope: String,
}

#[derive(Deserialize)]
struct Times {
    iat: u64,
    exp: u64,
}

/// When an assertion was made and when it ends, since 1970, by an assertion that Doorward itself handed to us.
pub(crate) fn lifetime(assertion: &str) -> Option<(Duration, Duration)> {
    let Times { iat, exp } = serde_json::from_slice(&jwt::payload(assertion)?).ok()?;
    Some((Duration::from_secs(iat), Duration::from_secs(exp)))
}

impl Claims {
    pub(super) fn parse(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }

    /// Who is claimed, if it is claimed to us, by whom we expect, now.
    pub(super) fn held_to(self, expected: &Expected, now: Duration) -> Result<Identity, Reason> {
        if self.iss != expected.issuer {
            return Err(Reason::Invalid);
        }
        if self.aud != expected.audience {
            return Err(Reason::WrongHost);
        }
        let ends = Duration::from_secs(self.exp);
        let begins = self.nbf.map(Duration::from_secs).unwrap_or_default();
        if ends.saturating_add(LEEWAY) <= now {
            return Err(Reason::Expired);
        }
        if begins > now.saturating_add(LEEWAY) || ends > now.saturating_add(LIFE + LEEWAY) {
            tracing::warn!("an assertion of the future: the clocks of Doorward and of this machine differ");
            return Err(Reason::Invalid);
        }
        self.identity(ends).ok_or(Reason::Invalid)
    }

    fn identity(self, ends: Duration) -> Option<Identity> {
        // A program that speaks for itself is its own subject.
        let is_program = self.application.as_ref() == Some(&self.sub);
        let person = (!is_program).then_some(Person {
            id: self.sub,
            number: None,
            email: self.email,
            first_name: None,
            last_name: None,
            known_as: None,
        });
        Some(Identity {
            person,
            pool: None,
            tenant: Tenant { id: None, number: self.company, slug: self.tenant },
            memberships: self.roles.iter().map(|place| membership(place)).collect::<Option<_>>()?,
            application: self.application,
            door: self.door,
            method: None,
            signed_in_at: None,
            expires_at: UNIX_EPOCH.checked_add(ends),
            session: self.session,
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

fn membership(place: &str) -> Option<Membership> {
    let (kind, role) = place.split_once(':')?;
    Some(Membership { tenant: None, kind: Kind::of(kind), role: Role::of(role), reaches: true })
}
