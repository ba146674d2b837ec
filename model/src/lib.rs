//! The nouns of Doorward: ids, entities, value types and the pure rules that belong to one of them.
//!
//! Nothing here reads a clock, a file, a socket or a database, and nothing is serialised: a wire format
//! belongs to the crate that speaks the wire, a column to `store`. Start with [`Tenant`], [`Person`] and
//! [`Session`]; `docs/` and ARCHITECTURE.md say how they meet.

mod access_key;
mod address;
mod application;
mod application_token;
mod callback;
mod codes;
mod digest;
mod door;
mod email;
mod event;
mod event_words;
mod fill;
mod folded;
mod hash_scheme;
mod host;
mod id;
mod language;
mod mail;
mod membership;
mod number;
mod operator;
mod operator_session;
mod operator_token;
mod origin;
pub mod password;
mod person;
mod policy;
mod policy_held;
mod policy_values;
mod region;
mod secret;
mod session;
mod tenant;
mod terms;
mod ticket;
mod time;
mod usage;
mod words;
mod work;

pub use access_key::{AccessKey, AccessKeyName, RateLimit};
pub use address::AddressPrefix;
pub use application::{AppId, Application};
pub use application_token::{ApplicationToken, Audience, TOKEN_PREFIX, is_scope};
pub use callback::{Callback, CallbackRule, InvalidCallback};
pub use codes::{InvalidCode, parse_code};
pub use digest::{DigestTimes, Happening};
pub use door::{Dialect, Door, DoorSettings, is_base_url};
pub use email::{Email, InvalidEmail};
pub use event::{Event, EventKind};
pub use event_words::EventNames;
pub use fill::fill;
pub use folded::folded;
pub use hash_scheme::HashScheme;
pub use host::{HostPattern, InvalidHostPattern};
pub use id::{
    AccessKeyId, ApplicationId, ApplicationTokenId, ConsentId, DoorId, EventId, MailId, MembershipId,
    OperatorId, OperatorLinkId, OperatorSessionId, OperatorTokenId, PersonId, PoolId, RegionId, SessionId,
    TenantId, TermsId, TicketId, WorkId,
};
pub use language::Language;
pub use mail::{Mail, MailKind, MailState};
pub use membership::{Kind, Membership, Role};
pub use number::{CompanyNumber, InvalidNumber, NUMBER_LIMIT, PersonNumber};
pub use operator::Operator;
pub use operator_session::{OPERATOR_SESSION_PREFIX, OperatorSession};
pub use operator_token::{OPERATOR_TOKEN_PREFIX, OperatorToken};
pub use origin::is_origin;
pub use person::{NotificationSettings, Person, PersonStatus, Profile, Verified};
pub use policy::{EffectivePolicy, Policy};
pub use policy_held::{Held, PolicySource, PolicyValue};
pub use policy_values::InvalidPolicy;
pub use region::{Region, RegionCode};
pub use secret::Secret;
pub use session::{Session, SessionScheme};
pub use tenant::{InvalidSlug, Slug, Tenant, TenantStatus};
pub use terms::{Consent, Terms};
pub use ticket::{Purpose, Ticket};
pub use time::{Lifetime, Timestamp};
pub use usage::{Day, Sort, Thing, UseKind};
pub use words::{WORD_CHARS, is_found_by, search_words, sought_words};
pub use work::{Work, WorkKind, WorkState};
