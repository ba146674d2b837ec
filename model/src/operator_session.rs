//! Sessions of operators: whoever runs Doorward, in front of its own pages.

use crate::{OperatorId, OperatorSessionId, Timestamp};
use std::net::IpAddr;

/// What the token of every operator's session begins with, so that it is told from a person's and recognised when leaked.
pub const OPERATOR_SESSION_PREFIX: &str = "dws_";

/// A live sign-in of an operator. Its token is not here: the store keeps a keyed hash of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorSession {
    /// The id; never the token.
    pub id: OperatorSessionId,
    /// Who signed in.
    pub operator: OperatorId,
    /// The installation's epoch when it was opened; a restored backup begins a new one.
    pub epoch: i64,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// When the session was last used, rounded in their favour.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used.
    pub idle_until: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Where the sign-in came from.
    pub address: Option<IpAddr>,
    /// The browser's own description.
    pub agent: Option<String>,
}
