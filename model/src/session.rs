//! Sessions: live sign-ins.

use crate::{ApplicationId, DoorId, Kind, Membership, PersonId, PoolId, SessionId, TenantId, Timestamp};
use std::net::IpAddr;

/// A live sign-in. Its token is not here: the store keeps a keyed hash of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The id; never the token.
    pub id: SessionId,
    /// The person's pool.
    pub pool: PoolId,
    /// Who signed in.
    pub person: PersonId,
    /// Where they are signed in now.
    pub tenant: TenantId,
    /// As what they signed in.
    pub kind: Kind,
    /// The program they signed in with.
    pub application: Option<ApplicationId>,
    /// The door they came through; `None` for Doorward's own pages.
    pub door: Option<DoorId>,
    /// How the token is made and sent.
    pub scheme: SessionScheme,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// When the session was last used, rounded in the person's favour.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used.
    pub idle_until: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Where the sign-in came from.
    pub address: Option<IpAddr>,
    /// The client's own description.
    pub agent: Option<String>,
}

impl Session {
    /// Whether this sign-in speaks for a place of its person.
    pub fn speaks_for(&self, place: &Membership) -> bool {
        self.kind.speaks_for(place.kind)
    }
}

/// What carries a session's token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SessionScheme {
    /// SalesSeek's cookie: 128 random bits as UUID text.
    Cookie,
    /// BookingBug's `Auth-Token`: URL-safe Base64.
    AuthToken,
    /// RubiCRM's `Doorward-Session`.
    DoorwardSession,
    /// The cookie of Doorward's own pages: URL-safe Base64.
    Browser,
}

impl SessionScheme {
    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::AuthToken => "auth_token",
            Self::DoorwardSession => "session",
            Self::Browser => "browser",
        }
    }

    /// As what somebody signed in whose session does not say so, as none did at first: the least that its door signs
    /// anybody in as.
    pub const fn least_kind(self) -> Kind {
        match self {
            Self::Cookie => Kind::User,
            Self::AuthToken => Kind::Member,
            Self::DoorwardSession | Self::Browser => Kind::Contact,
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Cookie, Self::AuthToken, Self::DoorwardSession, Self::Browser]
            .into_iter()
            .find(|scheme| scheme.as_str() == word)
    }
}
