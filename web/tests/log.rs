//! The access log and the figures: one line per request, nothing secret in it.

use crate::toy::{Ask, ask, front_with};
use doorward_core::Error;
use doorward_web::{Metrics, SignInOutcome, WebSettings};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::subscriber;

#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl Write for Pages {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that is logged while one request is answered.
async fn logged(ask: Ask) -> String {
    logged_by(ask.send()).await
}

async fn logged_by<T>(work: impl Future<Output = T>) -> String {
    let pages = Pages::default();
    let writer = pages.clone();
    let log = tracing_subscriber::fmt().with_ansi(false).with_max_level(tracing::Level::TRACE);
    let guard = subscriber::set_default(log.with_writer(move || writer.clone()).finish());
    work.await;
    drop(guard);
    let text = pages.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn the_line_says_what_happened() {
    let line = logged(ask("GET /things/7?search=x&page=2")).await;
    for part in [
        "method=GET",
        "host=\"toy.example\"",
        "path=\"/things/7?search=…&page=…\"",
        "status=200",
        "micros=",
        "door=\"one\"",
        "request_id=\"",
        "address=203.0.113.9",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert_eq!(line.lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_hangs_up_leaves_a_line_too() {
    let impatient = tokio::time::timeout(Duration::from_secs(1), ask("GET /never?token=CANARY").send());
    let line = logged_by(impatient).await;
    assert!(line.contains("client hung up") && line.contains("path=\"/never?token=…\""), "{line}");
    assert!(!line.contains("status="), "{line}");
}

#[tokio::test]
async fn no_secret_is_logged() {
    for ask in [
        ask("GET /things/7?accessKey=CANARY&secretKey=CANARY&CANARY"),
        ask("GET /things/7%3faccessKey=CANARY&secretKey=CANARY"),
        ask("GET /things/7;jsessionid=CANARY?page=2"),
        ask("POST /echo").admitted().json(r#"{"password":"CANARY"}"#),
        ask("POST /echo").admitted().json(r#"{"password":"CANARY"#),
        ask("POST /echo").admitted().form("CANARY=%FF"),
        ask("GET /cookie").header("cookie", "session=CANARY").header("authorization", "Bearer CANARY"),
        ask("GET /nowhere?token=CANARY").header("user-agent", "CANARY"),
        ask("GET /things/7").host("CANARY@toy.example"),
    ] {
        let text = logged(ask).await;
        assert!(text.contains("status="), "{text}");
        assert!(!text.contains("CANARY"), "{text}");
    }
}

#[tokio::test]
async fn requests_and_sign_ins_are_counted_under_closed_lists_of_words() {
    let metrics = Arc::new(Metrics::default());
    let front = front_with(WebSettings { metrics: Arc::clone(&metrics), ..WebSettings::default() });
    ask("GET /things/7").send_to(front.clone()).await;
    ask("BREW /things/7").send_to(front.clone()).await;
    ask("GET /healthz").host("house.example").send_to(front.clone()).await;
    ask("GET /").host("evil.example").send_to(front).await;
    metrics.sign_in(
        &crate::toy::door("shop", "shop.example", "http://shop.example"),
        SignInOutcome::of(&Error::WrongCredentials),
    );
    let page = metrics.render();
    for line in [
        r#"doorward_requests_total{dialect="salesseek",method="GET",status="2xx"} 1"#,
        r#"doorward_requests_total{dialect="salesseek",method="other",status="4xx"} 1"#,
        r#"doorward_requests_total{dialect="house",method="GET",status="2xx"} 1"#,
        r#"doorward_requests_total{dialect="none",method="GET",status="4xx"} 1"#,
        r#"doorward_request_seconds_count{dialect="salesseek"} 2"#,
        r#"doorward_sign_ins_total{door="shop",dialect="salesseek",outcome="wrong_credentials"} 1"#,
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
}
