//! Open sessions: who sees and ends whose.

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in, signed_in_with};
use doorward_core::memberships::{self, NewMembership};
use doorward_core::sessions::{self, Whose};
use doorward_core::sign_in::{SessionWish, Wanted};
use doorward_core::verify::{self, Reason};
use doorward_core::{Error, tenants};
use doorward_model::{EventKind, Kind, Policy, Role, Secret, SessionScheme};
use doorward_store::events;
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;

#[tokio::test]
async fn people_see_and_end_their_own() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let here = sign_in(&house, &pool, "ada@harbour.example").await;
    let there = sign_in(&house, &pool, "ada@harbour.example").await;
    let own = Whose::Own(&here);
    assert_eq!(sessions::list(&house.core, own).await.unwrap().len(), 2);
    let other = there.session().unwrap().id;
    sessions::end(&house.core, &house.caller, own, other).await.unwrap();
    assert!(is_not_found(sessions::end(&house.core, &house.caller, own, other).await));
    sign_in(&house, &pool, "ada@harbour.example").await;
    let keep = here.session().map(|session| session.id);
    assert_eq!(sessions::end_all(&house.core, &house.caller, own, keep).await.unwrap(), 1);
    let left = sessions::list(&house.core, own).await.unwrap();
    assert_eq!(left.iter().map(|session| Some(session.id)).collect::<Vec<_>>(), [keep]);
}

#[tokio::test]
async fn the_oldest_session_gives_way_to_one_too_many() {
    let house = House::start().await;
    let policy = Policy { sessions_per_person: Some(2), ..Policy::default() };
    let pool = house.tenant("harbour", None, None, policy).await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let mut opened = Vec::new();
    for _ in 0..3 {
        let identity = sign_in(&house, &pool, "ada@harbour.example").await;
        opened.push(identity.session().unwrap().id);
        house.clock.advance(Duration::from_secs(1));
    }
    let latest = sign_in(&house, &pool, "ada@harbour.example").await;
    let held = sessions::list(&house.core, Whose::Own(&latest)).await.unwrap();
    let held: Vec<_> = held.iter().map(|session| session.id).collect();
    assert_eq!(held, [opened[2], latest.session().unwrap().id]);
}

#[tokio::test]
async fn administrators_end_what_is_open_at_their_tenant_and_below_but_no_stronger_persons() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let ada = house.person(&spa, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let place = NewMembership { person: ada.id, kind: Kind::Administrator, role: Role::User, standing: None };
    memberships::give(&house.core, &house.caller, &house.operator, &gym, place).await.unwrap();
    let at_spa = sign_in(&house, &spa, "ada@harbour.example").await;
    sign_in(&house, &gym, "ada@harbour.example").await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let of = |branch, person| Whose::Of { actor: &admin, branch, person };
    assert_eq!(sessions::list(&house.core, of(&spa, ada.id)).await.unwrap().len(), 1);
    assert!(is_not_allowed(sessions::list(&house.core, of(&gym, ada.id)).await));
    assert_eq!(sessions::end_all(&house.core, &house.caller, of(&spa, ada.id), None).await.unwrap(), 1);
    assert_eq!(sessions::list(&house.core, Whose::Own(&at_spa)).await.unwrap().len(), 1);
    let boss = house.person(&spa, "boss@harbour.example", Kind::Administrator, Role::Owner).await;
    sign_in(&house, &spa, "boss@harbour.example").await;
    assert!(is_not_allowed(sessions::end_all(&house.core, &house.caller, of(&spa, boss.id), None).await));
    let stranger = house.person(&gym, "gus@harbour.example", Kind::Administrator, Role::User).await;
    assert!(is_not_found(sessions::list(&house.core, of(&spa, stranger.id)).await));
}

#[tokio::test]
async fn a_session_switches_only_to_where_its_person_has_a_place() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let other = house.pool("quayside").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::Admin).await;
    house.person(&spa, "bob@harbour.example", Kind::Administrator, Role::Admin).await;
    let kinds = &[Kind::Administrator];
    let ada = sign_in(&house, &spa, "ada@harbour.example").await;
    let moved = sessions::switch_tenant(&house.core, &house.caller, &ada, &gym, kinds).await.unwrap();
    assert_eq!(moved.tenant(), gym.tenant().id);
    let bob = sign_in(&house, &spa, "bob@harbour.example").await;
    for to in [&gym, &pool] {
        assert!(is_not_allowed(sessions::switch_tenant(&house.core, &house.caller, &bob, to, kinds).await));
    }
    assert!(is_not_found(sessions::switch_tenant(&house.core, &house.caller, &bob, &other, kinds).await));
    assert!(is_not_allowed(
        sessions::switch_tenant(&house.core, &house.caller, &bob, &spa, &[Kind::Member]).await
    ));
}

