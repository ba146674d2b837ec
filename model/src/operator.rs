//! Operators run Doorward itself and belong to no pool.

use crate::{Email, OperatorId, Timestamp};

/// Someone who runs Doorward. The first is made by `doorward init`; there is no default one (P24).
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// The id.
    pub id: OperatorId,
    /// The name they sign in with.
    pub email: Email,
    /// When they were made.
    pub created_at: Timestamp,
}
