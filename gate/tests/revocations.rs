//! What comes back after it ended, what goes on beside it, and what a use keeps alive. What ends which credential is the
//! table of `endings.rs`.

use crate::stage::{Credential, KINDS, Stage, new_token, reason};
use doorward_core::application_tokens::{self, NewToken};
use doorward_core::{Error, applications, tenants, verify};
use doorward_model::{Policy, Secret, SessionScheme};
use doorward_testkit::House;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn known(stage: &Stage, kind: &'static str) -> Credential {
    let credential = stage.credential(kind).await;
    for _ in 0..2 {
        let answer = stage.ask(&credential).await;
        assert_eq!(reason(&answer), (200, "-"), "{kind}");
    }
    credential
}

#[tokio::test]
async fn a_tenant_that_is_open_again_has_its_keys_and_tokens_and_no_session() {
    for kind in KINDS.into_iter().chain(["token"]) {
        let stage = Stage::start().await;
        let credential = known(&stage, kind).await;
        let House { core, caller, operator, .. } = &stage.house;
        tenants::suspend(core, caller, operator, &stage.pool).await.unwrap();
        let told = stage.ask(&credential).await;
        assert_ne!(told.status.as_u16(), 200, "{kind}");
        tenants::resume(core, caller, operator, &stage.pool).await.unwrap();
        // Sessions ended with the tenant; keys and tokens only rested.
        let after = if matches!(kind, "access_key" | "token") { 200 } else { 401 };
        assert_eq!(stage.ask(&credential).await.status.as_u16(), after, "{kind}");
    }
}

#[tokio::test]
async fn a_program_that_is_enabled_again_carries_what_it_carried() {
    for kind in ["auth_token", "token"] {
        let stage = Stage::start().await;
        let credential = known(&stage, kind).await;
        let House { core, caller, operator, .. } = &stage.house;
        let (pool, id) = (stage.pool.pool(), stage.program.id);
        applications::set_disabled(core, caller, operator, pool, id, true).await.unwrap();
        for _ in 0..2 {
            assert_eq!(reason(&stage.ask(&credential).await), (403, "application_disabled"), "{kind}");
        }
        applications::set_disabled(core, caller, operator, pool, id, false).await.unwrap();
        assert_eq!(reason(&stage.ask(&credential).await), (200, "-"), "{kind}");
    }
}

