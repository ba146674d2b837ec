//! From words to the message on the wire: headers and the two alternatives (RFC 5322, RFC 2046 section 5.1.4).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use doorward_model::{Email, Timestamp};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::{Content, DeliveryError, Letter, wording};

/// Who our mails come from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The visible sender; its domain also ends the Message-ID.
    pub from: Mailbox,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<Mailbox>,
}

/// Builds the message. The Message-ID is made from the outbox row, so that a receiver recognises a second delivery of
/// one letter; `now` becomes the Date.
///
/// # Errors
/// Permanent, when the recipient's address is none that SMTP can carry.
pub fn message(
    letter: &Letter,
    content: &Content,
    sender: &Sender,
    now: Timestamp,
) -> Result<Message, DeliveryError> {
    let name = letter.person_name.as_deref().and_then(wording::chosen_name);
    let to = Mailbox::new(name, address(&letter.to)?);
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, sender.from.email.domain())))
        .date(wall_clock(now))
        .from(sender.from.clone())
        .to(to)
        .subject(content.subject.as_str())
        // RFC 3834 section 5: keeps holiday notices and mailing lists from answering.
        .raw_header(fixed_header("Auto-Submitted", "auto-generated"));
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    builder
        .multipart(MultiPart::alternative_plain_html(content.text.clone(), content.html.clone()))
        .map_err(|_| DeliveryError::permanent("the message could not be put together"))
}

/// The address with its domain in ASCII (IDNA), so that servers without SMTPUTF8 take it too.
fn address(email: &Email) -> Result<Address, DeliveryError> {
    let refused = || DeliveryError::permanent("the recipient's address is none that SMTP can carry");
    let (local, domain) = email.as_written().rsplit_once('@').ok_or_else(refused)?;
    let host = url::Host::parse(domain).map_err(|_| refused())?;
    Address::new(local, host.to_string()).map_err(|_| refused())
}

fn fixed_header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn wall_clock(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0))
}
