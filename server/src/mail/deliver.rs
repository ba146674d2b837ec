//! Delivering one letter: render it, hand it to the carrier, say what became of it.

use arc_swap::ArcSwap;
use doorward_model::Timestamp;
use std::sync::Arc;
use thiserror::Error;

use super::{Catcher, Letter, Smtp, Templates, message};

/// The templates and the carrier: all that is needed to deliver a letter.
#[derive(Debug)]
pub struct Mailer {
    templates: ArcSwap<Templates>,
    carrier: Carrier,
}

/// Where mails go.
#[derive(Debug)]
pub enum Carrier {
    /// To an SMTP server.
    Smtp(Box<Smtp>),
    /// Into memory (the demo).
    Catcher(Catcher),
}

/// Why a letter was not delivered. The reason names no recipient and no secret, so it may be logged (P16).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct DeliveryError {
    /// What is at fault, and so what to do next.
    pub fault: Fault,
    /// One sentence for the operator.
    pub reason: String,
}

/// What is at fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// This letter, for good: trying again would not help.
    Letter,
    /// This letter, for now: a full mailbox, greylisting.
    Passing,
    /// The server or our settings for it: other letters would fare no better now, and none of them is to blame.
    Server,
}

impl Mailer {
    /// Joins templates and carrier.
    pub fn new(templates: Templates, carrier: Carrier) -> Self {
        Self { templates: ArcSwap::from_pointee(templates), carrier }
    }

    /// Words every letter from now on with these templates.
    pub fn use_templates(&self, templates: Templates) {
        self.templates.store(Arc::new(templates));
    }

    /// Delivers one letter; `now` decides its date and how long its link still lives.
    pub async fn deliver(&self, letter: &Letter, now: Timestamp) -> Result<(), DeliveryError> {
        let content = self
            .templates
            .load()
            .render(letter, now)
            .map_err(|error| DeliveryError::permanent(&error.to_string()))?;
        match &self.carrier {
            Carrier::Smtp(smtp) => smtp.send(message(letter, &content, smtp.sender(), now)?).await,
            Carrier::Catcher(catcher) => {
                catcher.keep(letter, content, now);
                Ok(())
            }
        }
    }
}

impl DeliveryError {
    pub(super) fn permanent(reason: &str) -> Self {
        Self { fault: Fault::Letter, reason: reason.to_owned() }
    }

    /// Whether trying again is pointless.
    pub fn is_permanent(&self) -> bool {
        self.fault == Fault::Letter
    }
}
