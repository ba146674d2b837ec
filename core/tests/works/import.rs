//! Imports of people.

use super::{begin, crowd, figures, now, plainly, refused, sheet, to_the_end};
use doorward_core::events::{self, Filter, Scene};
use doorward_core::sweep::{self, Walks};
use doorward_core::works::{self, CHECKED_KEPT, Import, KEPT, REMEMBERED};
use doorward_core::{Error, people};
use doorward_model::{EventKind, Kind, Language, PersonId, Policy, Role, WorkState};
use doorward_testkit::House;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

async fn emails(house: &House, branch: &doorward_core::Branch) -> Vec<String> {
    let all = people::list_after(&house.core, &house.operator, branch, PersonId::new(Uuid::nil()), 1_000);
    let mut found: Vec<String> =
        all.await.unwrap().iter().map(|it| it.person.email.as_written().to_owned()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn good_lines_become_people_and_bad_ones_are_kept_with_their_reasons() {
    let house = House::start().await;
    let here = house.pool("here").await;
    house.person(&here, "old@here.example", Kind::User, Role::User).await;
    let file = sheet(
        &["email", "first_name", "role", "kind", "language"],
        &[
            &["Zoë@here.example", "Zoë", "admin", "", "DE"],
            &["old@here.example", "", "", "", ""],
            &["nobody", "", "", "", ""],
            &["zoë@HERE.example", "", "", "", ""],
            &["x@here.example", "", "boss", "", ""],
            &["m@here.example", "", "admin", "member", ""],
            &["c@here.example", "", "", "Contact", ""],
            &["", "Nemo", "", "", ""],
            &["k@here.example", "", "", "", "klingon"],
        ],
    );
    let work = begin(&house, &house.operator, &here, plainly(file)).await.unwrap();
    assert_eq!((work.total, figures(&work)), (Some(9), (WorkState::Running, 0, 7)));
    let ended = to_the_end(&house, &here, &work).await;
    assert_eq!(figures(&ended), (WorkState::Done, 2, 7));
    assert_eq!(emails(&house, &here).await, ["Zoë@here.example", "c@here.example", "old@here.example"]);
    let reasons = refused(&house, &here, &work).await;
    let begins = [
        (3, "email: somebody here already has this e-mail"),
        (4, "email: "),
        (5, "email: line 2 has the same"),
        (6, "role: expected owner, admin"),
        (7, "role: a member is a customer"),
        (9, "email: is missing"),
        (10, "language: expected en, de, fr"),
    ];
    assert_eq!(reasons.len(), begins.len());
    for ((line, reason), (expected, begin)) in reasons.iter().zip(begins) {
        assert!(*line == expected && reason.starts_with(begin), "{line}: {reason}");
    }
    let made = people::list_after(&house.core, &house.operator, &here, PersonId::new(Uuid::nil()), 9);
    let made = made.await.unwrap();
    let zoe = made.iter().find(|it| it.person.profile.first_name.as_deref() == Some("Zoë")).unwrap();
    assert_eq!(zoe.person.language, Some(Language::De));
    assert!(house.mails().await.is_empty(), "nobody is mailed who was not to be invited");
}

#[tokio::test]
async fn it_goes_on_where_it_stopped_with_no_line_lost_and_none_twice() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(75))).await.unwrap();
    let mut seen = BTreeSet::new();
    // What a node knew of it dies with each batch: nothing is kept but the rows.
    while works::go_on(&house.core).await.unwrap() {
        let it = now(&house, &here, &work).await;
        assert_eq!(emails(&house, &here).await.len(), usize::try_from(it.done).unwrap());
        seen.insert(it.done);
    }
    assert!(seen.len() > 2, "several batches: {seen:?}");
    assert_eq!(figures(&now(&house, &here, &work).await), (WorkState::Done, 75, 0));
    assert_eq!(emails(&house, &here).await.len(), 75);
}

#[tokio::test]
async fn two_nodes_at_once_make_everybody_once() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(45))).await.unwrap();
    loop {
        let both = tokio::join!(works::go_on(&house.core), works::go_on(&house.core));
        if !both.0.unwrap() && !both.1.unwrap() {
            break;
        }
    }
    assert_eq!(figures(&now(&house, &here, &work).await), (WorkState::Done, 45, 0));
    assert_eq!(emails(&house, &here).await.len(), 45);
}

#[tokio::test]
async fn somebody_who_came_meanwhile_is_refused_and_the_others_are_made() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(3))).await.unwrap();
    house.person(&here, "person1@crowd.example", Kind::User, Role::User).await;
    assert_eq!(figures(&to_the_end(&house, &here, &work).await), (WorkState::Done, 2, 1));
    let reasons = refused(&house, &here, &work).await;
    assert_eq!(reasons, [(3, "email: somebody here already has this e-mail".to_owned())]);
}

