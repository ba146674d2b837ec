//! P20: while the mail server is away nobody can tell, and nothing is lost: the mail is a row of the same transaction,
//! and is delivered when the server returns.

use super::installation::Installation;
use crate::process::{Answer, Ask, Doorward};
use doorward_model::{CallbackRule, Dialect, Kind, Policy, Role};
use doorward_testkit::smtp::{SmtpOptions, SmtpServer};
use serde_json::json;
use std::time::Duration;

/// How often the figures are looked at while an outage is waited for.
const LOOK: Duration = Duration::from_millis(100);
const HOST: &str = "alpha.seek.example";
const CALLBACK: &str = "http://alpha.seek.example/#reset";

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_mail_changes_no_answer_and_loses_no_mail() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await.unwrap();
    let installation = Installation::new("serve").await;
    let house = &installation.house;
    let callback = CallbackRule::parse("http://alpha.seek.example/").unwrap();
    let policy = Policy { callbacks: Some(vec![callback]), ..Policy::default() };
    let alpha = house.tenant("alpha", None, None, policy).await;
    for name in ["early", "ann"] {
        house.person(&alpha, &format!("{name}@alpha.example"), Kind::User, Role::User).await;
    }
    house.door(Dialect::Salesseek, "{slug}.seek.example", None).await;
    installation.close().await;
    let mail = format!(
        "[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"Doorward <no-reply@alpha.example>\"\n",
        smtp.port()
    );
    let served = Doorward::serve(installation.folder(), &installation.configuration(&mail));

    let while_up = forgotten(&served, "early@alpha.example");
    assert_eq!(smtp.wait_for(1).await.len(), 1);
    smtp.go_down().await;
    let while_down = forgotten(&served, "ann@alpha.example");
    let unknown = forgotten(&served, "nobody@alpha.example");
    assert_eq!((while_up.status, while_up.text().as_str()), (200, "null"));
    assert_eq!(while_down.told(), while_up.told());
    assert_eq!(unknown.told(), while_up.told());
    // Not before a delivery has failed; the next is half a minute away at most.
    while served.figure("doorward_mails_retried_total") == 0 {
        tokio::time::sleep(LOOK).await;
    }

    smtp.come_back().await.unwrap();
    let mails = smtp.wait_for(2).await;
    assert_eq!(mails.len(), 2, "nothing is sent twice, and nothing to nobody");
    let text = format!("{:?}", mails[1]);
    assert!(text.contains("ann@alpha.example") && !text.contains("nobody@alpha.example"), "{text}");
}

fn forgotten(served: &Doorward, email: &str) -> Answer {
    served.send(
        &Ask::post(HOST, "/api/forgotten").json(&json!({ "email_address": email, "callback_url": CALLBACK })),
    )
}
