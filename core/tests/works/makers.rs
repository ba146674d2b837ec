//! Whoever began a work is asked for their rights again with each batch, whoever they are.

use super::{begin, crowd, export, figures, now, plainly, refused, rewrite, sheet, to_the_end};
use crate::browser::first;
use crate::tree::{actor, is_not_allowed, is_not_found};
use doorward_core::application_tokens::{self, NewToken};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::browser::{self, Visitor};
use doorward_core::manage::{self, Scope};
use doorward_core::{Actor, Branch, Error, memberships, operators, passwords, people, tenants, works};
use doorward_model::{Audience, Email, Kind, Role, Secret, Work, WorkState};
use doorward_testkit::{House, PASSWORD};

/// Begins an import of several batches and lets one be done.
async fn half_way(house: &House, by: &Actor, branch: &Branch) -> Work {
    let work = begin(house, by, branch, plainly(crowd(75))).await.unwrap();
    works::go_on(&house.core).await.unwrap();
    let it = now(house, branch, &work).await;
    assert!(it.state == WorkState::Running && it.done > 0, "{it:?}");
    it
}

async fn assert_stopped(house: &House, branch: &Branch, work: &Work) {
    assert_stopped_as(house, branch, work, "may not do it any more").await;
}

async fn assert_stopped_as(house: &House, branch: &Branch, work: &Work, why: &str) {
    let ended = to_the_end(house, branch, work).await;
    assert_eq!(figures(&ended), (WorkState::Stopped, work.done, 0));
    assert!(ended.reason.as_deref().is_some_and(|reason| reason.contains(why)), "{:?}", ended.reason);
}

const NEW: &str = "another-heron-0815";

/// Has an operator set somebody's password.
async fn set_password(house: &House, at: &Branch, who: &Actor) {
    let Actor::Person(who) = who else { unreachable!() };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    passwords::set(core, caller, operator, at, who.person.id, Secret::new(NEW), false).await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_what_goes_on_in_somebodys_name() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let work = half_way(&house, &admin, &here).await;
    set_password(&house, &here, &admin).await;
    assert_stopped_as(&house, &here, &work, "password of whoever began it was changed").await;
}

#[tokio::test]
async fn a_file_that_was_made_before_a_new_password_is_taken_by_nobody() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let work = export(&house, &admin, &here, works::Export::People).await.unwrap();
    to_the_end(&house, &here, &work).await;
    let rows = || works::rows(&house.core, &house.operator, &here, work.id, None);
    assert_eq!(rows().await.unwrap().items.len(), 1);
    set_password(&house, &here, &admin).await;
    let refused = rows().await;
    assert!(matches!(&refused, Err(Error::Conflict { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_operators_new_password_ends_what_they_began_in_a_browser() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let ada = first(&house).await;
    let (core, caller) = (&house.core, &house.caller);
    let (signed_in, _) =
        browser::operator(core, caller, ada.email.as_written(), Secret::new(PASSWORD)).await.unwrap();
    let work = half_way(&house, &Actor::Console(signed_in.clone()), &here).await;
    let others = begin(&house, &house.operator, &there, plainly(crowd(1))).await.unwrap();
    operators::change_password(core, caller, &signed_in, &Secret::new(NEW)).await.unwrap();
    assert_stopped_as(&house, &here, &work, "password of whoever began it was changed").await;
    assert_eq!(to_the_end(&house, &there, &others).await.state, WorkState::Done);
}

#[tokio::test]
async fn a_kind_that_is_not_known_here_is_not_every_kind() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let work = half_way(&house, &admin, &here).await;
    let maker = work.maker.replace("administrator", "emperor");
    assert_ne!(maker, work.maker);
    rewrite(&house, Work { maker, ..work.clone() }).await;
    assert_stopped_as(&house, &here, &work, "cannot be read by this version").await;
}

#[tokio::test]
async fn an_administrator_who_lost_their_place_does_no_more() {
    let house = House::start().await;
    let here = house.pool("here").await;
    house.person(&here, "first@here.example", Kind::Administrator, Role::Owner).await;
    let admin = actor(&house, &here, Role::Admin).await;
    let work = half_way(&house, &admin, &here).await;
    let Actor::Person(who) = &admin else { unreachable!() };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    memberships::take(core, caller, operator, &here, who.person.id, Kind::Administrator).await.unwrap();
    assert_stopped(&house, &here, &work).await;
}

#[tokio::test]
async fn an_administrator_who_was_disabled_does_no_more_and_one_who_signed_out_does() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let Actor::Person(who) = &admin else { unreachable!() };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let work = half_way(&house, &admin, &here).await;
    doorward_core::sign_out::sign_out(core, caller, who).await.unwrap();
    works::go_on(core).await.unwrap();
    let further = now(&house, &here, &work).await;
    assert!(further.done > work.done && further.state == WorkState::Running, "{further:?}");
    people::disable(core, caller, operator, &here, who.person.id).await.unwrap();
    assert_stopped(&house, &here, &further).await;
}

#[tokio::test]
async fn nobody_makes_somebody_stronger_than_themselves_by_a_file() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let file = sheet(&["email", "role"], &[&["o@here.example", "owner"], &["a@here.example", "admin"]]);
    let work = begin(&house, &admin, &here, plainly(file)).await.unwrap();
    assert_eq!(figures(&to_the_end(&house, &here, &work).await), (WorkState::Done, 1, 1));
    assert_eq!(refused(&house, &here, &work).await[0].1, "role: you may not make somebody with it");
}

