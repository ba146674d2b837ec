//! Between cells: signed requests over HTTP (docs/decisions/cells.md).
//!
//! `signature.rs` signs and checks; `wire.rs` is what is said; `answers.rs` answers other cells, `channel.rs` asks them, and
//! `following.rs` copies their directories; `refusals.rs` counts what is not taken. What a name or a pair is worth is the core's to say.

mod answers;
mod channel;
mod following;
mod refusals;
mod signature;
mod wire;

pub use answers::ROUTES;
pub(crate) use answers::router;
pub(crate) use channel::Channel;
pub(crate) use following::{announce, follow};
