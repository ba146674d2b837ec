//! Sending by SMTP: settings, encryption, and what a failure means for the letter.
//!
//! One connection per mail. With STARTTLS the mail is sent encrypted or not at all.

use std::path::PathBuf;
use std::time::Duration;

use doorward_model::Secret;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{AsyncTransport, Message, Tokio1Executor};
use thiserror::Error;

use super::{DeliveryError, Fault, Sender};

/// Bound on one delivery, connection included, when the operator sets none: long enough for a slow virus scan at the
/// other end, short enough that a hanging server does not hold P20's minute.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);

/// Replies that speak about our settings or the server's state, not about the mail: 421 closing, 454 no TLS or
/// authentication for now, 521 takes no mail, 530/534/535/538 authentication (RFC 5321 section 4.2.3, RFC 4954
/// section 6, RFC 7504). A wrong password must not cost anybody their mail.
const SERVER_REPLIES: [u16; 7] = [421, 454, 521, 530, 534, 535, 538];

/// How to reach the SMTP server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Name or address; TLS checks the certificate against it.
    pub host: String,
    /// 587 with STARTTLS, 465 with TLS, 25 for a relay next door.
    pub port: u16,
    /// Encryption.
    pub tls: SmtpTls,
    /// Sign in as; together with `password`, or neither.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// `Name <address>` or an address.
    pub from: String,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<String>,
    /// Bound on one delivery.
    pub timeout: Duration,
    /// PEM file with certificates to trust besides the public ones.
    pub extra_root_certificate: Option<PathBuf>,
}

/// Encryption of the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SmtpTls {
    /// Begin in plain, then insist on TLS (RFC 3207).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None: only for a relay on this machine or a network you trust.
    None,
}

/// What is wrong with the settings, by their key.
#[derive(Debug, Error)]
pub enum SmtpSetupError {
    /// No address, or one whose domain is not ASCII.
    #[error(
        "{key}: expected `Name <name@example.com>` or `name@example.com`, in ASCII (write xn--… for other domains)"
    )]
    BadAddress {
        /// `from` or `reply_to`.
        key: &'static str,
    },
    /// A user name without a password, or the reverse.
    #[error("username and password: give both or neither")]
    HalfCredentials,
    /// The password would cross a network in plain.
    #[error(
        "tls = \"none\": a password is sent unencrypted only to this machine; choose \"starttls\" or \"tls\""
    )]
    PlainPassword,
    /// The certificate file cannot be used.
    #[error("extra_root_certificate {}: {reason}", path.display())]
    BadCertificate {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The TLS library refuses host or certificates.
    #[error("tls: {0}")]
    Tls(String),
}

/// Sends mails by SMTP.
#[derive(Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    timeout: Duration,
}

impl Smtp {
    /// Checks the settings; connects to nothing yet, so that a server that is away does not keep us from starting.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SmtpSetupError> {
        let sender = Sender {
            from: mailbox("from", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
            .port(settings.port)
            .timeout(Some(settings.timeout))
            .tls(encryption(settings)?);
        if let Some(credentials) = credentials(settings)? {
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), sender, timeout: settings.timeout })
    }

    /// Who the mails come from.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Sends one message; `Ok` once the server took responsibility for it.
    pub async fn send(&self, message: Message) -> Result<(), DeliveryError> {
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_accepted)) => Ok(()),
            Ok(Err(error)) => Err(sorted(&error)),
            Err(_elapsed) => Err(DeliveryError {
                fault: Fault::Server,
                reason: "the SMTP server did not answer in time".to_owned(),
            }),
        }
    }
}

fn mailbox(key: &'static str, text: &str) -> Result<Mailbox, SmtpSetupError> {
    let bad = || SmtpSetupError::BadAddress { key };
    let mailbox: Mailbox = text.parse().map_err(|_| bad())?;
    let is_one_line = !text.chars().any(char::is_control);
    let is_ascii = mailbox.email.to_string().is_ascii();
    if is_one_line && is_ascii { Ok(mailbox) } else { Err(bad()) }
}

fn credentials(settings: &SmtpSettings) -> Result<Option<Credentials>, SmtpSetupError> {
    match (&settings.username, &settings.password) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if settings.tls == SmtpTls::None && !is_this_machine(&settings.host) => {
            Err(SmtpSetupError::PlainPassword)
        }
        (Some(username), Some(password)) => {
            Ok(Some(Credentials::new(username.clone(), password.expose().to_owned())))
        }
        (Some(_), None) | (None, Some(_)) => Err(SmtpSetupError::HalfCredentials),
    }
}

fn is_this_machine(host: &str) -> bool {
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    host.eq_ignore_ascii_case("localhost") || is_loopback
}

fn encryption(settings: &SmtpSettings) -> Result<Tls, SmtpSetupError> {
    match settings.tls {
        SmtpTls::None => Ok(Tls::None),
        SmtpTls::Starttls => Ok(Tls::Required(tls_parameters(settings)?)),
        SmtpTls::Tls => Ok(Tls::Wrapper(tls_parameters(settings)?)),
    }
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, SmtpSetupError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.extra_root_certificate {
        let bad = |reason: String| SmtpSetupError::BadCertificate { path: path.clone(), reason };
        let pem = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(bad("the file holds no PEM certificate".to_owned()));
        }
        builder = builder
            .add_root_certificate(Certificate::from_pem(&pem).map_err(|error| bad(error.to_string()))?);
    }
    builder.build_rustls().map_err(|error| SmtpSetupError::Tls(error.to_string()))
}

/// Sorts a failure by what is at fault. Replies are quoted by their code only: servers repeat the recipient in them.
fn sorted(error: &smtp::Error) -> DeliveryError {
    let Some(code) = error.status() else {
        return DeliveryError { fault: Fault::Server, reason: connection_reason(error) };
    };
    let number = u16::from(code);
    let fault = match () {
        () if SERVER_REPLIES.contains(&number) => Fault::Server,
        () if error.is_permanent() => Fault::Letter,
        () => Fault::Passing,
    };
    let reason = match fault {
        Fault::Server => format!("the SMTP server is not ready for us (reply {number})"),
        Fault::Letter => format!("the SMTP server refused the mail (reply {number})"),
        Fault::Passing => format!("the SMTP server put the mail off (reply {number})"),
    };
    DeliveryError { fault, reason }
}

/// Connection, TLS and protocol failures carry our own words or the system's; an unreadable reply carries the server's
/// text and is not quoted.
fn connection_reason(error: &smtp::Error) -> String {
    if error.is_response() {
        "the SMTP server gave an unreadable answer".to_owned()
    } else if error.is_timeout() {
        "the SMTP server did not answer in time".to_owned()
    } else {
        format!("no delivery to the SMTP server: {error}")
    }
}
