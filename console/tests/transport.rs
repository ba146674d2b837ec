//! Pages over plain HTTP, which everybody on the way can read.

use crate::{FORM, HOST, hashes, someone};
use doorward_testkit::{Client, House, PASSWORD, Request};
use doorward_web::{StatusCode, TrustedProxies, WebSettings};
use std::sync::Arc;

/// Pages behind a proxy on this machine that says whom it speaks for.
fn behind_a_proxy(house: &House, allow_plain_http: bool) -> Client {
    let settings = WebSettings {
        house_hosts: vec![HOST.to_owned()],
        trusted_proxies: TrustedProxies { networks: vec!["127.0.0.0/8".parse().unwrap()] },
        ..WebSettings::default()
    };
    let core = house.core.clone();
    let pages = doorward_console::router(
        house.core.clone(),
        doorward_console::Given { allow_plain_http, ..Default::default() },
    );
    Client::of(doorward_web::service(settings, Arc::new(move || core.doors()), [], pages))
}

fn from_afar(request: Request, scheme: &str) -> Request {
    request.header("x-forwarded-for", "203.0.113.5").header("x-forwarded-proto", scheme)
}

#[tokio::test]
async fn no_page_that_may_carry_a_secret_is_shown_or_taken_over_plain_http() {
    let house = House::start().await;
    someone(&house).await;
    let client = behind_a_proxy(&house, false);
    let body = format!("email=ada%40northwind.example&password={PASSWORD}");
    for page in
        ["/t/northwind/sign-in", "/t/northwind/forgot", "/reset?token=00", "/account", "/console/sign-in"]
    {
        let shown = client.send(from_afar(Request::get(HOST, page), "http")).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{page}");
        assert!(shown.text().contains("needs a secure connection"), "{page}");
        let taken = client.send(from_afar(Request::post(HOST, page), "http").body(FORM, body.clone())).await;
        assert_eq!((taken.status, taken.header("set-cookie")), (StatusCode::FORBIDDEN, None), "{page}");
    }
    assert_eq!(hashes(&house).await, 1, "only the one that made the person");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_this_host() {
    let house = House::start().await;
    someone(&house).await;
    let client = behind_a_proxy(&house, false);
    let body = format!("email=ada%40northwind.example&password={PASSWORD}");
    let request = from_afar(Request::post(HOST, "/t/northwind/sign-in"), "https");
    let done = client.send(request.header("sec-fetch-site", "same-origin").body(FORM, body.clone())).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let cookie = done.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-doorward=") && cookie.contains("; Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && !cookie.contains("Domain"), "{cookie}");
    let all: Vec<&str> = done.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    let place = "__Host-doorward-at=northwind; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000";
    assert!(all.len() == 2 && all.contains(&place), "{all:?}");
    assert!(done.header("strict-transport-security").is_some());

    let plain = behind_a_proxy(&house, true);
    let allowed = plain.send(from_afar(Request::get(HOST, "/t/northwind/sign-in"), "http")).await;
    assert_eq!(allowed.status, StatusCode::OK, "where the configuration allows it");
}
