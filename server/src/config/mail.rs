//! `[mail]`: how mails leave.

use super::reader::Reader;
use super::value::Words;
use crate::mail::{DEFAULT_TIMEOUT, LONGEST_TIMEOUT, SmtpSettings, SmtpTls};
use lettre::message::Mailbox;
use std::path::PathBuf;
use std::time::Duration;

/// How mails leave and what they look like.
#[derive(Clone, Debug)]
pub struct Mail {
    /// A folder whose templates replace the built-in ones file by file.
    pub templates_dir: Option<PathBuf>,
    /// The server that takes mails; without one they wait in the outbox.
    pub smtp: Option<SmtpSettings>,
}

impl Words for SmtpTls {
    const WORDS: &'static [(&'static str, Self)] =
        &[("starttls", Self::Starttls), ("tls", Self::Tls), ("none", Self::None)];
}

impl Mail {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("mail", "Mails: invitations, resets, validations, notices.");
        let templates_dir = section.optional(
            "templates_dir",
            "\"/etc/doorward/mail\"",
            "A folder with templates that replace the built-in ones, file by file.",
        );
        Self { templates_dir, smtp: smtp(reader) }
    }
}

fn smtp(reader: &mut Reader<'_>) -> Option<SmtpSettings> {
    let mut section =
        reader.section("mail.smtp", "The server that takes mails. Without it they wait in the outbox.");
    let host =
        section.optional("host", "\"smtp.example.com\"", "Its name, which its certificate must carry.");
    let port = section.within("port", 587, 1..=u16::MAX, "Its port: 587 for \"starttls\", 465 for \"tls\".");
    let tls = section.value(
        "tls",
        SmtpTls::Starttls,
        "\"starttls\", \"tls\", or \"none\" for a relay on this machine. Never falls back to a weaker one.",
    );
    let username: Option<String> = section.optional("username", "\"doorward\"", "Whom to sign in as.");
    let password = section.secret("password", "The password that belongs to it.");
    let from: Option<Mailbox> =
        section.optional("from", "\"Doorward <no-reply@example.com>\"", "The sender.");
    let reply_to: Option<Mailbox> =
        section.optional("reply_to", "\"support@example.com\"", "Where answers go, if not to the sender.");
    let bounds = Duration::from_secs(1)..=LONGEST_TIMEOUT;
    let timeout = section.within("timeout", DEFAULT_TIMEOUT, bounds, "How long one delivery may take.");
    let extra_root_certificate = section.optional(
        "extra_root_certificate",
        "\"/etc/doorward/mail-ca.pem\"",
        "A PEM file with certificates to trust besides the public ones.",
    );
    if !section.is_given() {
        return None;
    }
    if section.lacks("host") {
        section.refuse("host", "is missing: without it no mail can leave");
    }
    if section.lacks("from") {
        section.refuse("from", "is missing: every mail needs a sender");
    }
    if username.is_some() != password.is_some() {
        section.refuse("password", "username and password belong together: give both or neither");
    }
    Some(SmtpSettings {
        host: host?,
        port,
        tls,
        username,
        password,
        from: from?.to_string(),
        reply_to: reply_to.map(|mailbox| mailbox.to_string()),
        timeout,
        extra_root_certificate,
    })
}
