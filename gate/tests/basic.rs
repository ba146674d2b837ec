//! Name and password with the request: a sign-in in all but the session, and counted as one.

use crate::stage::{ADA, Stage, forwarded, reason};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_core::{Caller, Error, passwords, people, sessions};
use doorward_model::{Kind, Role, Secret, SessionScheme, Verified};
use doorward_testkit::{Answer, House, PASSWORD};
use serde_json::Value;
use std::time::Duration;

const HOST: &str = "harbour.crm.example";
const GUILD: &str = "guild.example";
/// Failures that cost nothing yet (P7).
const FREE: usize = 5;

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

async fn ask(stage: &Stage, host: &str, name: &str, password: &str) -> Answer {
    let asked = forwarded("GET", host, "/api/people").header("authorization", &basic(name, password));
    stage.send(asked).await
}

/// Signs in at the tenant's door, from somewhere else than [`ask`].
async fn sign_in(stage: &Stage, password: &str) -> Result<(), Error> {
    let House { core, .. } = &stage.house;
    let door = core.doors().resolve(HOST).unwrap().door.id;
    let caller =
        Caller { door: Some(door), address: "198.51.100.9".parse().unwrap(), ..Caller::local("test") };
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant {
            pool: stage.pool.pool(),
            tenant: stage.pool.tenant().id,
            kinds: &[Kind::User, Kind::Administrator],
        },
        email: ADA.to_owned(),
        password: Secret::new(password),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    sign_in::with_password(core, &caller, attempt).await.map(|_| ())
}

#[tokio::test]
async fn it_is_off_unless_the_operator_turns_it_on() {
    let stage = Stage::start().await;
    assert_eq!(reason(&ask(&stage, HOST, ADA, PASSWORD).await), (401, "none"));
}

#[tokio::test]
async fn name_and_password_stand_for_their_person_and_open_no_session() {
    let stage = Stage::with_basic().await;
    for host in [HOST, GUILD] {
        let told = ask(&stage, host, "ADA@harbour.example", PASSWORD).await;
        assert_eq!(reason(&told), (200, "-"), "{host}");
        assert_eq!(told.header("remote-user"), Some(ADA));
        assert_eq!(told.header("x-doorward-roles"), Some("administrator:admin"));
        assert!(told.header("x-doorward-door").is_some_and(|door| !door.is_empty()));
        assert_eq!(told.header("x-doorward-session"), Some(""));
    }
    let House { core, operator, .. } = &stage.house;
    let whose = sessions::Whose::Of { actor: operator, branch: &stage.pool, person: stage.ada.id };
    assert!(sessions::list(core, whose).await.unwrap().is_empty());
}

/// One person at two doors within the life of an assertion.
#[tokio::test]
async fn what_was_said_at_one_door_is_not_said_at_another() {
    let stage = Stage::with_basic().await;
    for host in [HOST, GUILD, HOST] {
        let told = ask(&stage, host, ADA, PASSWORD).await;
        let assertion = told.header("x-doorward-assertion").unwrap();
        let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["door"].as_str(), told.header("x-doorward-door"), "{host}");
    }
}

#[tokio::test]
async fn everything_wrong_is_one_answer() {
    let stage = Stage::with_basic().await;
    let bare = |value: &str| forwarded("GET", HOST, "/x").header("authorization", value);
    for (name, password) in [(ADA, "wrong"), ("nobody@harbour.example", PASSWORD), ("", ""), (ADA, "")] {
        assert_eq!(reason(&ask(&stage, HOST, name, password).await), (401, "invalid"), "{name}");
    }
    for broken in ["Basic", "Basic *", "Basic YWRh"] {
        assert_eq!(reason(&stage.send(bare(broken)).await), (401, "invalid"), "{broken}");
    }
    assert_eq!(reason(&ask(&stage, "nowhere.crm.example", ADA, PASSWORD).await), (401, "invalid"));
}

#[tokio::test]
async fn it_is_good_where_a_door_names_a_tenant_and_knows_passwords() {
    let stage = Stage::with_basic().await;
    stage.house.pool("quayside").await;
    for (host, wanted) in [
        ("quayside.crm.example", (401, "invalid")),
        ("crm.example", (401, "wrong_host")),
        ("book.example", (401, "wrong_host")),
        ("api.keys.example", (401, "wrong_host")),
        ("app.example", (401, "wrong_host")),
    ] {
        assert_eq!(reason(&ask(&stage, host, ADA, PASSWORD).await), wanted, "{host}");
    }
}

