//! Resetting a forgotten password: a code by mail (`request.rs`) or told to a trusted server (`issue.rs`), then a new
//! password with it (`finish.rs`). An invitation's code is finished the same way.

mod finish;
mod issue;
mod request;

pub use finish::{Expected, finish};
pub use issue::{Issued, issue};
pub(crate) use request::SOONEST;
pub use request::{request, request_as, request_for};