/// Verify notes uses a moment after it answered; what a door sees meanwhile is the end before that use.
#[tokio::test]
async fn a_session_that_a_door_saw_expire_is_over_whatever_was_noted_since() {
    let stage = Stage::start().await;
    let House { core, caller, operator, clock, .. } = &stage.house;
    let (hour, minute) = (Duration::from_secs(3600), Duration::from_secs(60));
    let policy = Policy { session_idle: Some(hour), ..Policy::default() };
    let changes = tenants::TenantChanges { policy: Some(policy), ..tenants::TenantChanges::default() };
    tenants::edit(core, caller, operator, &stage.pool, changes).await.unwrap();
    let credential = known(&stage, "cookie").await;
    clock.advance(hour - minute);
    assert_eq!(reason(&stage.ask(&credential).await), (200, "-"));
    clock.advance(2 * minute);
    let token = Secret::new(credential.headers[0].1.rsplit('=').next().unwrap());
    let at_the_door = verify::session(core, SessionScheme::Cookie, &token).await;
    assert!(matches!(at_the_door, Err(Error::NotSignedIn)), "{at_the_door:?}");
    assert_eq!(stage.ask(&credential).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_and_the_others_go_on() {
    let stage = Stage::start().await;
    let (revoked, other) = (known(&stage, "token").await, known(&stage, "token").await);
    let House { core, caller, operator, .. } = &stage.house;
    let whose = (stage.pool.pool(), stage.program.id);
    application_tokens::revoke(core, caller, operator, whose, revoked.token.unwrap()).await.unwrap();
    for _ in 0..2 {
        assert_eq!(reason(&stage.ask(&revoked).await), (401, "revoked"));
    }
    assert_eq!(reason(&stage.ask(&other).await), (200, "-"));
}

#[tokio::test]
async fn a_token_ends_at_its_expiry_remembered_or_not() {
    let stage = Stage::start().await;
    let end = Some(stage.house.clock.now().plus(DAY));
    let remembered = stage.token(NewToken { expires_at: end, ..new_token() }).await;
    let fresh = stage.token(NewToken { expires_at: end, ..new_token() }).await;
    stage.house.clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(reason(&stage.ask(&remembered).await), (200, "-"));
    stage.house.clock.advance(Duration::from_secs(1));
    assert_eq!(reason(&stage.ask(&remembered).await), (401, "expired"));
    assert_eq!(reason(&stage.ask(&fresh).await), (401, "expired"));
}

#[tokio::test]
async fn a_programs_new_key_replaces_the_one_before() {
    let stage = Stage::start().await;
    let House { core, caller, operator, .. } = &stage.house;
    let (pool, id) = (stage.pool.pool(), stage.program.id);
    let credential = known(&stage, "auth_token").await;
    let first = applications::rotate_key(core, caller, operator, pool, id, Duration::ZERO).await.unwrap();
    assert_eq!(reason(&stage.ask(&credential).await), (401, "invalid"), "it has a key from now on");
    let mut keyed = credential.clone();
    keyed.headers.push(("app-key", first.expose().to_owned()));
    assert_eq!(reason(&stage.ask(&keyed).await), (200, "-"));
    applications::rotate_key(core, caller, operator, pool, id, Duration::ZERO).await.unwrap();
    assert_eq!(reason(&stage.ask(&keyed).await), (401, "invalid"));
}

#[tokio::test]
async fn time_ends_sessions_and_a_use_keeps_them_alive() {
    let stage = Stage::start().await;
    let credential = known(&stage, "auth_token").await;
    for _ in 0..3 {
        stage.house.clock.advance(DAY - Duration::from_secs(60));
        assert_eq!(reason(&stage.ask(&credential).await), (200, "-"), "24 h slide from the last use");
    }
    stage.house.clock.advance(DAY + DAY / 24);
    for _ in 0..2 {
        assert_eq!(reason(&stage.ask(&credential).await), (401, "expired"));
    }
    stage.house.clock.advance(Duration::from_secs(10));
    assert_eq!(reason(&stage.ask(&credential).await), (401, "invalid"), "and it was written down");
}

/// The door writes its uses down without telling what is remembered here.
#[tokio::test]
async fn a_use_at_a_door_keeps_a_session_alive_for_verify_too() {
    let stage = Stage::start().await;
    let credential = known(&stage, "auth_token").await;
    stage.house.clock.advance(DAY - Duration::from_secs(60));
    let token = credential.headers.iter().find(|(name, _)| *name == "auth-token").unwrap().1.clone();
    let scheme = doorward_model::SessionScheme::AuthToken;
    doorward_core::verify::session(&stage.house.core, scheme, &Secret::new(token)).await.unwrap();
    stage.house.clock.advance(DAY / 2);
    for _ in 0..2 {
        assert_eq!(reason(&stage.ask(&credential).await), (200, "-"));
    }
}

/// A tenant's integration that goes on asking must not use up what its whole office may guess.
#[tokio::test]
async fn a_right_pair_that_is_refused_is_no_guess() {
    let stage = Stage::start().await;
    let pair = known(&stage, "access_key").await;
    let House { core, caller, operator, .. } = &stage.house;
    tenants::suspend(core, caller, operator, &stage.pool).await.unwrap();
    for _ in 0..40 {
        assert_eq!(reason(&stage.ask(&pair).await), (403, "tenant_suspended"));
    }
    tenants::resume(core, caller, operator, &stage.pool).await.unwrap();
    assert_eq!(reason(&stage.ask(&pair).await), (200, "-"));
}

/// A key of the same tenant was asked about first: what it came by must not be taken for how sessions come.
#[tokio::test]
async fn a_session_slides_whoever_else_is_remembered() {
    let stage = Stage::start().await;
    let House { core, caller, operator, .. } = &stage.house;
    let hour = Duration::from_secs(3600);
    let policy = Policy { session_idle: Some(hour), ..Policy::default() };
    let changes = tenants::TenantChanges { policy: Some(policy), ..tenants::TenantChanges::default() };
    tenants::edit(core, caller, operator, &stage.pool, changes).await.unwrap();
    known(&stage, "access_key").await;
    let credential = known(&stage, "cookie").await;
    for _ in 0..3 {
        stage.house.clock.advance(hour * 3 / 4);
        assert_eq!(reason(&stage.ask(&credential).await), (200, "-"));
    }
}

#[tokio::test]
async fn a_use_that_was_noted_is_written_behind() {
    use doorward_core::sessions::{self, Whose};
    let stage = Stage::start().await;
    let credential = known(&stage, "auth_token").await;
    let identity = credential.identity.clone().unwrap();
    let until = || async {
        let held = sessions::list(&stage.house.core, Whose::Own(&identity)).await.unwrap();
        held[0].idle_until
    };
    let before = until().await;
    stage.house.clock.advance(Duration::from_secs(3600));
    assert_eq!(reason(&stage.ask(&credential).await), (200, "-"));
    assert_eq!(until().await, before, "nobody waited for the write");
    doorward_core::verify::flush(&stage.house.core).await.unwrap();
    let gained = until().await.since(before);
    assert!(gained >= Duration::from_secs(3600) && gained <= Duration::from_secs(2 * 3600), "{gained:?}");
}
