//! Single letters over a real socket: encryption, authentication, refusals, and what ends up on the wire.

use std::time::Duration;

use doorward_model::{Email, MailKind};
use doorward_server::mail::{Fault, Letter, Smtp, SmtpSettings, SmtpSetupError, SmtpTls};
use doorward_testkit::smtp::{Encryption, Misstep, SmtpOptions, SmtpServer, Stage};

use super::fixture::{LINK, NOW, letter, mailer, settings, signed_in_as, trusting};

async fn server(encryption: Encryption, credentials: Option<(&str, &str)>) -> SmtpServer {
    let credentials = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
    SmtpServer::start(SmtpOptions { encryption, credentials, ..SmtpOptions::default() }).await.unwrap()
}

#[tokio::test]
async fn a_mail_arrives_with_both_texts_and_its_headers() {
    let server = server(Encryption::None, None).await;
    let mailer = mailer(&settings(&server, SmtpTls::None));
    mailer.deliver(&letter(MailKind::Reset, 7), NOW).await.unwrap();

    let mail = server.wait_for(1).await.remove(0);
    assert_eq!(mail.from, "no-reply@northwind.example");
    assert_eq!(mail.to, ["ana@northwind.example"]);
    let header = |name| mail.header(name).unwrap_or_default();
    assert_eq!(header("Message-ID"), "<00000000-0000-0000-0000-000000000007@northwind.example>");
    assert_eq!(header("Date"), "Sun, 22 Nov 2026 08:30:00 +0000");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Subject"), "Reset your password for Northwind");
    assert_eq!(header("Reply-To"), "help@northwind.example");
    assert!(header("Content-Type").starts_with("multipart/alternative"));
    assert!(mail.text().contains(LINK), "{}", mail.raw);
    assert!(mail.html().contains("Choose a new password"));
}

#[tokio::test]
async fn starttls_and_tls_encrypt_before_anything_is_said() {
    for (offered, chosen) in [(Encryption::StartTls, SmtpTls::Starttls), (Encryption::Tls, SmtpTls::Tls)] {
        let server = server(offered, Some(("doorward", "s3cret"))).await;
        let (settings, _certificate) =
            trusting(&server, signed_in_as("doorward", "s3cret", settings(&server, chosen)));
        mailer(&settings).deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap();

        let mail = server.wait_for(1).await.remove(0);
        assert!(mail.was_encrypted);
        assert_eq!(mail.user.as_deref(), Some("doorward"));
        let told: Vec<String> = server.commands().into_iter().filter(|c| c.starts_with("plain ")).collect();
        assert!(told.iter().all(|c| c.contains("EHLO") || c.contains("STARTTLS")), "{told:?}");
    }
}

