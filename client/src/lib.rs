//! "Who is calling?", asked by a Rust service behind Doorward. Start with [`Client`], or with [`VerifyLayer`] in front of
//! a tower or axum service; `README.md` has a whole one.
//!
//! Doors are closed unless somebody is known: an [`Identity`] comes only in an `Ok`. An `Err` is [`Denied`], and that is
//! either a [`Refused`] caller or an [`Unanswered`] question, which are no caller's fault. Not here: what a caller may
//! do, which is the service's to decide.

mod assertions;
mod builder;
mod client;
mod clock;
mod credential;
mod denied;
mod flights;
mod headers;
mod identity;
mod layer;
mod memory;
mod question;
mod told;
mod transport;

pub use assertions::Assertions;
pub use builder::{Builder, NotBuilt};
pub use client::Client;
pub use clock::Clock;
pub use credential::Credential;
pub use denied::{Denied, Reason, Refused, Unanswered};
pub use identity::{Identity, Kind, Membership, Person, Role, Tenant};
pub use layer::{Verify, VerifyLayer};
pub use question::Question;
