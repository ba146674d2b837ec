//! Who is calling? A session token or a key pair in, an identity out.
//!
//! Both halves answer every refusal with one meaning, and check generations, status and tree anew on every call.

mod key;
mod session;

pub use key::{access_key, in_region};
pub use session::session;
