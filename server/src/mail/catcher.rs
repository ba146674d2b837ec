//! The catcher: the demo's mailbox for everybody, in memory, answered by `GET /demo/mail`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use doorward_model::Timestamp;
use serde::Serialize;

use super::{Content, Letter};

/// How many mails are kept; the oldest make room. A demo's mails are read at once, and memory stays bounded.
pub const CAUGHT_LIMIT: usize = 1_000;

/// Keeps the newest mails. Clones share the same mailbox.
#[derive(Clone, Debug, Default)]
pub struct Catcher(Arc<Mutex<VecDeque<CaughtMail>>>);

/// A caught mail, as `/demo/mail` prints it.
#[derive(Clone, Serialize)]
pub struct CaughtMail {
    /// The recipient's address as written.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// When it was caught: RFC 3339, UTC.
    pub at: String,
}

impl Catcher {
    /// The caught mails, newest last.
    pub fn mails(&self) -> Vec<CaughtMail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn keep(&self, letter: &Letter, content: Content, now: Timestamp) {
        let Content { subject, text, html } = content;
        let to = letter.to.as_written().to_owned();
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == CAUGHT_LIMIT {
            mails.pop_front();
        }
        mails.push_back(CaughtMail { to, subject, text, html, at: now.civil().to_string() });
    }
}

/// Shows nothing: caught mails carry one-time codes (P16).
impl std::fmt::Debug for CaughtMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaughtMail").finish_non_exhaustive()
    }
}
