//! SalesSeek as its clients see it: whole exchanges through the in-process router.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where what it takes for granted is not so"
)]
#![expect(unreachable_pub, reason = "nothing of a test binary can be reached")]

mod browsers;
mod calendar;
mod exchanges;
mod faults;
mod login;
mod logout;
mod passwords;
mod postman;
mod readme;
mod reset;
mod stage;
mod tenants;
mod users;
