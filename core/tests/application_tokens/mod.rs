//! Bearer tokens of applications: who may handle them, what they may be told, and what is left behind of it.

use crate::tree::{actor, is_not_allowed, is_not_found};
use doorward_core::application_tokens::{
    self, IssuedToken, NewToken, SCOPES_PER_TOKEN, TOKENS_PER_APPLICATION, TokenState,
};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::verify::{self, Reason};
use doorward_core::{Actor, Branch, Error, Result};
use doorward_model::{Application, Audience, EventKind, Role, Secret};
use doorward_store::{Invalidation, Statement, Statements as _, sql};
use doorward_testkit::House;
use std::sync::{Arc, Mutex};
use std::time::Duration;

async fn program(house: &House, at: &Branch, trusted_server: bool) -> Application {
    let new = NewApplication {
        name: "Partner".to_owned(),
        app_id: None,
        key: NewKey::None,
        trusted_server,
        origins: Vec::new(),
    };
    applications::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap().application
}

fn new() -> NewToken {
    NewToken {
        label: "Nightly export".to_owned(),
        scopes: Vec::new(),
        audience: Audience::Any,
        expires_at: None,
    }
}

async fn create(house: &House, actor: &Actor, of: &Application, new: NewToken) -> Result<IssuedToken> {
    application_tokens::create(&house.core, &house.caller, actor, (of.pool, of.id), new).await
}

const TRAIL: Statement = sql(
    "SELECT kind, detail, actor FROM events WHERE application = $1 AND kind LIKE 'token%' ORDER BY at, id",
);

async fn states(house: &House, of: &Application) -> Vec<TokenState> {
    let listed = application_tokens::list(&house.core, &house.operator, of.pool, of.id).await.unwrap();
    listed.iter().map(|listed| listed.state).collect()
}

#[tokio::test]
async fn administrators_handle_the_tokens_of_their_own_programs_and_nobody_elses() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let spa = house.child("spa", &here).await;
    let (ours, below, theirs) = (
        program(&house, &here, false).await,
        program(&house, &spa, false).await,
        program(&house, &there, false).await,
    );
    let (admin, user) = (actor(&house, &here, Role::Admin).await, actor(&house, &here, Role::User).await);
    let spas = actor(&house, &spa, Role::Admin).await;
    assert!(create(&house, &admin, &ours, new()).await.is_ok());
    assert!(create(&house, &admin, &below, new()).await.is_ok());
    assert!(create(&house, &spas, &below, new()).await.is_ok());
    assert!(is_not_allowed(create(&house, &spas, &ours, new()).await));
    assert!(is_not_allowed(create(&house, &user, &ours, new()).await));
    assert!(is_not_found(create(&house, &admin, &theirs, new()).await));
    let core = &house.core;
    assert!(is_not_allowed(application_tokens::list(core, &user, ours.pool, ours.id).await));
    assert!(is_not_found(application_tokens::list(core, &admin, theirs.pool, theirs.id).await));
    let made = create(&house, &house.operator, &ours, new()).await.unwrap().token.id;
    let revoke = |actor, of: &Application| {
        application_tokens::revoke(core, &house.caller, actor, (of.pool, of.id), made)
    };
    assert!(is_not_allowed(revoke(&user, &ours).await));
    assert!(is_not_found(revoke(&admin, &below).await), "it is not that program's");
    assert!(revoke(&admin, &ours).await.is_ok());
}

#[tokio::test]
async fn a_trusted_servers_token_is_an_owners_and_the_verify_scope_an_operators_to_give() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (plain, trusted) = (program(&house, &here, false).await, program(&house, &here, true).await);
    let (admin, owner) = (actor(&house, &here, Role::Admin).await, actor(&house, &here, Role::Owner).await);
    assert!(is_not_allowed(create(&house, &admin, &trusted, new()).await));
    assert!(create(&house, &owner, &trusted, new()).await.is_ok());
    let asking = || NewToken { scopes: vec!["verify".to_owned()], ..new() };
    assert!(is_not_allowed(create(&house, &owner, &plain, asking()).await));
    assert!(create(&house, &house.operator, &plain, asking()).await.is_ok());
}

#[tokio::test]
async fn labels_scopes_and_ends_have_limits() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let of = program(&house, &here, false).await;
    let many = (0..=SCOPES_PER_TOKEN).map(|n| format!("s{n}")).collect();
    for wrong in [
        NewToken { label: " ".to_owned(), ..new() },
        NewToken { label: "x".repeat(101), ..new() },
        NewToken { scopes: vec!["two words".to_owned()], ..new() },
        NewToken { scopes: vec![String::new()], ..new() },
        NewToken { scopes: many, ..new() },
        NewToken { expires_at: Some(house.clock.now()), ..new() },
    ] {
        let refused = create(&house, &house.operator, &of, wrong.clone()).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{wrong:?}");
    }
    assert_eq!(states(&house, &of).await, []);
}

