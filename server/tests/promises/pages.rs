//! Doorward's own pages, served by the real binary: what browsers and programs are told where there is nothing, and an account
//! whose calendar is read at the door that serves it.

use crate::process::{Answer, Ask, Demo};

const HTML: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

#[test]
fn browsers_get_a_page_where_there_is_nothing_and_programs_what_they_always_got() {
    let demo = Demo::start();
    let asks = |method: &str, path: &str, accept: &str| {
        demo.send(&Ask::new(method, "localhost", path).header("accept", accept))
    };
    let page = asks("GET", "/there/is/nothing", HTML);
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    let number = page.header("x-request-id").unwrap();
    assert!(page.text().contains("There is nothing at this address") && page.text().contains(number));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    for accept in ["*/*", "application/json", "text/htmlx"] {
        let told = asks("GET", "/there/is/nothing", accept);
        assert_eq!((told.status, told.header("content-type")), (404, Some("application/json")), "{accept}");
    }

    let page = asks("DELETE", "/account", HTML);
    assert_eq!((page.status, page.header("allow")), (405, Some("GET,HEAD")));
    assert!(page.text().contains("cannot be used that way"), "{}", page.text());
    let told = asks("DELETE", "/account", "*/*");
    assert_eq!((told.status, told.text()), (405, String::new()));
    assert!(told.header("allow").is_some());
}

#[test]
fn the_calendar_that_an_account_shows_is_read_at_its_door() {
    let demo = Demo::start();
    let user = &demo.made["salesseek"]["user"];
    let fields = [("email", user["email_address"].as_str()), ("password", user["password"].as_str())];
    let fields = fields.map(|(name, value)| (name, value.unwrap()));
    let entered = demo.send(&from_here("/t/northwind/sign-in").form(&fields));
    assert_eq!(entered.status, 303, "{}", entered.text());
    let cookie = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let keys = demo.send(&Ask::get("localhost", "/account/keys").header("cookie", &cookie));
    let (before, now) = (calendar(&demo, &keys), {
        let rotated = demo.send(&from_here("/account/keys/calendar").header("cookie", &cookie).form(&[]));
        assert_eq!(rotated.status, 303, "{}", rotated.text());
        let keys = demo.send(&Ask::get("localhost", "/account/keys").header("cookie", &cookie));
        calendar(&demo, &keys)
    });
    assert_eq!((before.status, now.status), (200, 200));
    assert!(now.text().starts_with("BEGIN:VCALENDAR"), "{}", now.text());
}

fn from_here(page: &str) -> Ask {
    Ask::post("localhost", page).header("sec-fetch-site", "same-origin")
}

/// What the address on the page leads to.
fn calendar(demo: &Demo, page: &Answer) -> Answer {
    let text = page.text();
    let (_, rest) = text.split_once("<code class=\"copied\"").unwrap();
    let (_, rest) = rest.split_once("http://").unwrap();
    let (address, _) = rest.split_once('<').unwrap();
    let address = address.replace("&#38;", "&");
    let (host, path) = address.split_once('/').unwrap();
    demo.send(&Ask::get(host, &format!("/{path}")))
}
