//! Bearer tokens of operators: with one whoever runs Doorward asks the management API from elsewhere.

use crate::{OperatorId, OperatorTokenId, PoolId, Timestamp};

/// What every token of an operator begins with, so that people and programs that look for leaked secrets recognise one.
pub const OPERATOR_TOKEN_PREFIX: &str = "dwo_";

/// A bearer token of an operator; the token itself is stored hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorToken {
    /// The id.
    pub id: OperatorTokenId,
    /// Whose it is.
    pub operator: OperatorId,
    /// What people read.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// The one pool it reaches; `None` for all.
    pub only_pool: Option<PoolId>,
    /// Refused from this moment; `None` never ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, rounded.
    pub last_used_at: Option<Timestamp>,
}
