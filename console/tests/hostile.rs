//! What no browser of a person sends: every form answers with a page, and nothing is changed or let through.

use crate::{FORM, HOST, browser, reset_link, someone};
use doorward_testkit::{Client, House, Request};
use doorward_web::StatusCode;

/// Every form there is.
const FORMS: &[&str] = &["/reset", "/invitation", "/validate", "/language", "/t/northwind/forgot"];

async fn sends(browser: &Client, path: &str, media: &str, body: impl Into<Vec<u8>>) -> (StatusCode, String) {
    let answer = browser.send(Request::post(HOST, path).body(media, body.into())).await;
    (answer.status, answer.text())
}

fn is_refused(path: &str, status: StatusCode) -> bool {
    // A choice of language is harmless: what cannot be read is no choice.
    status.is_client_error() || path == "/language" && status == StatusCode::SEE_OTHER
}

#[tokio::test]
async fn no_form_trips_over_what_is_sent() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let link = reset_link(&house, &branch, &person).await;
    let (_, parameters) = link.split_once('?').unwrap();
    let browser = browser(&house);
    let password = "brave+kettle+hums+1968";
    let good = format!("{parameters}&password={password}&password_again={password}&email=a%40b.example");
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        (FORM, Vec::new()),
        (FORM, b"email=%00&token=%00&password=%00&lang=%00&back=%00".to_vec()),
        (FORM, format!("{good}%00").into_bytes()),
        (FORM, b"email=%ff%fe&token=%c3%28&password=%ed%a0%80".to_vec()),
        (FORM, b"\xff\xfe=\xff&&&===".to_vec()),
        (FORM, b"email[]=a&email[]=b&token=a&token=b".to_vec()),
        (FORM, b"email=a%40b.example&email=c%40d.example&token=0&token=1".to_vec()),
        (FORM, b"a=1&".repeat(100_000)),
        (FORM, vec![b'a'; 1024 * 1024]),
        (FORM, [b"email=".to_vec(), vec![b'a'; 60_000]].concat()),
        ("application/json", b"{\"email\":[\"a@b.example\"],\"token\":{\"a\":1}}".to_vec()),
        ("application/json", [b"[".repeat(50_000), b"]".repeat(50_000)].concat()),
        ("application/json", b"{\"email\":\"\\ud800\"".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense".to_vec()),
        ("text/plain", good.clone().into_bytes()),
        ("application/octet-stream", vec![0; 512]),
    ];
    for path in FORMS {
        for (number, (media, body)) in bodies.iter().enumerate() {
            let (status, text) = sends(&browser, path, media, body.clone()).await;
            assert!(is_refused(path, status), "{path} {number}: {status} {text}");
            assert!(
                status == StatusCode::SEE_OTHER || text.contains("<h1>"),
                "{path} {number} is told on a page"
            );
        }
    }
    assert_eq!(browser.send(Request::get(HOST, &link)).await.status, StatusCode::OK, "the link still works");
}

#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let link = reset_link(&house, &branch, &person).await;
    let (_, parameters) = link.split_once('?').unwrap();
    let browser = browser(&house);
    let password = "brave+kettle+hums+1968";
    let good = format!(
        "{parameters}&password={password}&password_again={password}&email=a%40b.example&lang=de&back=%2F"
    );
    let foreign: [&[(&str, &str)]; 5] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://sub.id.example")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://id.example")],
    ];
    for path in FORMS {
        for headers in foreign {
            let request = headers
                .iter()
                .fold(Request::post(HOST, path), |request, (name, value)| request.header(name, value));
            let answer = browser.send(request.body(FORM, good.clone())).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(answer.header("set-cookie"), None, "{path} {headers:?}");
        }
    }
    assert_eq!(browser.send(Request::get(HOST, &link)).await.status, StatusCode::OK, "the link still works");
    // Older browsers say their origin only.
    let older = Request::post(HOST, "/language").header("origin", "https://id.example");
    assert_eq!(browser.send(older.body(FORM, "lang=de&back=%2F")).await.status, StatusCode::SEE_OTHER);
}
