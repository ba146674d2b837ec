//! Rounds of the worker: retries, outages, giving up.

use std::time::Duration;

use doorward_core::outbox;
use doorward_model::{MailKind, Timestamp};
use doorward_server::mail::{Claimed, Counters, Outcome, Settled, SmtpTls, deliver_batch};
use doorward_testkit::smtp::{Misstep, SmtpOptions, SmtpServer, Stage};

use super::fixture::{NOW, letter, mailer, settings};

const BATCH: usize = outbox::BATCH as usize;

fn claimed(number: u128, attempts: u32, created_at: Timestamp) -> Claimed {
    Claimed { letter: letter(MailKind::Reset, number), attempts, created_at }
}

fn only(mut settled: Vec<Settled>) -> Outcome {
    assert_eq!(settled.len(), 1);
    settled.remove(0).outcome
}

#[tokio::test]
async fn a_letter_put_off_goes_out_later_under_the_same_message_id() {
    let server = SmtpServer::start(SmtpOptions::default()).await.unwrap();
    let mailer = mailer(&settings(&server, SmtpTls::None));
    let counters = Counters::default();
    server.misbehave(Stage::Content, Misstep::Answer("451 4.3.0 later"), 1);
    let first = only(deliver_batch(&mailer, vec![claimed(9, 1, NOW)], NOW, &counters).await);
    let Outcome::Retry { at, reason } = first else { panic!("{first:?}") };
    assert_eq!(at, NOW.plus(Duration::from_secs(5)));
    assert!(reason.contains("451"));

    // The third is what happens when the process dies between sending and settling.
    for attempts in [2, 3] {
        let again = only(deliver_batch(&mailer, vec![claimed(9, attempts, NOW)], at, &counters).await);
        assert_eq!(again, Outcome::Sent);
    }
    let ids: Vec<_> =
        server.wait_for(2).await.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!((counters.sent(), counters.retried(), counters.failed()), (2, 1, 0));
}

#[tokio::test]
async fn mail_flows_again_when_the_server_returns() {
    let server = SmtpServer::start(SmtpOptions::default()).await.unwrap();
    let mailer = mailer(&settings(&server, SmtpTls::None));
    let counters = Counters::default();
    let batch = |attempts| (0..BATCH as u128).map(|number| claimed(number, attempts, NOW)).collect();

    server.go_down().await;
    let settled = deliver_batch(&mailer, batch(100), NOW, &counters).await;
    assert_eq!(settled.len(), BATCH);
    for Settled { outcome, .. } in settled {
        let Outcome::Retry { at, .. } = outcome else { panic!("{outcome:?}") };
        assert!(at.since(NOW) <= Duration::from_secs(30));
    }

    server.come_back().await.unwrap();
    let settled = deliver_batch(&mailer, batch(101), NOW, &counters).await;
    assert!(settled.iter().all(|settled| settled.outcome == Outcome::Sent));
    assert_eq!(server.wait_for(BATCH).await.len(), BATCH);
    assert_eq!((counters.sent(), counters.retried()), (BATCH as u64, BATCH as u64));
}

#[tokio::test]
async fn a_refused_letter_is_given_up_and_its_neighbours_are_not() {
    let server = SmtpServer::start(SmtpOptions::default()).await.unwrap();
    let mailer = mailer(&settings(&server, SmtpTls::None));
    let counters = Counters::default();
    server.misbehave(Stage::Recipient, Misstep::Answer("550 5.1.1 unknown"), 1);
    let batch = (0..5).map(|number| claimed(number, 1, NOW)).collect();
    let settled = deliver_batch(&mailer, batch, NOW, &counters).await;
    let failed = settled.iter().filter(|s| matches!(s.outcome, Outcome::Failed { .. })).count();
    assert_eq!((failed, counters.failed(), counters.sent()), (1, 1, 4));
}

#[tokio::test]
async fn after_three_days_and_many_attempts_a_letter_is_given_up() {
    let server = SmtpServer::start(SmtpOptions::default()).await.unwrap();
    let mailer = mailer(&settings(&server, SmtpTls::None));
    server.go_down().await;
    let created = NOW.minus(Duration::from_secs(3 * 24 * 60 * 60));
    let outcome =
        only(deliver_batch(&mailer, vec![claimed(1, 50, created)], NOW, &Counters::default()).await);
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
}
