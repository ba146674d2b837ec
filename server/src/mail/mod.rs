//! Mail: from a letter of the outbox to an SMTP server, or to the demo's catcher.
//!
//! This owns the templates, the message format, the sending and the back-off. It does not own the outbox: rows,
//! leases and sealed payloads belong to `core` and `store`, which hand over a [`Letter`] and are told an
//! [`Outcome`]. Start with [`deliver_batch`] in `worker.rs`; `letter.rs` says what each kind of mail needs.

pub mod backoff;
mod catcher;
mod counters;
mod deliver;
mod letter;
mod message;
mod render;
mod smtp;
mod template;
mod wording;
mod words;
mod worker;

pub use catcher::{CAUGHT_LIMIT, Catcher, CaughtMail};
pub use counters::Counters;
pub use deliver::{Carrier, DeliveryError, Fault, Mailer};
pub use letter::{Happened, Letter};
pub use message::{Sender, message};
pub use render::{Content, RenderError};
pub use smtp::{DEFAULT_TIMEOUT, Smtp, SmtpSettings, SmtpSetupError, SmtpTls};
pub use template::{TemplateError, Templates};
pub use worker::{Claimed, LONGEST_TIMEOUT, Outcome, Settled, deliver_batch};
