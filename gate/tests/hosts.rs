//! A credential is good where it belongs, and nowhere else.

use crate::stage::{KINDS, Stage, forwarded, reason};
use doorward_core::tenants::{self, TenantChanges};
use doorward_model::{Dialect, DoorSettings, Policy, RegionCode};
use doorward_testkit::House;

#[tokio::test]
async fn a_cookie_is_good_at_its_own_tenants_host_only() {
    let stage = Stage::start().await;
    stage.house.pool("quayside").await;
    let credential = stage.credential("cookie").await;
    assert_eq!(reason(&stage.ask_at(&credential, "HARBOUR.crm.example:443", "/x").await), (200, "-"));
    assert_eq!(reason(&stage.ask_at(&credential, "quayside.crm.example", "/x").await), (401, "wrong_host"));
}

#[tokio::test]
async fn a_cookie_is_not_used_for_a_page_of_somebody_else() {
    let stage = Stage::with(&["app.example", "doors"]).await;
    let credential = stage.credential("cookie").await;
    let ask = async |method: &str, host: &str, sent: &[(&str, &str)]| {
        let sent = sent.iter().copied().chain([("cookie", credential.headers[0].1.as_str())]);
        let request = forwarded(method, host, "/x");
        stage.send(sent.fold(request, |request, (name, value)| request.header(name, value))).await
    };
    let (home, app) = ("harbour.crm.example", "app.example");
    let other = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
        for host in [home, app] {
            for sent in [&other[..1], &other[1..], &other[..], &[("origin", "null")]] {
                let told = ask(method, host, sent).await;
                assert_eq!(reason(&told), (403, "cross_site"), "{method} {host} {sent:?}");
            }
            // A program, and a page of the host's own.
            for sent in [&[][..], &[("sec-fetch-site", "same-origin")]] {
                assert_eq!(reason(&ask(method, host, sent).await), (200, "-"), "{method} {host} {sent:?}");
            }
        }
        for (host, origin) in [(home, "http://harbour.crm.example"), (app, "https://app.example:8443")] {
            let told = ask(method, host, &[("origin", origin), ("sec-fetch-site", "same-site")]).await;
            assert_eq!(reason(&told), (200, "-"), "{method} {host}");
        }
    }
    assert_eq!(reason(&ask("GET", home, &other).await), (200, "-"), "a link changes nothing");
}

#[tokio::test]
async fn a_page_whose_origin_is_listed_uses_the_cookie() {
    let stage = Stage::start().await;
    let [door, tenant] = ["https://door.example", "https://tenant.example"].map(str::to_owned);
    let settings = DoorSettings { origins: vec![door.clone()], ..DoorSettings::default() };
    stage.house.door_with(Dialect::Salesseek, "{slug}.sales.example", None, settings).await;
    let House { core, caller, operator, .. } = &stage.house;
    let policy = Policy { origins: Some(vec![tenant.clone()]), ..stage.pool.tenant().policy.clone() };
    let changes = TenantChanges { policy: Some(policy), ..TenantChanges::default() };
    tenants::edit(core, caller, operator, &stage.pool, changes).await.unwrap();
    let credential = stage.credential("cookie").await;
    for (origin, wanted) in [(&*door, 200), (&*tenant, 200), ("https://evil.example", 403)] {
        let request = forwarded("POST", "harbour.sales.example", "/x")
            .header("origin", origin)
            .header("cookie", &credential.headers[0].1);
        assert_eq!(stage.send(request).await.status.as_u16(), wanted, "{origin}");
    }
}

#[tokio::test]
async fn sessions_and_keys_are_good_at_their_own_tenants_host_where_hosts_name_tenants() {
    let stage = Stage::start().await;
    stage.house.pool("quayside").await;
    stage.house.door(Dialect::Rubicrm, "{slug}.guilds.example", None).await;
    stage.house.door(Dialect::Bookingbug, "{slug}.books.example", None).await;
    stage.house.door(Dialect::Leadsquared, "{slug}.keyed.example", None).await;
    for (kind, base) in
        [("session", "guilds.example"), ("auth_token", "books.example"), ("access_key", "keyed.example")]
    {
        let credential = stage.credential(kind).await;
        for (slug, wanted) in [("harbour", (200, "-")), ("quayside", (401, "wrong_host"))] {
            let told = stage.ask_at(&credential, &format!("{slug}.{base}"), "/x").await;
            assert_eq!(reason(&told), wanted, "{kind} at {slug}'s");
        }
        let told = stage.ask_at(&credential, base, "/x").await;
        assert_eq!(reason(&told), (200, "-"), "{kind} where the host names nobody");
    }
}

#[tokio::test]
async fn no_credential_is_good_at_another_dialects_door() {
    let hosts = ["harbour.crm.example", "book.example", "guild.example", "api.keys.example"];
    let stage = Stage::start().await;
    for (kind, home) in KINDS.into_iter().zip(hosts) {
        let credential = stage.credential(kind).await;
        for host in hosts {
            let wanted = if host == home { (200, "-") } else { (401, "wrong_host") };
            assert_eq!(reason(&stage.ask_at(&credential, host, "/x").await), wanted, "{kind} at {host}");
        }
    }
}

#[tokio::test]
async fn a_program_carries_only_tokens_it_reaches() {
    let stage = Stage::start().await;
    let mut credential = stage.credential("auth_token").await;
    credential.headers.retain(|(name, _)| *name != "app-id");
    assert_eq!(reason(&stage.ask(&credential).await), (401, "invalid"), "without a program");
    credential.headers.push(("app-id", "till9999".to_owned()));
    assert_eq!(reason(&stage.ask(&credential).await), (401, "invalid"), "with an unknown one");
}

#[tokio::test]
async fn a_key_of_another_region_is_sent_home() {
    let stage = Stage::start().await;
    let House { core, caller, operator, .. } = &stage.house;
    let credential = stage.credential("access_key").await;
    assert_eq!(reason(&stage.ask(&credential).await), (200, "-"));
    let changes = TenantChanges { region: RegionCode::parse("us11"), ..TenantChanges::default() };
    tenants::edit(core, caller, operator, &stage.pool, changes).await.unwrap();
    stage.door_in_region("api-sg.keys.example", "sg").await;
    let told = stage.ask_at(&credential, "api-sg.keys.example", "/x").await;
    assert_eq!(reason(&told), (401, "region"));
    assert!(told.header("x-doorward-home").is_some());
}
