//! Exports: what the lists say, as files that are kept for a day.

use super::{now, to_the_end};
use doorward_core::events::{self, Filter, Scene};
use doorward_core::once::Done;
use doorward_core::works::{self, Export, KEPT};
use doorward_core::{Branch, Error};
use doorward_model::{EventKind, Kind, Role, Work, WorkState};
use doorward_testkit::House;

async fn begin(house: &House, branch: &Branch, export: Export) -> Work {
    let begun = works::export(&house.core, &house.caller, &house.operator, branch, export, None);
    match begun.await.unwrap() {
        Done::Now(work) => work,
        Done::Before(id) => unreachable!("{id} was made before"),
    }
}

async fn rows(house: &House, branch: &Branch, work: &Work) -> Vec<Vec<Option<String>>> {
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let part = works::rows(&house.core, &house.operator, branch, work.id, from).await.unwrap();
        all.extend(part.items);
        from = part.next;
        if from.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn a_file_of_people_has_everybody_of_the_tenant_once() {
    let house = House::start().await;
    let here = house.pool("here").await;
    // More than one part.
    let crowd =
        super::begin(&house, &house.operator, &here, super::plainly(super::crowd(720))).await.unwrap();
    to_the_end(&house, &here, &crowd).await;
    let work = begin(&house, &here, Export::People).await;
    let early = works::rows(&house.core, &house.operator, &here, work.id, None).await;
    assert!(matches!(early, Err(Error::Conflict { .. })), "{early:?}");
    let done = to_the_end(&house, &here, &work).await;
    assert_eq!((done.state, done.done), (WorkState::Done, 720));
    let mut emails: Vec<String> =
        rows(&house, &here, &work).await.into_iter().map(|cells| cells[0].clone().unwrap()).collect();
    emails.sort();
    emails.dedup();
    assert_eq!(emails.len(), 720);
    assert_eq!(works::columns(work.kind).len(), works::PEOPLE_COLUMNS.len());

    house.clock.advance(KEPT);
    let late = works::rows(&house.core, &house.operator, &here, work.id, None).await;
    assert!(matches!(late, Err(Error::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn a_file_of_events_says_what_the_list_says_and_is_told_of_itself() {
    let house = House::start().await;
    let here = house.pool("here").await;
    house.person(&here, "a@here.example", Kind::User, Role::User).await;
    let filter = Filter { kind: Some(EventKind::PersonCreated), ..Filter::default() };
    let work = begin(&house, &here, Export::Events(filter)).await;
    to_the_end(&house, &here, &work).await;
    let told = events::list(&house.core, &house.operator, Scene::At(&here), filter, None, 20).await.unwrap();
    let listed: Vec<_> = told.items.iter().map(events::cells).collect();
    assert_eq!(rows(&house, &here, &work).await, listed);
    assert_eq!(listed.len(), 1);

    works::tell_taken(&house.core, &house.caller, &house.operator, Some(&here), "events").await.unwrap();
    let all = events::list(&house.core, &house.operator, Scene::At(&here), Filter::default(), None, 20);
    let kinds: Vec<EventKind> = all.await.unwrap().items.iter().map(|it| it.event.kind).collect();
    assert!(kinds.contains(&EventKind::ExportBegun) && kinds.contains(&EventKind::ExportTaken), "{kinds:?}");
}

#[tokio::test]
async fn an_export_of_nothing_is_an_empty_file() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &here, Export::People).await;
    assert_eq!(to_the_end(&house, &here, &work).await.done, 0);
    assert!(rows(&house, &here, &work).await.is_empty());
    assert_eq!(now(&house, &here, &work).await.total, None);
}
