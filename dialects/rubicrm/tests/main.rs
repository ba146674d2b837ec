//! Whole exchanges with a RubiCRM door, through the in-process router. One module per subject; `guild.rs` is the
//! fixture, `golden/` what the seed and the vendor's sample look like on the wire.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, in its own functions too"
)]
#![expect(unreachable_pub, reason = "nothing of a test binary can be reached")]

mod consent;
mod faults;
mod framing;
mod guild;
mod keys;
mod login;
mod postman;
mod profile;
mod readme;
mod reset;
mod server;
mod validation;
