//! Terms and the consents given to them.

use crate::{ConsentId, DoorId, PersonId, TenantId, TermsId, Timestamp};

/// A version of a tenant's terms. The current one is the latest whose `effective_at` has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The id.
    pub id: TermsId,
    /// Whose terms.
    pub tenant: TenantId,
    /// The version as people name it.
    pub version: String,
    /// Where the text is.
    pub url: Option<String>,
    /// From when it is current.
    pub effective_at: Timestamp,
}

/// A person's consent to one version, as evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The id.
    pub id: ConsentId,
    /// Who.
    pub person: PersonId,
    /// To what.
    pub terms: TermsId,
    /// At which door.
    pub door: Option<DoorId>,
    /// When.
    pub at: Timestamp,
}
