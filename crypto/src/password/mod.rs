//! Password hashes: Argon2id (RFC 9106), stored as PHC strings, computed by a few threads of their own.
//!
//! `params.rs` is what a hash costs, `phc.rs` its stored text, `pepper.rs` the optional secret beside it,
//! `arena.rs` the memory it is computed in, `engine.rs` the computation, `hasher.rs` what the server's hashes have in
//! common, `queue/` who waits for them and how long.
//! Not here: which passwords are good enough (`model::password`), and who may try how often (`core`).
//! Start with [`HashQueue`].

mod arena;
mod engine;
mod hasher;
mod params;
mod pepper;
mod phc;
mod queue;

pub use arena::Arena;
pub use engine::{Engine, HashFailed};
pub use hasher::hash_once;
pub use params::{InvalidParams, Params};
pub use pepper::{Pepper, WeakPepper};
pub use phc::{InvalidHash, PasswordHash};
pub use queue::{HashQueue, HashQueueSettings, HashRefused, NotStarted, Stats, Verdict};
