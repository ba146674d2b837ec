//! BookingBug as its clients see it: whole exchanges through the in-process router. `harbour.rs` is
//! the fixture, `golden/` the seed's own answer.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, in its own functions too"
)]
#![expect(unreachable_pub, reason = "nothing of a test binary can be reached")]

mod administrators;
mod applications;
mod choose;
mod companies;
mod crawler;
mod current;
mod faults;
mod harbour;
mod isolation;
mod login;
mod members;
mod origins;
mod passwords;
mod postman;
mod readme;