#[tokio::test]
async fn an_operator_who_was_taken_away_does_no_more() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let ada = first(&house).await;
    let (core, caller) = (&house.core, &house.caller);
    let (signed_in, _) =
        browser::operator(core, caller, ada.email.as_written(), Secret::new(PASSWORD)).await.unwrap();
    let visitor = Visitor::Operator(signed_in);
    let work = half_way(&house, &visitor.actor(), &here).await;
    browser::sign_out(core, caller, &visitor).await.unwrap();
    works::go_on(core).await.unwrap();
    let further = now(&house, &here, &work).await;
    assert!(further.done > work.done, "a session may end: {further:?}");
    operators::remove(core, caller, &house.operator, ada.id).await.unwrap();
    assert_stopped(&house, &here, &further).await;
}

/// A program's token, and on whose behalf its bearer acts.
async fn program(
    house: &House,
    at: &Branch,
    scopes: &[&str],
    acts: Scope,
) -> (application_tokens::IssuedToken, Actor) {
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let new = NewApplication {
        name: "Partner".to_owned(),
        app_id: None,
        key: NewKey::None,
        trusted_server: false,
        origins: Vec::new(),
    };
    let made = applications::create(core, caller, operator, at, new).await.unwrap();
    let new = NewToken {
        label: "sync".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        audience: Audience::parse("manage").unwrap(),
        expires_at: None,
    };
    let issued = application_tokens::create(core, caller, operator, (at.pool(), made.application.id), new)
        .await
        .unwrap();
    let bearer = manage::admit(core, caller, &issued.secret).await.unwrap();
    (issued, bearer.acting(acts).unwrap().clone())
}

#[tokio::test]
async fn a_program_whose_token_was_revoked_does_no_more_and_makes_no_administrators() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (token, actor) = program(&house, &here, &["manage:people:write"], Scope::PeopleWrite).await;
    let file = sheet(&["email", "role"], &[&["a@here.example", "admin"]]);
    let narrow = begin(&house, &actor, &here, plainly(file)).await.unwrap();
    assert_eq!(figures(&to_the_end(&house, &here, &narrow).await), (WorkState::Done, 0, 1));
    let work = half_way(&house, &actor, &here).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let of = (here.pool(), token.token.application);
    application_tokens::revoke(core, caller, operator, of, token.token.id).await.unwrap();
    assert_stopped(&house, &here, &work).await;
}

#[tokio::test]
async fn each_batch_asks_whether_the_token_may_make_people() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let (_, writes) = program(&house, &here, &["manage:people:write"], Scope::PeopleWrite).await;
    let work = half_way(&house, &writes, &here).await;
    let (other, _) = program(&house, &here, &["manage:exports:write"], Scope::ExportsWrite).await;
    let maker = format!("{{\"who\":\"token\",\"id\":\"{}\"}}", other.token.id);
    rewrite(&house, Work { maker, ..work.clone() }).await;
    assert_stopped(&house, &here, &work).await;
}

#[tokio::test]
async fn a_token_that_reads_no_people_makes_no_file_of_them() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let scopes = ["manage:exports:write", "manage:events:read"];
    let (_, actor) = program(&house, &here, &scopes, Scope::ExportsWrite).await;
    let (core, caller) = (&house.core, &house.caller);
    let begun = |export| works::export(core, caller, &actor, &here, export, None);
    assert!(is_not_allowed(begun(works::Export::People).await));
    assert!(begun(works::Export::Events(doorward_core::events::Filter::default())).await.is_ok());
    assert!(is_not_allowed(begin(&house, &actor, &here, plainly(crowd(1))).await));
}

#[tokio::test]
async fn a_work_is_its_tenants_and_nobody_elses() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let below = house.child("below", &here).await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(1))).await.unwrap();
    let (core, caller) = (&house.core, &house.caller);
    let stranger = actor(&house, &there, Role::Owner).await;
    assert!(is_not_found(works::find(core, &stranger, &here, work.id).await));
    assert!(is_not_found(works::find(core, &stranger, &there, work.id).await));
    assert!(is_not_found(works::cancel(core, caller, &stranger, &there, work.id).await));
    let lower = actor(&house, &below, Role::Owner).await;
    assert!(is_not_allowed(works::find(core, &lower, &here, work.id).await));
    assert!(is_not_found(works::find(core, &lower, &below, work.id).await));
    assert!(is_not_allowed(works::list_all(core, &lower, None, 9).await));
    assert!(is_not_allowed(begin(&house, &lower, &here, plainly(crowd(1))).await));
    let user = actor(&house, &here, Role::User).await;
    assert!(is_not_allowed(works::refused(core, &user, &here, work.id, 0, 9).await));
}

#[tokio::test]
async fn a_tenant_that_is_closed_or_gone_gets_nobody() {
    let house = House::start().await;
    let top = house.pool("top").await;
    let here = house.child("here", &top).await;
    let owner = actor(&house, &top, Role::Owner).await;
    let work = half_way(&house, &owner, &here).await;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    tenants::suspend(core, caller, operator, &here).await.unwrap();
    while works::go_on(core).await.unwrap() {}
    let stopped = now(&house, &here, &work).await;
    assert_eq!(stopped.state, WorkState::Stopped);
    let email = Email::parse("person74@crowd.example").unwrap();
    assert!(is_not_found(people::by_email(core, here.pool(), &email).await));
}