#[tokio::test]
async fn a_401_names_basic_where_it_is_taken_and_nowhere_else() {
    const BEARER: &str = r#"Bearer realm="doorward""#;
    const BOTH: &str = r#"Bearer realm="doorward", Basic realm="doorward", charset="UTF-8""#;
    let (on, off) = (Stage::with_basic().await, Stage::start().await);
    for (stage, host, wanted) in [
        (&on, HOST, BOTH),
        (&on, "nowhere.crm.example", BOTH),
        (&on, GUILD, BOTH),
        (&on, "crm.example", BEARER),
        (&on, "book.example", BEARER),
        (&on, "api.keys.example", BEARER),
        (&on, "app.example", BEARER),
        (&off, HOST, BEARER),
        (&off, GUILD, BEARER),
    ] {
        let told = stage.send(forwarded("GET", host, "/x")).await;
        assert_eq!(reason(&told), (401, "none"), "{host}");
        assert_eq!(told.header("www-authenticate"), Some(wanted), "{host}");
    }
    assert_eq!(ask(&on, HOST, ADA, "wrong").await.header("www-authenticate"), Some(BOTH));
}

#[tokio::test]
async fn guesses_through_verify_lock_the_door() {
    let stage = Stage::with_basic().await;
    for _ in 0..FREE {
        assert_eq!(reason(&ask(&stage, HOST, ADA, "wrong").await), (401, "invalid"));
    }
    let told = ask(&stage, HOST, ADA, PASSWORD).await;
    assert_eq!(reason(&told), (429, "rate"));
    assert!(told.header("retry-after").is_some());
    assert!(matches!(sign_in(&stage, PASSWORD).await, Err(Error::Throttled { .. })));
    stage.house.clock.advance(Duration::from_secs(2));
    assert_eq!(reason(&ask(&stage, HOST, ADA, PASSWORD).await), (200, "-"));
}

#[tokio::test]
async fn guesses_at_the_door_lock_verify() {
    let stage = Stage::with_basic().await;
    for _ in 0..FREE {
        assert!(matches!(sign_in(&stage, "wrong").await, Err(Error::WrongCredentials)));
    }
    assert_eq!(reason(&ask(&stage, HOST, ADA, PASSWORD).await), (429, "rate"));
    let nginx = doorward_testkit::Request::get("doorward.internal", "/verify/auth-request")
        .header("x-original-method", "GET")
        .header("x-original-url", &format!("https://{HOST}/x"))
        .header("authorization", &basic(ADA, PASSWORD));
    assert_eq!(reason(&stage.send(nginx).await), (403, "rate"), "nginx knows no 429");
}

#[tokio::test]
async fn nothing_is_remembered_of_a_password() {
    let stage = Stage::with_basic().await;
    let House { core, caller, operator, .. } = &stage.house;
    assert_eq!(reason(&ask(&stage, HOST, ADA, PASSWORD).await), (200, "-"));
    let new = Secret::new("quite-another-otter-0815");
    passwords::set(core, caller, operator, &stage.pool, stage.ada.id, new, false).await.unwrap();
    assert_eq!(reason(&ask(&stage, HOST, ADA, PASSWORD).await), (401, "invalid"));
    assert_eq!(reason(&ask(&stage, HOST, ADA, "quite-another-otter-0815").await), (200, "-"));
    let edit = people::Edit { password_reset_required: Some(true), ..people::Edit::default() };
    people::edit(core, caller, operator, &stage.pool, stage.ada.id, edit).await.unwrap();
    let told = ask(&stage, HOST, ADA, "quite-another-otter-0815").await;
    assert_eq!(reason(&told), (403, "password_reset_required"));
    people::disable(core, caller, operator, &stage.pool, stage.ada.id).await.unwrap();
    assert_eq!(reason(&ask(&stage, HOST, ADA, "quite-another-otter-0815").await), (401, "invalid"));
}

#[tokio::test]
async fn who_gets_no_session_at_a_door_is_nobody_there() {
    let stage = Stage::with_basic().await;
    let email = "new@harbour.example";
    stage
        .house
        .person_with(&stage.pool, email, Kind::User, Role::User, |new| new.verified = Verified::No)
        .await;
    assert_eq!(reason(&ask(&stage, GUILD, email, PASSWORD).await), (401, "invalid"), "not verified yet");
    assert_eq!(reason(&ask(&stage, HOST, email, PASSWORD).await), (200, "-"), "this door does not ask");
}

#[tokio::test]
async fn a_cookie_of_the_same_person_agrees_and_anothers_does_not() {
    let stage = Stage::with_basic().await;
    let cookie = stage.credential("cookie").await;
    let both = |name: &str| {
        let asked = forwarded("GET", HOST, "/x").header("cookie", &cookie.headers[0].1);
        asked.header("authorization", &basic(name, PASSWORD))
    };
    assert_eq!(reason(&stage.send(both(ADA)).await), (200, "-"));
    assert_eq!(reason(&stage.send(both("olga@harbour.example")).await), (401, "ambiguous"));
}
