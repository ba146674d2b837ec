//! P11 and P12: where mailed links lead, to whom they go, and how long they are good.

use super::rooms::{CALLBACK_RULE, Rooms};
use doorward_core::outbox::Letter;
use doorward_model::{MailKind, Person};
use doorward_testkit::Request;
use serde_json::json;
use std::time::Duration;

const NEW_PASSWORD: &str = "plain-heron-walks-0815";

#[tokio::test]
async fn a_link_leads_where_configuration_says_and_goes_to_the_stored_address() {
    let rooms = Rooms::new().await;
    let spelled = json!({ "email_address": "USER@Alpha.Example" });
    for (header, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        let ask =
            Request::post(rooms.salesseek.hosts[0], "/api/forgotten").header(header, value).json(&spelled);
        rooms.salesseek.client.send(ask).await;
    }
    let letters = resets(&rooms).await;
    assert!(!letters.is_empty(), "somebody is written to");
    for letter in letters {
        assert_eq!(letter.content.to, "user@alpha.example");
        let link = letter.content.link.unwrap();
        assert!(link.starts_with("https://id.example/reset?"), "{link}");
    }
}

#[tokio::test]
async fn callbacks_are_compared_as_addresses_never_as_text() {
    let rooms = Rooms::new().await;
    for good in [
        CALLBACK_RULE,
        "https://app.alpha.example/account/reset",
        "https://APP.alpha.example:443/account?x=1#reset",
    ] {
        assert_eq!(with_callback(&rooms, good).await, 200, "{good}");
    }
    assert_eq!(resets(&rooms).await.len(), 3);
    for bad in [
        "http://app.alpha.example/account",
        "https://app.alpha.example/accounts",
        "https://app.alpha.example/",
        "https://app.alpha.example/account/../elsewhere",
        "https://app.alpha.example/account/%2e%2e/elsewhere",
        "https://app.alpha.example:8443/account",
        "https://app.alpha.example.evil.example/account",
        "https://app.alpha.example@evil.example/account",
        "https://user:pw@app.alpha.example/account",
        "https://evil.example/https://app.alpha.example/account",
        "https://evil.example\\@app.alpha.example/account",
        "//app.alpha.example/account",
        "javascript:alert(1)",
        "https://xapp.alpha.example/account",
        "",
        "not an address",
    ] {
        assert_eq!(with_callback(&rooms, bad).await, 400, "{bad}");
    }
    assert_eq!(resets(&rooms).await.len(), 0, "what is refused mails nobody");
}

#[tokio::test]
async fn a_code_is_good_once_for_half_an_hour_and_signs_nobody_in() {
    let rooms = Rooms::new().await;
    let person = &rooms.salesseek.weak;
    let late = code_of(&forgotten(&rooms, person).await);
    rooms.house.clock.advance(Duration::from_secs(30 * 60));
    assert_eq!(reset(&rooms, person, &late, NEW_PASSWORD).await, 400);
    let code = code_of(&forgotten(&rooms, person).await);
    rooms.house.clock.advance(Duration::from_secs(29 * 60));
    assert_eq!(reset(&rooms, &rooms.salesseek.strong, &code, NEW_PASSWORD).await, 400, "it is another's");
    let body = json!({ "user_id": person.id.to_string(), "token": code, "password": NEW_PASSWORD });
    let answer =
        rooms.salesseek.client.send(Request::post(rooms.salesseek.hosts[0], "/api/reset").json(&body)).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "null"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(reset(&rooms, person, &code, NEW_PASSWORD).await, 400);
    let told = rooms.house.mails().await;
    let told = told.iter().filter(|letter| letter.kind == MailKind::PasswordChanged);
    assert_eq!(told.map(|letter| letter.content.to.as_str()).collect::<Vec<_>>(), ["user@alpha.example"]);
}

/// Asks for a reset, and returns the mailed link.
pub(super) async fn forgotten(rooms: &Rooms, person: &Person) -> String {
    let body = json!({ "email_address": person.email.as_written() });
    let ask = Request::post(rooms.salesseek.hosts[0], "/api/forgotten").json(&body);
    assert_eq!(rooms.salesseek.client.send(ask).await.status, 200);
    resets(rooms).await.pop().unwrap().content.link.unwrap()
}

/// The code of a link.
pub(super) fn code_of(link: &str) -> String {
    let (_, rest) = link.split_once("token=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

/// Redeems a code; the status.
pub(super) async fn reset(rooms: &Rooms, person: &Person, code: &str, password: &str) -> u16 {
    let body = json!({ "user_id": person.id.to_string(), "token": code, "password": password });
    let ask = Request::post(rooms.salesseek.hosts[0], "/api/reset").json(&body);
    rooms.salesseek.client.send(ask).await.status.as_u16()
}

async fn with_callback(rooms: &Rooms, callback_url: &str) -> u16 {
    let body = json!({ "email_address": "user@alpha.example", "callback_url": callback_url });
    let ask = Request::post(rooms.salesseek.hosts[0], "/api/forgotten").json(&body);
    rooms.salesseek.client.send(ask).await.status.as_u16()
}

/// Reset mails that wait; each is claimed by this call.
async fn resets(rooms: &Rooms) -> Vec<Letter> {
    let all = rooms.house.mails().await;
    all.into_iter().filter(|letter| letter.kind == MailKind::Reset).collect()
}