#[tokio::test]
async fn a_program_has_so_many_good_tokens_and_as_many_ended_ones_are_kept() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let of = program(&house, &here, false).await;
    let short = || NewToken { expires_at: Some(house.clock.now().plus(Duration::from_secs(60))), ..new() };
    for _ in 0..TOKENS_PER_APPLICATION {
        create(&house, &house.operator, &of, short()).await.unwrap();
    }
    let full = create(&house, &house.operator, &of, short()).await;
    assert!(matches!(full, Err(Error::Conflict { .. })));
    house.clock.advance(Duration::from_secs(60));
    let last = create(&house, &house.operator, &of, new()).await.unwrap().token;
    let one_more = create(&house, &house.operator, &of, short()).await.unwrap().token;
    house.clock.advance(Duration::from_secs(60));
    create(&house, &house.operator, &of, new()).await.unwrap();
    let (core, operator) = (&house.core, &house.operator);
    let kept = application_tokens::list(core, operator, of.pool, of.id).await.unwrap();
    let ended = kept.iter().filter(|listed| listed.state == TokenState::Expired).count();
    assert_eq!((kept.len(), ended), (TOKENS_PER_APPLICATION + 2, TOKENS_PER_APPLICATION));
    for id in [last.id, one_more.id] {
        assert!(kept.iter().any(|listed| listed.token.id == id), "the latest stay");
    }
}

#[tokio::test]
async fn a_token_is_shown_once_and_known_by_its_hash() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let of = program(&house, &here, false).await;
    let issued = create(&house, &house.operator, &of, new()).await.unwrap();
    let text = issued.secret.expose().to_owned();
    let who = verify::by_token(&house.core, None, &issued.secret, None).await.unwrap();
    assert_eq!((who.person(), who.application().map(|known| known.id)), (None, Some(of.id)));
    let stranger = Secret::new(format!("{text}0"));
    assert_eq!(verify::by_token(&house.core, None, &stranger, None).await.unwrap_err(), Reason::Invalid);
    let stored = house.core.db().read(of.pool, |tx| {
        tx.rows(&sql("SELECT token_hash FROM application_tokens"), &[], |row| row.get::<Vec<u8>>(0))
    });
    let stored = stored.await.unwrap();
    assert!(stored.len() == 1 && stored[0].len() == 32 && stored[0] != text.as_bytes());
}

#[tokio::test]
async fn both_ends_of_a_token_are_events_without_it_and_caches_are_told() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let of = program(&house, &here, false).await;
    let admin = actor(&house, &here, Role::Admin).await;
    let issued = create(&house, &admin, &of, new()).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    house.core.db().set_on_commit(Arc::new(move |stale| heard.lock().unwrap().extend_from_slice(stale)));
    house.clock.advance(Duration::from_secs(1));
    let id = issued.token.id;
    for _ in 0..2 {
        let (core, caller) = (&house.core, &house.caller);
        let revoked = application_tokens::revoke(core, caller, &admin, (of.pool, of.id), id).await.unwrap();
        assert_eq!(revoked.revoked_at, Some(house.clock.now()), "once and for all");
    }
    assert!(told.lock().unwrap().contains(&Invalidation::Token { pool: of.pool, token: id }));
    let log = house.core.db().read(of.pool, |tx| {
        tx.rows(&sql("SELECT kind FROM revocations WHERE kind = 'token'"), &[], |row| row.get::<String>(0))
    });
    assert_eq!(log.await.unwrap(), ["token", "token"], "when it was made, and when it ended");
    let trail = house.core.db().read(of.pool, move |tx| {
        tx.rows(&TRAIL, &[&of.id], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
        })
    });
    let trail = trail.await.unwrap();
    let kinds: Vec<_> = trail.iter().map(|(kind, ..)| EventKind::parse(kind).unwrap()).collect();
    assert_eq!(kinds, [EventKind::TokenCreated, EventKind::TokenRevoked]);
    for (_, detail, by) in &trail {
        assert_eq!(detail, &format!("Nightly export ({id})"));
        assert!(by.starts_with("person "), "{by}");
    }
    assert_eq!(states(&house, &of).await, [TokenState::Revoked]);
}
