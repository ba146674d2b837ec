//! P17: what every answer says to browsers and caches in between. HSTS, which needs https, is proven in `web/tests`.

use super::doors;
use super::once::mailed_code;
use crate::process::{Answer, Ask, Demo};
use serde_json::json;

#[test]
fn no_answer_with_an_identity_may_be_kept() {
    let demo = Demo::start();
    let doors = doors::all(&demo);
    let [salesseek, bookingbug, rubicrm, leadsquared] = &doors;
    let verified = json!({
        "emailaddress": demo.text("/rubicrm/verified/emailaddress"),
        "password": doors::base64(demo.text("/rubicrm/verified/password")),
        "apikey": demo.text("/rubicrm/api_key"),
    });
    let identities = [
        salesseek.ask("POST", "/api/login").json(&demo.made["salesseek"]["admin"]),
        salesseek.ask_signed_in("GET", "/api/users"),
        bookingbug.ask("POST", "/api/v1/login").json(&demo.made["bookingbug"]["owner"]),
        bookingbug.ask_signed_in("GET", "/api/v1/login"),
        rubicrm.ask("POST", "/api/Login").json(&verified),
        leadsquared.ask_signed_in("GET", "/v2/Authentication.svc/UserByAccessKey.Get"),
    ];
    for ask in &identities {
        let answer = demo.send(ask);
        assert!((200..300).contains(&answer.status), "{} {}", ask.path, answer.text());
        is_guarded(&answer, &ask.path);
    }
    for door in &doors {
        for route in &door.routes {
            is_guarded(&demo.send(&door.ask(route.method.as_str(), route.path)), route.path);
        }
        is_guarded(&demo.send(&door.ask("GET", "/there/is/nothing/here")), door.name);
    }
}

/// Services and proxies are told who somebody is ahead of every door.
#[test]
fn no_answer_about_who_is_calling_may_be_kept() {
    let demo = Demo::start();
    let leadsquared = &doors::all(&demo)[3];
    let (name, secret) = (demo.text("/leadsquared/access_key"), demo.text("/leadsquared/secret_key"));
    let pair = json!({ "credential": { "kind": "access_key", "value": name, "secret": secret } });
    let nobody = json!({ "credential": { "kind": "session", "value": "nobody's" } });
    for (body, is_active) in [(&pair, true), (&nobody, false)] {
        let answer = demo.send(&Ask::post("localhost", "/verify").json(body));
        assert_eq!((answer.status, &answer.json()["active"]), (200, &json!(is_active)));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let misasked = demo.send(&Ask::post("localhost", "/verify").json(&json!({})));
    assert_eq!((misasked.status, misasked.header("cache-control")), (400, Some("no-store")));
    let pair = leadsquared.ask_signed_in("GET", "/verify/ext-authz/v2/Leads.svc/Get");
    let told = demo.send(&pair);
    assert_eq!(told.status, 200, "{}", told.text());
    assert_ne!(told.header("x-doorward-person").unwrap_or_default(), "");
    assert_eq!(told.header("cache-control"), Some("no-store"));
}

#[test]
fn the_keys_that_check_assertions_are_public_and_may_be_kept_a_while() {
    let demo = Demo::start();
    let answer = demo.send(&Ask::get("localhost", "/.well-known/jwks.json"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.json()["keys"][0]["crv"], "Ed25519");
    let door = doors::all(&demo)[0].ask("GET", "/.well-known/jwks.json");
    assert_eq!(demo.send(&door).status, 404, "on Doorward's own hosts only");
}

#[test]
fn pages_are_framed_by_nobody_and_load_nothing_from_elsewhere() {
    let demo = Demo::start();
    let doors = doors::all(&demo);
    let new = json!({ "email_address": "guest@northwind.example", "name": "Gast Neu" });
    assert_eq!(demo.send(&doors[0].ask_signed_in("POST", "/api/users").json(&new)).status, 201);
    let (user_id, token) = mailed_code(&demo, "guest@northwind.example");
    for page in ["/reset", "/invitation", "/validate"] {
        for query in ["", "?token=wrong", &format!("?user_id={user_id}&token={token}")] {
            let answer = demo.send(&Ask::get("localhost", &format!("{page}{query}")));
            is_guarded(&answer, page);
            let policy =
                answer.header("content-security-policy").unwrap_or_else(|| panic!("{page}: no policy"));
            for rule in
                ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]
            {
                assert!(policy.contains(rule), "{page}: {policy}");
            }
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{page}");
            // The one that shows a password while it is typed, and nothing else; every page works without.
            let text = answer.text();
            let mut scripts = text.split("<script").skip(1);
            assert!(scripts.all(|script| script.starts_with(" src=\"/assets/")), "{page}");
        }
    }
}

fn is_guarded(answer: &Answer, what: &str) {
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}: {}", answer.status);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
    assert!(answer.header("x-request-id").is_some(), "{what}");
    assert_eq!(answer.header("server"), None, "{what}");
}