#[tokio::test]
async fn a_session_that_ended_with_its_tenant_does_not_live_on_in_another() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::Admin).await;
    let ada = sign_in(&house, &spa, "ada@harbour.example").await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    tenants::suspend(core, caller, operator, &spa).await.unwrap();
    tenants::resume(core, caller, operator, &spa).await.unwrap();
    let switched = sessions::switch_tenant(core, caller, &ada, &gym, &[Kind::Administrator]).await;
    assert!(matches!(switched, Err(Error::NotSignedIn)));
}

#[tokio::test]
async fn an_expiry_that_was_seen_is_written_down() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let done = signed_in_with(&house, &house.caller, &pool, "ada@harbour.example", PASSWORD).await.unwrap();
    let (scheme, id) = done.identity.session().map(|session| (session.scheme, session.id)).unwrap();
    let token = done.token.unwrap();
    house.clock.advance(std::time::Duration::from_secs(31 * 24 * 60 * 60));
    let verified = doorward_core::verify::session(&house.core, scheme, &token).await;
    assert!(matches!(verified, Err(Error::NotSignedIn)));
    let row =
        house.core.db().read(pool.pool(), move |tx| doorward_store::sessions::find(tx, id)).await.unwrap();
    assert!(row.is_none(), "a clock that jumps back finds nothing to revive");
}

#[tokio::test]
async fn a_password_with_a_request_is_a_sign_in_without_a_session() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let ada = house.person(&pool, "ada@harbour.example", Kind::Administrator, Role::User).await;
    let wanted =
        || Wanted::Tenant { pool: pool.pool(), tenant: pool.tenant().id, kinds: &[Kind::Administrator] };
    let opens = SessionWish::Open(SessionScheme::Cookie);
    let ask = async |password| {
        let (core, caller) = (&house.core, &house.caller);
        verify::by_password(core, caller, wanted(), opens, "ada@harbour.example", Secret::new(password)).await
    };
    let who = ask(PASSWORD).await.unwrap();
    assert_eq!((who.person(), who.session(), who.method()), (Some(ada.id), None, verify::Method::Basic));
    assert_eq!(ask("wrong").await.unwrap_err(), Reason::Invalid);
    let of = Whose::Of { actor: &house.operator, branch: &pool, person: ada.id };
    assert_eq!(sessions::list(&house.core, of).await.unwrap(), []);
    let told =
        house.core.db().read(pool.pool(), move |tx| events::list_by_person(tx, ada.id, 10)).await.unwrap();
    let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
    assert!(kinds.contains(&EventKind::SignedIn) && kinds.contains(&EventKind::SignInRefused), "{kinds:?}");
    assert!(told.iter().all(|event| event.session.is_none()));
}

#[tokio::test]
async fn administrators_see_who_is_signed_in_at_their_tenant_and_below_but_no_stronger_persons() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let sauna = house.child("sauna", &spa).await;
    let mut ids = Vec::new();
    for (n, at) in [&sauna, &gym, &spa, &sauna].into_iter().enumerate() {
        house.clock.advance(Duration::from_secs(1));
        let email = format!("p{n}@harbour.example");
        house.person(at, &email, Kind::Administrator, Role::User).await;
        ids.push(sign_in(&house, at, &email).await.session().unwrap().id);
    }
    house.clock.advance(Duration::from_secs(1));
    let owner = actor(&house, &spa, Role::Owner).await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let all = async |by: &doorward_core::Actor, at: &doorward_core::Branch| {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = sessions::list_at(&house.core, by, at, before, 1).await.unwrap();
            found.extend(page.items.into_iter().map(|open| open.session.id));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    };
    let whole = all(&house.operator, &pool).await;
    assert_eq!(whole.len(), 6);
    assert!(whole.is_sorted_by(|one, other| one > other), "newest first");
    assert_eq!(all(&owner, &spa).await.len(), 5);
    let seen = all(&admin, &spa).await;
    assert_eq!(seen.len(), 4, "not the owner's");
    assert!(!seen.contains(ids.get(1).unwrap()), "not the neighbour's");
    assert!(is_not_allowed(sessions::list_at(&house.core, &admin, &gym, None, 9).await));
    assert!(is_not_allowed(sessions::list_at(&house.core, &admin, &pool, None, 9).await));
    // What ended is no longer open, however it ended.
    tenants::suspend(&house.core, &house.caller, &house.operator, &sauna).await.unwrap();
    assert_eq!(all(&admin, &spa).await.len(), 2);
    house.clock.advance(Duration::from_secs(60 * 60 * 24 * 40));
    assert_eq!(all(&house.operator, &pool).await, []);
}
