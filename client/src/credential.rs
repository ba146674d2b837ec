//! A credential by itself, for services that got one in another way than in a request.

use serde::Serialize;
use std::fmt;

/// A credential, to be asked about: `Credential::session("…").at_host("guild.example.com")`.
#[derive(Clone, Serialize)]
pub struct Credential {
    kind: &'static str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_key: Option<String>,
}

/// LeadSquared's pair.
const ACCESS_KEY: &str = "access_key";

impl Credential {
    /// The value of SalesSeek's cookie.
    pub fn cookie(value: impl Into<String>) -> Self {
        Self::of("cookie", value)
    }

    /// BookingBug's token, with the program that sends it.
    pub fn auth_token(value: impl Into<String>, app_id: impl Into<String>) -> Self {
        Self { app_id: Some(app_id.into()), ..Self::of("auth_token", value) }
    }

    /// LeadSquared's pair: the access key and the secret key.
    pub fn access_key(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { secret: Some(secret.into()), ..Self::of(ACCESS_KEY, name) }
    }

    /// RubiCRM's session.
    pub fn session(value: impl Into<String>) -> Self {
        Self::of("session", value)
    }

    /// Doorward's own bearer token, `dwt_…`.
    pub fn bearer(value: impl Into<String>) -> Self {
        Self::of("bearer", value)
    }

    /// Holds it to the host it came to; without one, any host's credential is good.
    #[must_use]
    pub fn at_host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The key of the program that sends it, where it has one.
    #[must_use]
    pub fn app_key(mut self, key: impl Into<String>) -> Self {
        self.app_key = Some(key.into());
        self
    }

    pub(crate) fn is_counted(&self) -> bool {
        self.kind == ACCESS_KEY
    }

    fn of(kind: &'static str, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), host: None, secret: None, app_id: None, app_key: None }
    }
}

/// Says what it is and not what it is worth.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("kind", &self.kind)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
