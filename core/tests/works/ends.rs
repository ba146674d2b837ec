//! Why works end before their end.

use super::{begin, crowd, export, figures, now, plainly, rewrite, to_the_end};
use doorward_core::works::{self, Export, LASTS};
use doorward_core::{Branch, events};
use doorward_model::{EventKind, Kind, Role, Work, WorkId, WorkKind, WorkState};
use doorward_store::{work_parts, works as store};
use doorward_testkit::House;
use std::time::Duration;
use uuid::Uuid;

async fn assert_stopped(house: &House, branch: &Branch, work: &Work, why: &str) {
    let ended = to_the_end(house, branch, work).await;
    assert_eq!(ended.state, WorkState::Stopped);
    assert!(ended.reason.as_deref().is_some_and(|reason| reason.contains(why)), "{:?}", ended.reason);
}

#[tokio::test]
async fn nothing_goes_on_for_longer_than_a_week() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(75))).await.unwrap();
    works::go_on(&house.core).await.unwrap();
    house.clock.advance(LASTS + Duration::from_secs(1));
    assert_stopped(&house, &here, &work, "longer than a week").await;
    let done = now(&house, &here, &work).await.done;
    assert!((1..75).contains(&done), "{done}");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_kept() {
    let house = House::start().await;
    let here = house.pool("here").await;
    house.person(&here, "a@here.example", Kind::User, Role::User).await;
    let work = export(&house, &house.operator, &here, Export::People).await.unwrap();
    rewrite(&house, Work { bytes: 128 * 1024 * 1024, ..work.clone() }).await;
    assert_stopped(&house, &here, &work, "larger than files that are kept").await;
    assert_eq!(now(&house, &here, &work).await.kept_until(), None);
}

#[tokio::test]
async fn an_import_whose_lines_are_gone_is_not_told_as_done() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(45))).await.unwrap();
    let id = work.id;
    house.core.db().write(here.pool(), move |tx| work_parts::delete(tx, id, 1)).await.unwrap();
    assert_stopped(&house, &here, &work, "lines of its file are missing").await;
    assert_eq!(figures(&now(&house, &here, &work).await), (WorkState::Stopped, 25, 0));
}

/// A work of a kind and with a wish that nobody could begin.
async fn odd(house: &House, here: &Branch, kind: WorkKind, wish: &str) -> Work {
    let made = export(house, &house.operator, here, Export::People).await.unwrap();
    to_the_end(house, here, &made).await;
    let id = WorkId::new(Uuid::from_u128(made.id.uuid().as_u128() + 1));
    let odd = Work { id, kind, wish: wish.to_owned(), ..made };
    let insert = odd.clone();
    house.core.db().write(here.pool(), move |tx| store::insert(tx, &insert)).await.unwrap();
    odd
}

#[tokio::test]
async fn consents_to_terms_that_are_gone_are_told_as_that() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let wish = format!("{{\"terms\":\"{}\"}}", Uuid::max());
    let work = odd(&house, &here, WorkKind::ExportConsents, &wish).await;
    assert_stopped(&house, &here, &work, "the terms that were consented to are gone").await;
}

#[tokio::test]
async fn a_kind_of_events_that_is_not_known_is_not_every_kind() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = odd(&house, &here, WorkKind::ExportEvents, "{\"kind\":\"moon_landed\"}").await;
    assert_stopped(&house, &here, &work, "a kind of events that this version does not know").await;
    assert_eq!(now(&house, &here, &work).await.done, 0);
}

#[tokio::test]
async fn the_trail_says_that_a_file_was_looked_through_and_discarded() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let file = super::sheet(&["email"], &[&["nobody"], &["a@here.example"]]);
    let work = super::check(&house, &here, file).await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    super::cancel(&house, &here, &work).await;
    let told = events::list(
        &house.core,
        &house.operator,
        events::Scene::At(&here),
        events::Filter::default(),
        None,
        20,
    );
    let told = told.await.unwrap().items;
    let details: Vec<_> = told
        .iter()
        .filter(|it| matches!(it.event.kind, EventKind::ImportChecked | EventKind::ImportEnded))
        .map(|it| (it.event.kind, it.event.detail.as_deref().unwrap()))
        .collect();
    let expected = [
        (EventKind::ImportEnded, "0 made, 1 refused; canceled"),
        (EventKind::ImportChecked, "1 people would be made, 1 refused"),
    ];
    assert_eq!(details, expected);
}
