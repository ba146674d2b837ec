//! Every endpoint × everybody who may not: made from the list, so that none is forgotten.

use crate::desk::{Desk, HOST, refusal};
use doorward_core::manage::Scope;
use doorward_core::{application_tokens, applications, operator_tokens, tenants};
use doorward_manage::{EndpointInfo, endpoints};
use doorward_testkit::{Answer, Request};
use serde_json::json;
use std::time::Duration;

const NOBODY: &str = "018f0000-0000-7000-8000-000000000000";

/// A path with a tenant, and with what nobody has in its other parameters.
fn filled_in(path: &str, tenant: &str) -> String {
    let segment = |segment: &str| match segment {
        "{id}" => tenant.to_owned(),
        "{kind}" => "user".to_owned(),
        _ if segment.starts_with('{') => NOBODY.to_owned(),
        _ => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Those of tenants; the others are the house's, and operators'.
fn of_tenants() -> Vec<EndpointInfo> {
    endpoints().into_iter().filter(|endpoint| !is_house(endpoint)).collect()
}

fn is_house(endpoint: &EndpointInfo) -> bool {
    !endpoint.path.starts_with("/manage/v1/tenants")
}

/// What each endpoint answers to the bearer of a token about a tenant.
async fn sweep(desk: &Desk, tenant: &str, token: Option<&str>) -> Vec<(String, Answer)> {
    ask_each(desk, &of_tenants(), tenant, token).await
}

async fn ask_each(
    desk: &Desk,
    endpoints: &[EndpointInfo],
    tenant: &str,
    token: Option<&str>,
) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for endpoint in endpoints {
        let path = filled_in(&endpoint.path, tenant);
        // A tenant is named where there is one to name.
        let (path, body) = match (endpoint.method.as_str(), path.as_str()) {
            ("GET", "/manage/v1/tenants") => (format!("{path}?parent={tenant}"), json!({})),
            ("POST", "/manage/v1/tenants") => {
                (path, json!({ "parent": tenant, "slug": "swept", "display_name": "Swept" }))
            }
            _ => (path, json!({})),
        };
        let mut ask = Request::new(endpoint.method.as_str(), HOST, &path).json(&body);
        if let Some(token) = token {
            ask = ask.header("authorization", &format!("Bearer {token}"));
        }
        // Made-up tokens of one address are looked for 25 times in five seconds.
        desk.house.clock.advance(Duration::from_millis(250));
        answers.push((format!("{} {path}", endpoint.method), desk.send(ask).await));
    }
    answers
}

async fn all_refuse(desk: &Desk, tenant: &str, token: Option<&str>, expected: (u16, &str)) {
    for (what, answer) in sweep(desk, tenant, token).await {
        let (status, code) = refusal(&answer);
        assert_eq!((status, code.as_str()), expected, "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401, "{what}");
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token_of_the_scope() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let id = top.tenant().id.to_string();
    let none = desk.token(&top, &["crm:read"]).await;
    for token in [None, Some(""), Some("dwt_nobodys"), Some("dwo_nobodys"), Some("nothing-of-ours")] {
        all_refuse(&desk, &id, token, (401, "unauthorized")).await;
    }
    all_refuse(&desk, &id, Some(&none), (403, "forbidden")).await;
    // Each scope alone opens what it says, below the token's own tenant, which is closed from above.
    let id = desk.house.child("below", &top).await.tenant().id.to_string();
    for scope in Scope::ALL.iter().copied() {
        let program = desk.token(&top, &[scope.as_str()]).await;
        let remote = desk.remote(&[scope], None, None).await.text;
        for token in [program, remote] {
            for (endpoint, (what, answer)) in of_tenants().iter().zip(sweep(&desk, &id, Some(&token)).await) {
                let is_meant = opens(scope, endpoint);
                assert_eq!(answer.status != 403, is_meant, "{what} with {scope:?}: {}", answer.text());
            }
        }
    }
}

/// A scope opens what it names, and the reading of what it writes.
fn opens(scope: Scope, endpoint: &EndpointInfo) -> bool {
    let read = scope.as_str().replace(":write", ":read");
    scope == Scope::Everything || scope == endpoint.scope || read == endpoint.scope.as_str()
}

#[tokio::test]
async fn what_is_the_houses_is_for_operators_of_every_tree() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let house: Vec<EndpointInfo> = endpoints().into_iter().filter(is_house).collect();
    let others =
        [desk.token(&top, &["manage"]).await, desk.remote(&[Scope::Everything], Some(&top), None).await.text];
    for token in &others {
        for (what, answer) in ask_each(&desk, &house, NOBODY, Some(token)).await {
            assert_eq!(refusal(&answer), (403, "forbidden".to_owned()), "{what}");
        }
    }
    for (what, answer) in ask_each(&desk, &house, NOBODY, None).await {
        assert_eq!(refusal(&answer), (401, "unauthorized".to_owned()), "{what}");
    }
    for scope in Scope::ALL.iter().copied() {
        let token = desk.remote(&[scope], None, None).await.text;
        for (endpoint, (what, answer)) in
            house.iter().zip(ask_each(&desk, &house, NOBODY, Some(&token)).await)
        {
            let is_meant = opens(scope, endpoint);
            assert_eq!(answer.status != 403, is_meant, "{what} with {scope:?}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_token_that_ended_is_refused_by_the_next_call() {
    let desk = Desk::open().await;
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let top = desk.house.pool("northwind").await;
    let id = top.tenant().id.to_string();
    let soon = Some(core.now().plus(Duration::from_secs(60)));
    let (short, short_remote) = (
        desk.issued(&top, &["manage"], "manage", soon).await,
        desk.remote(&[Scope::Everything], None, soon).await,
    );
    let (revoked, revoked_remote) = (
        desk.issued(&top, &["manage"], "manage", None).await,
        desk.remote(&[Scope::Everything], None, None).await,
    );
    for token in [&short.text, &short_remote.text, &revoked.text, &revoked_remote.text] {
        assert_eq!(desk.get(token, "/tenants").await.status, 200);
    }
    let of = (revoked.pool, revoked.application);
    application_tokens::revoke(core, caller, operator, of, revoked.id).await.unwrap();
    operator_tokens::revoke(core, caller, operator, revoked_remote.id).await.unwrap();
    desk.house.clock.advance(Duration::from_secs(61));
    for token in [&short.text, &short_remote.text, &revoked.text, &revoked_remote.text] {
        all_refuse(&desk, &id, Some(token), (401, "unauthorized")).await;
    }
}

#[tokio::test]
async fn a_token_of_every_route_or_of_another_is_not_good_here() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let id = top.tenant().id.to_string();
    for audience in ["*", "crm"] {
        let token = desk.issued(&top, &["people:read"], audience, None).await.text;
        all_refuse(&desk, &id, Some(&token), (401, "unauthorized")).await;
    }
}

#[tokio::test]
async fn a_suspended_tenants_and_a_disabled_programs_token_is_refused() {
    let desk = Desk::open().await;
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let (top, other) = (desk.house.pool("northwind").await, desk.house.pool("contoso").await);
    let (suspended, disabled) =
        (desk.token(&top, &["manage"]).await, desk.issued(&other, &["manage"], "manage", None).await);
    tenants::suspend(core, caller, operator, &top).await.unwrap();
    let of = (disabled.pool, disabled.application);
    applications::set_disabled(core, caller, operator, of.0, of.1, true).await.unwrap();
    all_refuse(&desk, &top.tenant().id.to_string(), Some(&suspended), (403, "forbidden")).await;
    all_refuse(&desk, &other.tenant().id.to_string(), Some(&disabled.text), (403, "forbidden")).await;
}

#[tokio::test]
async fn another_pools_tenant_answers_like_a_random_id_and_a_sibling_is_refused() {
    let desk = Desk::open().await;
    let (here, there) = (desk.house.pool("northwind").await, desk.house.pool("contoso").await);
    let (left, right) = (desk.house.child("left", &here).await, desk.house.child("right", &here).await);
    let tokens = [
        desk.token(&here, &["manage"]).await,
        desk.token(&left, &["manage"]).await,
        desk.remote(&[Scope::Everything], Some(&here), None).await.text,
    ];
    for token in &tokens {
        for tenant in [there.tenant().id.to_string(), NOBODY.to_owned(), "no-id".to_owned()] {
            for (what, answer) in sweep(&desk, &tenant, Some(token)).await {
                // Named in a path it is not there, named elsewhere it is no id.
                let is_field = tenant == "no-id" && !what.contains("/no-id");
                let expected = if is_field { (422, "invalid") } else { (404, "not_found") };
                let (status, code) = refusal(&answer);
                assert_eq!((status, code.as_str()), expected, "{what}");
            }
        }
        let told = async |id: String| {
            let mut body = desk.get(token, &format!("/tenants/{id}/people")).await.json();
            body.as_object_mut().unwrap().remove("request_id");
            body
        };
        assert_eq!(told(there.tenant().id.to_string()).await, told(NOBODY.to_owned()).await);
    }
    for beside in [&here, &right] {
        all_refuse(&desk, &beside.tenant().id.to_string(), Some(&tokens[1]), (403, "forbidden")).await;
    }
}

#[tokio::test]
async fn plain_http_from_elsewhere_is_refused_before_the_token_is_looked_at() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.token(&top, &["manage"]).await;
    let ask = |secure: &str| {
        Request::get(HOST, "/manage/v1/tenants")
            .header("authorization", &format!("Bearer {token}"))
            .header("x-forwarded-for", "192.0.2.7")
            .header("x-forwarded-proto", secure)
    };
    let behind_proxy = desk.behind_proxy();
    assert_eq!(refusal(&behind_proxy.send(ask("http")).await), (403, "insecure_transport".to_owned()));
    assert_eq!(behind_proxy.send(ask("https")).await.status, 200);
}

#[tokio::test]
async fn a_header_that_would_do_nothing_is_refused_by_name() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let token = desk.remote(&[Scope::Everything], None, None).await.text;
    let tenant = top.tenant().id;
    for (method, path, header, field) in [
        ("POST", "/doors".to_owned(), "idempotency-key", "idempotency_key"),
        ("POST", "/doors".to_owned(), "if-match", "if_match"),
        ("PUT", format!("/doors/{NOBODY}"), "idempotency-key", "idempotency_key"),
        ("PUT", "/regions/eu".to_owned(), "idempotency-key", "idempotency_key"),
        ("POST", format!("/tenants/{tenant}/terms"), "if-match", "if_match"),
        ("POST", format!("/tenants/{tenant}/terms"), "idempotency-key", "idempotency_key"),
        ("POST", "/tenants".to_owned(), "if-match", "if_match"),
        ("PATCH", format!("/tenants/{tenant}"), "idempotency-key", "idempotency_key"),
    ] {
        let refused = desk.ask(method, &token, &path, &[(header, "\"1\"")], &json!({})).await;
        let told = (refusal(&refused).0, refused.json()["field"].clone());
        assert_eq!(told, (422, json!(field)), "{method} {path}: {}", refused.text());
    }
}
