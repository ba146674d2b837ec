//! When nobody knows who is calling: each fault is told apart, and none lets anybody in or takes anybody for a stranger.

use crate::stage::{PATIENCE, Stage, head};
use crate::stand_ins::{answering, client_of, nowhere};
use doorward_client::{Client, Credential, Denied, Question, Reason, Unanswered};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn fault(client: &Client) -> Unanswered {
    match client.verify(Credential::session("x")).await.unwrap_err() {
        Denied::Unanswered(fault) => fault,
        other => Unanswered::Garbage(format!("not a fault: {other}")),
    }
}

#[tokio::test]
async fn a_service_that_may_not_ask_is_told_so() {
    let stage = Stage::closed().await;
    let no_scope = stage.token("*", &["people:read"]).await;
    for builder in [stage.builder(), stage.builder().token("dwt_made-up"), stage.builder().token(no_scope)] {
        assert_eq!(fault(&builder.build().unwrap()).await, Unanswered::AskerRefused);
    }
}

#[tokio::test]
async fn a_doorward_that_is_not_there_is_away() {
    let client = Client::builder(nowhere()).build().unwrap();
    assert!(matches!(fault(&client).await, Unanswered::Away(_)));
    let all =
        client.verify_all([Question::from(Credential::session("x")), Question::from(&head("/", &[]))]).await;
    assert!(matches!(all[0], Err(Denied::Unanswered(Unanswered::Away(_)))));
    assert!(matches!(all[1], Err(Denied::Refused(_))), "this one needed no asking");
    assert!(matches!(fault(&client_of(&answering(502, &[], ""))).await, Unanswered::Away(_)));
}

#[tokio::test]
async fn a_doorward_that_says_nothing_is_not_waited_for() {
    // It takes the connection and never reads from it.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::builder(base).timeout(Duration::from_millis(50)).build().unwrap();
    assert_eq!(fault(&client).await, Unanswered::Timeout);
}

#[tokio::test]
async fn a_busy_doorward_says_when_to_come_again() {
    let unavailable = answering(200, &[], r#"{"active": false, "reason": "unavailable", "retry_after": 7}"#);
    let busy = answering(503, &[("retry-after", "7")], r#"{"error": "busy, try again"}"#);
    for doorward in [unavailable, busy] {
        let wanted = Unanswered::Busy { retry_after: Duration::from_secs(7) };
        assert_eq!(fault(&client_of(&doorward)).await, wanted);
    }
}

#[tokio::test]
async fn what_is_no_answer_is_believed_in_no_part() {
    let long = format!(r#"{{"active": true, "x": "{}"}}"#, "x".repeat(4 * 1024 * 1024));
    for (status, body) in [
        (200, "<html>hello</html>"),
        (200, ""),
        (200, r#"{"active": true}"#),
        (200, r#"{"active": "true"}"#),
        (200, r#"[{"active": true}]"#),
        (200, long.as_str()),
        (404, "no door"),
        (302, ""),
    ] {
        let fault = fault(&client_of(&answering(status, &[("location", "/elsewhere")], body))).await;
        assert!(matches!(fault, Unanswered::Garbage(_)), "{status} {fault}");
    }
    let two =
        answering(200, &[], r#"[{"active": false, "reason": "none"}, {"active": false, "reason": "none"}]"#);
    let answers = client_of(&two).verify_all([Question::from(Credential::session("x"))]).await;
    assert!(matches!(answers[0], Err(Denied::Unanswered(Unanswered::Garbage(_)))));
}

/// Doorward closes idle connections, and a question may be on its way just then.
#[tokio::test]
async fn a_question_whose_connection_closes_under_it_is_asked_once_more() {
    const ANSWER: &str = r#"{"active": false, "reason": "expired"}"#;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let client = Client::builder(format!("http://{}", listener.local_addr().unwrap()))
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let ask = || client.verify(Credential::session("x"));
    let serving = tokio::spawn(async move {
        for answers in [1, 1, 0] {
            let (mut stream, _) = listener.accept().await.unwrap();
            for _ in 0..answers {
                hear(&mut stream).await;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", ANSWER.len());
                stream.write_all(format!("{head}{ANSWER}").as_bytes()).await.unwrap();
            }
            hear(&mut stream).await;
        }
    });
    let expired = Denied::from(Reason::Expired);
    assert_eq!(ask().await.unwrap_err(), expired);
    assert_eq!(ask().await.unwrap_err(), expired, "by the second connection");
    assert!(matches!(ask().await.unwrap_err(), Denied::Unanswered(Unanswered::Away(_))), "and no third time");
    serving.await.unwrap();
}

/// Whoever answers nonsense may have looked at the question, and counted a wrong password.
#[tokio::test]
async fn a_question_that_was_answered_in_any_way_is_asked_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(base).timeout(PATIENCE).build().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let heard = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            hear(&mut stream).await;
            heard.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"\x01\x02 nonsense\r\n\r\n").await.unwrap();
        }
    });
    assert!(matches!(fault(&client).await, Unanswered::Away(_)));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// Reads a question.
async fn hear(stream: &mut TcpStream) {
    let heard = stream.read(&mut [0; 4096]).await.unwrap();
    assert!(heard > 0);
}
