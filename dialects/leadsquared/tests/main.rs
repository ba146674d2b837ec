//! LeadSquared as its clients see it: whole exchanges through the in-process router.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its own functions too"
)]
#![expect(unreachable_pub, reason = "nothing of a test binary can be reached")]

mod browsers;
mod credentials;
mod faults;
mod keys;
mod limits;
mod office;
mod postman;
mod readme;
mod refusals;
mod regions;
mod user;
