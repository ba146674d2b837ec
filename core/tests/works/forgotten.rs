//! What is forgotten of works, and when.

use super::{begin, cancel, check, crowd, export, now, plainly, refused, sheet, sweep, to_the_end};
use crate::tree::actor;
use doorward_core::works::{Export, KEPT, LASTS};
use doorward_core::{Actor, events};
use doorward_model::{EventKind, Role, Work, WorkState};
use doorward_store::{work_parts, work_refusals};
use doorward_testkit::House;

/// Whether anything of people is still kept of it.
async fn has_rows(house: &House, work: &Work) -> bool {
    let id = work.id;
    let read = house.core.db().read(work.pool, move |tx| {
        let part = work_parts::find_from(tx, id, 0)?.is_some();
        Ok(part || !work_refusals::list_after(tx, id, 0, 1)?.is_empty())
    });
    read.await.unwrap()
}

#[tokio::test]
async fn what_was_only_looked_through_is_gone_once_it_is_discarded() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let file = sheet(&["email"], &[&["nobody"], &["a@here.example"]]);
    let work = check(&house, &here, file).await.unwrap();
    assert_eq!(refused(&house, &here, &work).await.len(), 1);
    let ended = cancel(&house, &here, &work).await;
    assert_eq!((ended.state, ended.kept_until()), (WorkState::Canceled, None));
    assert_eq!(refused(&house, &here, &work).await, []);
    assert!(has_rows(&house, &work).await);
    sweep(&house).await;
    assert!(!has_rows(&house, &work).await);
    assert!(now(&house, &here, &work).await.is_erased);
}

#[tokio::test]
async fn an_export_that_nobody_can_take_is_gone_and_one_that_is_done_is_kept() {
    let house = House::start().await;
    let here = house.pool("here").await;
    house.person(&here, "a@here.example", doorward_model::Kind::User, Role::User).await;
    let canceled = export(&house, &house.operator, &here, Export::People).await.unwrap();
    cancel(&house, &here, &canceled).await;
    let done = export(&house, &house.operator, &here, Export::People).await.unwrap();
    to_the_end(&house, &here, &done).await;
    sweep(&house).await;
    assert!(now(&house, &here, &canceled).await.is_erased);
    assert!(has_rows(&house, &done).await);
    house.clock.advance(KEPT);
    sweep(&house).await;
    assert!(!has_rows(&house, &done).await);
}

#[tokio::test]
async fn figures_that_are_kept_for_longer_name_nobody() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let admin = actor(&house, &here, Role::Admin).await;
    let Actor::Person(who) = &admin else { unreachable!() };
    let person = who.person.id;
    let filter = events::Filter { person: Some(person), ..events::Filter::default() };
    let file = export(&house, &admin, &here, Export::Events(filter)).await.unwrap();
    assert!(format!("{file:?}").contains(&person.to_string()) && file.address.is_some());
    to_the_end(&house, &here, &file).await;
    let people = begin(&house, &admin, &here, plainly(crowd(1))).await.unwrap();
    to_the_end(&house, &here, &people).await;
    house.clock.advance(KEPT);
    sweep(&house).await;
    for work in [file, people] {
        let kept = now(&house, &here, &work).await;
        assert!(kept.is_erased && !format!("{kept:?}").contains(&person.to_string()), "{kept:?}");
        assert_eq!((kept.address, kept.actor.as_str()), (None, "person"));
    }
}

#[tokio::test]
async fn what_still_goes_on_when_its_time_is_over_ends_before_it_is_forgotten() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(45))).await.unwrap();
    house.clock.advance(LASTS + KEPT);
    sweep(&house).await;
    let ended = now(&house, &here, &work).await;
    assert_eq!((ended.state, ended.is_erased), (WorkState::Stopped, true));
    assert!(ended.reason.unwrap().contains("still going on"));
    assert!(!has_rows(&house, &work).await);
    let filter = events::Filter { kind: Some(EventKind::ImportEnded), ..events::Filter::default() };
    let told =
        events::list(&house.core, &house.operator, events::Scene::At(&here), filter, None, 9).await.unwrap();
    assert_eq!(told.items.len(), 1);
}
