//! What a sub-key is for. A value made for one purpose is nothing for another, whatever bytes it is made of.
//!
//! The label goes into the derivation of the sub-key: changing one forgets everything made under it.

/// Tokens and secrets that are stored as a keyed hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HashPurpose {
    /// The token of a session, in every scheme.
    SessionToken,
    /// The secret half of an access key.
    AccessKeySecret,
    /// An application's key.
    ApplicationKey,
    /// A ticket's code.
    TicketCode,
    /// Pool and canonical e-mail: whose attempts are counted, whether or not the person exists (P7).
    AttemptKey,
    /// The cookie of a device that signed in before.
    DeviceToken,
    /// An operator's token.
    OperatorToken,
    /// The token of an operator's session.
    OperatorSession,
    /// The code of a link whose bearer becomes an operator.
    OperatorLink,
    /// The token in a calendar feed's address.
    FeedToken,
    /// An application's bearer token.
    ApplicationToken,
    /// A key pair whose home, another cell, answered a moment ago.
    CellAnswer,
    /// Where a list of the management API goes on, so that no other place is made up.
    Cursor,
    /// A request that named itself, and what was asked with it: it may hold a password.
    RequestName,
}

/// Values that are computed again instead of stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DerivePurpose {
    /// A ticket's code.
    TicketCode,
    /// The token in a calendar feed's address.
    FeedToken,
    /// The signature of a known device's cookie.
    DeviceCookie,
    /// The seed of the key pair that signs assertions.
    AssertionKey,
    /// The seed of the key pair that signs what is said to other cells.
    CellKey,
}

/// Values that are stored encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SealPurpose {
    /// The payload of a mail that waits in the outbox.
    MailPayload,
    /// Rows of long work: people to be imported, and what an export holds.
    WorkRows,
}

impl HashPurpose {
    /// Every purpose, for the keys that are prepared.
    pub(super) const ALL: [Self; 14] = [
        Self::SessionToken,
        Self::AccessKeySecret,
        Self::ApplicationKey,
        Self::TicketCode,
        Self::AttemptKey,
        Self::DeviceToken,
        Self::OperatorToken,
        Self::OperatorSession,
        Self::OperatorLink,
        Self::FeedToken,
        Self::ApplicationToken,
        Self::CellAnswer,
        Self::Cursor,
        Self::RequestName,
    ];

    /// The label of the sub-key.
    pub(super) const fn label(self) -> &'static [u8] {
        match self {
            Self::SessionToken => b"doorward/1/hash/session-token",
            Self::AccessKeySecret => b"doorward/1/hash/access-key-secret",
            Self::ApplicationKey => b"doorward/1/hash/application-key",
            Self::TicketCode => b"doorward/1/hash/ticket-code",
            Self::AttemptKey => b"doorward/1/hash/attempt-key",
            Self::DeviceToken => b"doorward/1/hash/device-token",
            Self::OperatorToken => b"doorward/1/hash/operator-token",
            Self::OperatorSession => b"doorward/1/hash/operator-session",
            Self::OperatorLink => b"doorward/1/hash/operator-link",
            Self::FeedToken => b"doorward/1/hash/feed-token",
            Self::ApplicationToken => b"doorward/1/hash/application-token",
            Self::CellAnswer => b"doorward/1/hash/cell-answer",
            Self::Cursor => b"doorward/1/hash/cursor",
            Self::RequestName => b"doorward/1/hash/request-name",
        }
    }
}

impl DerivePurpose {
    /// The label of the sub-key.
    pub(super) const fn label(self) -> &'static [u8] {
        match self {
            Self::TicketCode => b"doorward/1/derive/ticket-code",
            Self::FeedToken => b"doorward/1/derive/feed-token",
            Self::DeviceCookie => b"doorward/1/derive/device-cookie",
            Self::AssertionKey => b"doorward/1/derive/assertion-key",
            Self::CellKey => b"doorward/1/derive/cell-key",
        }
    }
}

impl SealPurpose {
    /// The label of the sub-key.
    pub(super) const fn label(self) -> &'static [u8] {
        match self {
            Self::MailPayload => b"doorward/1/seal/mail-payload",
            Self::WorkRows => b"doorward/1/seal/work-rows",
        }
    }
}
