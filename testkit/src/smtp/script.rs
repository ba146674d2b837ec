//! What goes wrong, where, and how often.

use std::sync::{Mutex, PoisonError};

/// A point of the conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Before the first line.
    Greeting,
    /// At `STARTTLS`.
    StartTls,
    /// At `AUTH`.
    Auth,
    /// At `MAIL FROM`.
    Sender,
    /// At `RCPT TO`.
    Recipient,
    /// After the whole mail was read.
    Content,
}

/// What the server does instead of what it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misstep {
    /// Answers with this line.
    Answer(&'static str),
    /// Closes the connection.
    HangUp,
    /// Says nothing more.
    Silence,
}

/// The planned missteps.
#[derive(Debug, Default)]
pub(super) struct Script(Mutex<Vec<Planned>>);

#[derive(Debug)]
struct Planned {
    stage: Stage,
    misstep: Misstep,
    times: usize,
}

impl Script {
    pub(super) fn add(&self, stage: Stage, misstep: Misstep, times: usize) {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        planned.push(Planned { stage, misstep, times });
    }

    /// The misstep due at this stage; counted as done.
    pub(super) fn next(&self, stage: Stage) -> Option<Misstep> {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = planned.iter_mut().find(|planned| planned.stage == stage && planned.times > 0)?;
        due.times -= 1;
        Some(due.misstep)
    }
}
