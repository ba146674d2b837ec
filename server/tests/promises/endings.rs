//! P3, P9 and P10: how sessions begin and how they end.

use super::links::{code_of, forgotten, reset};
use super::rooms::Rooms;
use doorward_testkit::{PASSWORD, Request};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const NEW_PASSWORD: &str = "plain-heron-walks-0815";

#[tokio::test]
async fn a_reset_ends_every_session_and_every_open_code() {
    let rooms = Rooms::new().await;
    let person = &rooms.salesseek.weak;
    let cookies = [rooms.cookie(0, person).await, rooms.cookie(0, person).await];
    let first = code_of(&forgotten(&rooms, person).await);
    assert_eq!(is_signed_in(&rooms, &cookies[0]).await, 200);
    let second = code_of(&forgotten(&rooms, person).await);
    assert_eq!(reset(&rooms, person, &first, NEW_PASSWORD).await, 400, "a newer code ends an older one");
    assert_eq!(reset(&rooms, person, &second, NEW_PASSWORD).await, 200);
    for cookie in &cookies {
        assert_eq!(is_signed_in(&rooms, cookie).await, 401);
    }
    for code in [&first, &second] {
        assert_eq!(reset(&rooms, person, code, "plain-heron-walks-0816").await, 400);
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_session_but_the_one_it_was_changed_in_and_every_open_code() {
    let rooms = Rooms::new().await;
    let person = &rooms.salesseek.weak;
    let (own, other) = (rooms.cookie(0, person).await, rooms.cookie(0, person).await);
    let code = code_of(&forgotten(&rooms, person).await);
    let body = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    let change = Request::new("PATCH", rooms.salesseek.hosts[0], &format!("/api/users/{}", person.id));
    let answer = rooms.salesseek.client.send(change.header("cookie", &own).json(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(is_signed_in(&rooms, &own).await, 200);
    assert_eq!(is_signed_in(&rooms, &other).await, 401);
    assert_eq!(reset(&rooms, person, &code, "plain-heron-walks-0816").await, 400);
}

#[tokio::test]
async fn a_token_is_new_at_every_sign_in_and_never_the_clients_choice() {
    let rooms = Rooms::new().await;
    let person = &rooms.salesseek.weak;
    let mut seen = HashSet::new();
    let mut last = "salesseek=00000000-0000-4000-8000-000000000000".to_owned();
    for _ in 0..20 {
        let body = json!({ "email": person.email.as_written(), "password": PASSWORD, "salesseek": last });
        let login = Request::post(rooms.salesseek.hosts[0], "/api/login").header("cookie", &last).json(&body);
        let answer = rooms.salesseek.client.send(login).await;
        last = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let digits = last.trim_start_matches("salesseek=").chars().filter(char::is_ascii_hexdigit).count();
        assert_eq!(digits, 32, "128 bits: {last}");
        assert!(seen.insert(last.clone()), "{last}");
    }
    let token = rooms.auth_token(0, &rooms.bookingbug.strong).await;
    assert!(token.len() >= 22, "at least 128 bits of Base64: {token}");
}

#[tokio::test]
async fn sessions_end_by_the_servers_clock() {
    let rooms = Rooms::new().await;
    let cookie = rooms.cookie(0, &rooms.salesseek.weak).await;
    let used = rooms.auth_token(0, &rooms.bookingbug.strong).await;
    let idle = rooms.auth_token(0, &rooms.bookingbug.strong).await;
    for _ in 0..3 {
        rooms.house.clock.advance(HOUR * 20);
        assert_eq!(is_current(&rooms, &used).await, 200, "each use gives it another 24 hours");
    }
    assert_eq!(is_current(&rooms, &idle).await, 401, "24 hours without use");
    rooms.house.clock.advance(HOUR * 25);
    assert_eq!(is_current(&rooms, &used).await, 401);
    assert_eq!(is_signed_in(&rooms, &cookie).await, 200);
    rooms.house.clock.advance(HOUR * 24 * 30);
    assert_eq!(is_signed_in(&rooms, &cookie).await, 401, "30 days are the end, used or not");
}

async fn is_signed_in(rooms: &Rooms, cookie: &str) -> u16 {
    let ask = Request::get(rooms.salesseek.hosts[0], "/api/users").header("cookie", cookie);
    rooms.salesseek.client.send(ask).await.status.as_u16()
}

async fn is_current(rooms: &Rooms, token: &str) -> u16 {
    let (app_id, app_key) = &rooms.applications[0];
    let ask = Request::get(rooms.bookingbug.hosts[0], "/api/v1/login").header("auth-token", token);
    let ask = ask.header("app-id", app_id).header("app-key", app_key);
    rooms.bookingbug.client.send(ask).await.status.as_u16()
}
