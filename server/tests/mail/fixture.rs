//! Letters and mailers for the tests of this folder.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use doorward_model::{Email, Happening, Language, MailId, MailKind, Secret, Timestamp};
use doorward_server::mail::{Carrier, Happened, Letter, Mailer, Smtp, SmtpSettings, SmtpTls, Templates};
use doorward_testkit::smtp::SmtpServer;
use tempfile::NamedTempFile;
use uuid::Uuid;

/// Long enough for a busy test machine; tests about silence set their own.
const TIMEOUT: Duration = Duration::from_secs(20);

/// 2026-11-22T08:30:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);

pub(crate) const LINK: &str = "https://login.northwind.example/reset?user_id=7&token=00ff00ff00ff00ff";

/// A complete letter of this kind; its id is made from `number`.
pub(crate) fn letter(kind: MailKind, number: u128) -> Letter {
    let half_an_hour_on = NOW.plus(Duration::from_secs(30 * 60));
    let detail = |name: &str, value: String| (name.to_owned(), value);
    let details = match kind {
        MailKind::Reset | MailKind::Validation | MailKind::Invitation | MailKind::EmailChange => {
            BTreeMap::from([detail("expires", half_an_hour_on.micros().to_string())])
        }
        MailKind::PasswordChanged
        | MailKind::NewSignIn
        | MailKind::EmailChangeAsked
        | MailKind::EmailChanged => BTreeMap::from([
            detail("at", NOW.micros().to_string()),
            detail("address", "192.0.2.7".to_owned()),
            detail("agent", "Mozilla/5.0 (X11) Firefox/143.0".to_owned()),
        ]),
        MailKind::MembershipAdded | MailKind::Digest => BTreeMap::new(),
    };
    let address = Some("192.0.2.7".to_owned());
    let what = Happening::KeyMade;
    let told = Happened { what, at: NOW, address, near: Some("Lyon, France".to_owned()) };
    let happened = if kind == MailKind::Digest { vec![told] } else { Vec::new() };
    Letter {
        id: MailId::new(Uuid::from_u128(number)),
        kind,
        to: Email::parse("ana@northwind.example").unwrap(),
        language: Language::En,
        tenant_name: "Northwind".to_owned(),
        person_name: Some("Ana Ruiz".to_owned()),
        link: Some(LINK.to_owned()),
        details,
        happened,
    }
}

pub(crate) fn settings(server: &SmtpServer, tls: SmtpTls) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        port: server.port(),
        tls,
        username: None,
        password: None,
        from: "Northwind sign-in <no-reply@northwind.example>".to_owned(),
        reply_to: Some("help@northwind.example".to_owned()),
        timeout: TIMEOUT,
        extra_root_certificate: None,
    }
}

pub(crate) fn signed_in_as(user: &str, password: &str, settings: SmtpSettings) -> SmtpSettings {
    SmtpSettings { username: Some(user.to_owned()), password: Some(Secret::new(password)), ..settings }
}

/// Trusts the server's certificate; the file must live until the mailer is made.
pub(crate) fn trusting(server: &SmtpServer, settings: SmtpSettings) -> (SmtpSettings, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), server.certificate_pem()).unwrap();
    (SmtpSettings { extra_root_certificate: Some(file.path().to_owned()), ..settings }, file)
}

pub(crate) fn mailer(settings: &SmtpSettings) -> Arc<Mailer> {
    let carrier = Carrier::Smtp(Box::new(Smtp::new(settings).unwrap()));
    Arc::new(Mailer::new(Templates::built_in().unwrap(), carrier))
}
