//! Ids: one newtype per noun, so that a person's id can never stand where a tenant's is asked for.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id made by the core's generator, or read from the store or the wire.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The id's sixteen bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads the hyphenated text form; `None` for anything else, so that one id has one spelling.
            pub fn parse(text: &str) -> Option<Self> {
                let uuid = Uuid::try_parse(text).ok()?;
                (text.len() == uuid::fmt::Hyphenated::LENGTH).then_some(Self(uuid))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }
    )+};
}

ids! {
    /// A pool: the root of a tenant tree. Its uuid equals that of its root tenant.
    PoolId,
    /// A node of a tenant tree.
    TenantId,
    /// Someone who signs in.
    PersonId,
    /// Someone who runs Doorward itself.
    OperatorId,
    /// A bearer token of an operator.
    OperatorTokenId,
    /// A live sign-in of an operator.
    OperatorSessionId,
    /// A link whose bearer becomes an operator.
    OperatorLinkId,
    /// A program that may call.
    ApplicationId,
    /// A person's place in a tenant.
    MembershipId,
    /// An access key and its secret.
    AccessKeyId,
    /// A bearer token of an application.
    ApplicationTokenId,
    /// A live sign-in.
    SessionId,
    /// A one-time code with a purpose.
    TicketId,
    /// A home for pools.
    RegionId,
    /// Where a dialect is mounted.
    DoorId,
    /// Something that happened.
    EventId,
    /// A mail in the outbox.
    MailId,
    /// A version of a tenant's terms.
    TermsId,
    /// A person's consent to a version of terms.
    ConsentId,
    /// Long work of a tenant.
    WorkId,
}

impl PoolId {
    /// The pool whose root is this tenant.
    pub const fn of_root(root: TenantId) -> Self {
        Self(root.0)
    }

    /// The tenant at the root of this pool.
    pub const fn root(self) -> TenantId {
        TenantId(self.0)
    }
}