#[tokio::test]
async fn what_is_only_checked_writes_nothing_before_it_is_started() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let import = Import { sheet: crowd(2), invite: false, only_check: true };
    let work = begin(&house, &house.operator, &here, import.clone()).await.unwrap();
    assert!(!works::go_on(&house.core).await.unwrap());
    assert_eq!(figures(&now(&house, &here, &work).await), (WorkState::Checked, 0, 0));
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    works::start(core, caller, operator, &here, work.id).await.unwrap();
    let again = works::start(core, caller, operator, &here, work.id).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    assert_eq!(figures(&to_the_end(&house, &here, &work).await), (WorkState::Done, 2, 0));

    let forgotten = begin(&house, operator, &here, Import { sheet: crowd(1), ..import }).await.unwrap();
    house.clock.advance(CHECKED_KEPT);
    sweep::sweep(core, &mut Walks::of(1)).await.unwrap();
    let it = now(&house, &here, &forgotten).await;
    assert_eq!((it.state, it.is_erased), (WorkState::Canceled, true));
    let late = works::start(core, caller, operator, &here, forgotten.id).await;
    assert!(matches!(late, Err(Error::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn invitations_leave_half_of_the_hours_mails_to_others_and_go_on_later() {
    let house = House::start().await;
    let policy = Policy { mails_per_hour: Some(8), ..Policy::default() };
    let here = house.tenant("here", None, None, policy).await;
    let import = Import { sheet: crowd(6), invite: true, only_check: false };
    let work = begin(&house, &house.operator, &here, import).await.unwrap();
    while works::go_on(&house.core).await.unwrap() {}
    let it = now(&house, &here, &work).await;
    assert_eq!(figures(&it), (WorkState::Running, 4, 0));
    assert!(it.reason.unwrap().contains("mails"));
    assert_eq!(house.mails().await.len(), 4);
    house.clock.advance(Duration::from_secs(3_601));
    let ended = to_the_end(&house, &here, &work).await;
    assert_eq!((figures(&ended), ended.reason), ((WorkState::Done, 6, 0), None));
    // Those of before were not settled, so they are claimed again.
    assert_eq!(house.mails().await.len(), 6);
}

#[tokio::test]
async fn a_canceled_import_keeps_what_it_did_and_does_no_more() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(75))).await.unwrap();
    works::go_on(&house.core).await.unwrap();
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let canceled = works::cancel(core, caller, operator, &here, work.id).await.unwrap();
    assert_eq!(canceled.state, WorkState::Canceled);
    let done = canceled.done;
    assert_eq!(figures(&to_the_end(&house, &here, &work).await), (WorkState::Canceled, done, 0));
    assert_eq!(emails(&house, &here).await.len(), usize::try_from(done).unwrap());
    let again = works::cancel(core, caller, operator, &here, work.id).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn the_trail_says_who_began_it_and_whom_it_made() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let work = begin(&house, &house.operator, &here, plainly(crowd(2))).await.unwrap();
    to_the_end(&house, &here, &work).await;
    let told = events::list(&house.core, &house.operator, Scene::At(&here), Filter::default(), None, 20);
    let told = told.await.unwrap().items;
    let of = |kind| told.iter().filter(|it| it.event.kind == kind).collect::<Vec<_>>();
    assert_eq!(of(EventKind::PersonCreated).len(), 2);
    assert!(told.iter().all(|it| it.event.actor.as_deref() == Some("operator")), "{told:?}");
    let detail = |kind| of(kind)[0].event.detail.clone().unwrap();
    assert_eq!(detail(EventKind::ImportBegun), "2 people, without invitations");
    assert_eq!(detail(EventKind::ImportEnded), "2 made, 0 refused");
    let there = house.pool("there").await;
    begin(&house, &house.operator, &there, plainly(crowd(1))).await.unwrap();
    let told = events::list(&house.core, &house.operator, Scene::At(&there), Filter::default(), None, 20);
    let told = told.await.unwrap().items;
    let alone = told.iter().find(|it| it.event.kind == EventKind::ImportBegun).unwrap();
    assert_eq!(alone.event.detail.as_deref(), Some("1 person, without invitations"));
}

#[tokio::test]
async fn one_goes_on_at_a_tenant_and_others_elsewhere_take_turns() {
    let house = House::start().await;
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let first = begin(&house, &house.operator, &here, plainly(crowd(45))).await.unwrap();
    let second = begin(&house, &house.operator, &here, plainly(crowd(1))).await;
    assert!(matches!(second, Err(Error::Conflict { field: "work", .. })), "{second:?}");
    let other = begin(&house, &house.operator, &there, plainly(crowd(45))).await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    works::go_on(&house.core).await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    works::go_on(&house.core).await.unwrap();
    assert!(now(&house, &here, &first).await.done > 0);
    assert!(now(&house, &there, &other).await.done > 0);
}

#[tokio::test]
async fn its_rows_are_forgotten_a_day_after_its_end_and_itself_a_month_later() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let file = sheet(&["email"], &[&["nobody"], &["a@here.example"]]);
    let work = begin(&house, &house.operator, &here, plainly(file)).await.unwrap();
    to_the_end(&house, &here, &work).await;
    house.clock.advance(KEPT - Duration::from_secs(1));
    sweep::sweep(&house.core, &mut Walks::of(1)).await.unwrap();
    assert_eq!(refused(&house, &here, &work).await.len(), 1);
    house.clock.advance(Duration::from_secs(1));
    sweep::sweep(&house.core, &mut Walks::of(1)).await.unwrap();
    assert_eq!(refused(&house, &here, &work).await, []);
    assert!(now(&house, &here, &work).await.is_erased);
    house.clock.advance(REMEMBERED);
    sweep::sweep(&house.core, &mut Walks::of(1)).await.unwrap();
    let gone = works::find(&house.core, &house.operator, &here, work.id).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

#[tokio::test]
async fn a_file_that_was_not_meant_like_this_is_refused_whole() {
    let house = House::start().await;
    let here = house.pool("here").await;
    let row: &[&str] = &["nobody"];
    let rows = vec![row; 1_200];
    let refused = begin(&house, &house.operator, &here, plainly(sheet(&["email"], &rows))).await;
    let problem = refused.unwrap_err().to_string();
    assert!(problem.contains("more than 1000 lines") && problem.contains("line 2"), "{problem}");
}