#[tokio::test]
async fn the_older_login_mechanism_works_too() {
    let credentials = Some(("doorward".to_owned(), "s3cret".to_owned()));
    let options = SmtpOptions { credentials, mechanisms: "LOGIN", ..SmtpOptions::default() };
    let server = SmtpServer::start(options).await.unwrap();
    let settings = signed_in_as("doorward", "s3cret", settings(&server, SmtpTls::None));
    mailer(&settings).deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap();
    assert_eq!(server.received()[0].user.as_deref(), Some("doorward"));
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_in_plain() {
    let stripped = server(Encryption::None, None).await;
    let refusing = server(Encryption::StartTls, None).await;
    refusing.misbehave(Stage::StartTls, Misstep::Answer("454 4.7.0 TLS not available"), 1);
    for server in [stripped, refusing] {
        let (settings, _certificate) = trusting(&server, settings(&server, SmtpTls::Starttls));
        let error = mailer(&settings).deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap_err();
        assert_eq!(error.fault, Fault::Server);
        assert!(server.received().is_empty());
        assert!(!server.commands().iter().any(|c| c.contains("MAIL FROM")), "{:?}", server.commands());
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let server = server(Encryption::StartTls, None).await;
    let mailer = mailer(&settings(&server, SmtpTls::Starttls));
    let error = mailer.deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap_err();
    assert_eq!(error.fault, Fault::Server);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_wrong_password_costs_nobody_their_mail() {
    let server = server(Encryption::None, Some(("doorward", "s3cret"))).await;
    let settings = signed_in_as("doorward", "wr0ng", settings(&server, SmtpTls::None));
    let error = mailer(&settings).deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap_err();
    assert_eq!(error.fault, Fault::Server);
    assert!(!error.is_permanent());
    assert!(error.reason.contains("535") && !error.reason.contains("wr0ng"), "{}", error.reason);
}

#[tokio::test]
async fn refusals_are_sorted_and_quote_no_recipient() {
    let server = server(Encryption::None, None).await;
    let mailer = mailer(&settings(&server, SmtpTls::None));
    let cases = [
        (Stage::Recipient, Misstep::Answer("550 5.1.1 <ana@northwind.example>: unknown"), Fault::Letter),
        (Stage::Recipient, Misstep::Answer("451 4.7.1 <ana@northwind.example>: greylisted"), Fault::Passing),
        (Stage::Content, Misstep::Answer("554 5.6.0 ana@northwind.example: refused"), Fault::Letter),
        (Stage::Content, Misstep::Answer("ana@northwind.example is no reply"), Fault::Server),
        (Stage::Sender, Misstep::Answer("421 4.3.2 closing"), Fault::Server),
        (Stage::Greeting, Misstep::HangUp, Fault::Server),
        (Stage::Content, Misstep::HangUp, Fault::Server),
    ];
    for (stage, misstep, fault) in cases {
        server.misbehave(stage, misstep, 1);
        let error = mailer.deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap_err();
        assert_eq!(error.fault, fault, "{stage:?} {misstep:?}: {error}");
        assert!(!error.reason.contains("ana@"), "{}", error.reason);
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_silent_server_is_left_after_the_timeout() {
    let server = server(Encryption::None, None).await;
    server.misbehave(Stage::Content, Misstep::Silence, 1);
    let impatient = SmtpSettings { timeout: Duration::from_millis(200), ..settings(&server, SmtpTls::None) };
    let error = mailer(&impatient).deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap_err();
    assert_eq!(
        (error.fault, error.reason.as_str()),
        (Fault::Server, "the SMTP server did not answer in time")
    );
}

#[tokio::test]
async fn names_inject_no_header_and_no_recipient() {
    let server = server(Encryption::None, None).await;
    let mailer = mailer(&settings(&server, SmtpTls::None));
    let names = [
        "Ana\r\nBcc: v@evil.example",
        "Ana\nX-Evil: 1",
        "Ana\u{2028}Bcc: all",
        "\" <v@evil.example>,",
        "Zoë",
    ];
    for name in names {
        let mut hostile = letter(MailKind::Invitation, 1);
        hostile.person_name = Some(name.to_owned());
        hostile.tenant_name = name.to_owned();
        mailer.deliver(&hostile, NOW).await.unwrap();
    }
    for mail in server.wait_for(names.len()).await {
        assert_eq!(mail.to, ["ana@northwind.example"]);
        let expected = [
            "Message-ID",
            "Date",
            "From",
            "To",
            "Subject",
            "Auto-Submitted",
            "Reply-To",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(mail.header_names(), expected, "{}", mail.raw);
        assert_eq!(mail.header("To").unwrap().matches('@').count(), 1, "{}", mail.raw);
    }
    let last = server.received().pop().unwrap();
    assert_eq!(last.header("Subject").unwrap(), "You are invited to Zoë");
    assert!(last.text().starts_with("Hello Zoë,"));
}

#[tokio::test]
async fn a_line_that_is_only_a_dot_does_not_end_the_mail() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("reset.txt"), "before\n.\n..after\n").unwrap();
    let server = server(Encryption::None, None).await;
    let carrier =
        doorward_server::mail::Carrier::Smtp(Box::new(Smtp::new(&settings(&server, SmtpTls::None)).unwrap()));
    let templates = doorward_server::mail::Templates::load(directory.path()).unwrap();
    let mailer = doorward_server::mail::Mailer::new(templates, carrier);
    mailer.deliver(&letter(MailKind::Reset, 1), NOW).await.unwrap();
    assert!(
        server.received()[0].text().starts_with("before\r\n.\r\n..after"),
        "{}",
        server.received()[0].raw
    );
}

#[tokio::test]
async fn an_international_domain_is_written_in_ascii() {
    let server = server(Encryption::None, None).await;
    let to = Email::parse("ana@müller.example").unwrap();
    let mailer = mailer(&settings(&server, SmtpTls::None));
    mailer.deliver(&Letter { to, ..letter(MailKind::Reset, 1) }, NOW).await.unwrap();
    assert_eq!(server.received()[0].to, ["ana@xn--mller-kva.example"]);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_with_their_key() {
    let server = server(Encryption::None, None).await;
    let good = || settings(&server, SmtpTls::None);
    let told = |settings: SmtpSettings| Smtp::new(&settings).unwrap_err();
    let from = |from: &str| SmtpSettings { from: from.to_owned(), ..good() };
    for text in ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@müller.example"] {
        assert!(told(from(text)).to_string().starts_with("from: "), "{text:?}");
    }
    let half = SmtpSettings { username: Some("doorward".to_owned()), ..good() };
    assert!(matches!(told(half), SmtpSetupError::HalfCredentials));
    let far = SmtpSettings { host: "mail.example".to_owned(), ..signed_in_as("doorward", "s3cret", good()) };
    assert!(matches!(told(far), SmtpSetupError::PlainPassword));
    let file = tempfile::NamedTempFile::new().unwrap();
    let tls =
        SmtpSettings { tls: SmtpTls::Tls, extra_root_certificate: Some(file.path().to_owned()), ..good() };
    assert!(told(tls).to_string().contains("holds no PEM certificate"));
    let debug = format!("{:?}", signed_in_as("doorward", "s3cret", good()));
    assert!(!debug.contains("s3cret"), "{debug}");
}
