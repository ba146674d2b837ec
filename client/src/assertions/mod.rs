//! Assertions (docs/operators/assertions.md): who is calling, signed by Doorward and checked here, with no question asked.
//!
//! `jwt.rs` takes one apart, `keys.rs` knows the published keys, `claims.rs` holds what is claimed to what is expected.

mod claims;
mod jwt;
mod keys;

pub(crate) use claims::lifetime;

use crate::client::Client;
use crate::clock::Clock;
use crate::denied::{Denied, Reason};
use crate::identity::Identity;
use claims::{Claims, Expected};
use jwt::Jwt;
use keys::Keys;
use std::fmt;
use std::sync::Arc;

/// Checks assertions that were made for one audience. Clones share the keys.
#[derive(Clone)]
pub struct Assertions {
    keys: Arc<Keys>,
    expected: Arc<Expected>,
    clock: Clock,
}

impl Assertions {
    /// Checks what `client`'s Doorward signed for `audience`: the name of the route in `verify.routes`. The client needs
    /// no token for this, and nothing is fetched before the first assertion.
    pub fn new(client: &Client, audience: impl Into<String>) -> Self {
        let expected = Expected { issuer: client.transport().base().to_owned(), audience: audience.into() };
        Self {
            keys: Arc::new(Keys::new(client.clone())),
            expected: Arc::new(expected),
            clock: client.clock().clone(),
        }
    }

    /// Expects another issuer than the client's base URL: `house.public_url`, where this service reaches Doorward
    /// at another address than the world does. Not wanted otherwise.
    #[must_use]
    pub fn issued_by(self, issuer: &str) -> Self {
        let issuer = issuer.trim_end_matches('/').to_owned();
        let expected = Expected { issuer, audience: self.expected.audience.clone() };
        Self { expected: Arc::new(expected), ..self }
    }

    /// Who is calling, by the value of `X-Doorward-Assertion`; empty is nobody.
    ///
    /// # Errors
    /// [`Denied::Refused`] with `none`, `invalid` or `expired`; [`Denied::Unanswered`] while the keys cannot be fetched.
    pub async fn check(&self, assertion: &str) -> Result<Identity, Denied> {
        if assertion.is_empty() {
            return Err(Reason::None.into());
        }
        let jwt = Jwt::parse(assertion).ok_or(Reason::Invalid)?;
        let key = self.keys.find(jwt.kid()).await?.ok_or(Reason::Invalid)?;
        let payload = jwt.signed_by(&key).ok_or(Reason::Invalid)?;
        let claims = Claims::parse(&payload).ok_or(Reason::Invalid)?;
        Ok(claims.held_to(&self.expected, self.clock.now().unix)?)
    }
}

impl fmt::Debug for Assertions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assertions").field("expected", &self.expected).finish_non_exhaustive()
    }
}
