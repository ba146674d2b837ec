//! Who still uses what: counted behind the answer, told to whoever administers the tenant, in one sentence.

mod everywhere;
mod sign_ins;

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in, signed_in_with, try_sign_in_with};
use doorward_core::access_keys::{self, NewKey};
use doorward_core::applications::{self, NewApplication, NewKey as NewAppKey};
use doorward_core::usage::{self, Count, Seen, Verdict, Window};
use doorward_core::{Actor, Branch, Caller, Core, verify};
use doorward_model::{
    AppId, Dialect, DoorId, HashScheme, Kind, Person, Role, Secret, SessionScheme, Sort, Thing,
};
use doorward_store::{Statements, people as stored};
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MONTH: Window = Window::Month;

async fn seen(house: &House, actor: &Actor, at: &Branch, sort: Sort) -> Vec<Seen> {
    usage::flush(&house.core).await.unwrap();
    usage::list(&house.core, actor, at, (sort, MONTH), None, 50).await.unwrap().items
}

/// What is said of the only thing of a sort.
async fn said(house: &House, at: &Branch, sort: Sort) -> String {
    let seen = seen(house, &house.operator, at, sort).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    seen.first().unwrap().verdict.sentence(sort, MONTH)
}

/// E-mails of those who block a thing's retirement.
async fn blockers(core: &Core, actor: &Actor, at: &Branch, thing: &Thing) -> Vec<String> {
    let found = usage::people(core, actor, at, (thing, MONTH), None, 50).await.unwrap();
    found.items.iter().map(|it| it.person.email.as_written().to_owned()).collect()
}

fn through(house: &House, door: DoorId) -> Caller {
    Caller { door: Some(door), ..house.caller.clone() }
}

async fn door(house: &House, host: &str) -> DoorId {
    house.door(Dialect::Salesseek, host, None).await;
    house.core.doors().resolve(host).unwrap().door.id
}

async fn member(house: &House, at: &Branch, email: &str) -> Person {
    house.person(at, email, Kind::Administrator, Role::User).await
}

#[tokio::test]
async fn a_door_is_used_by_whoever_signs_in_until_nobody_came_for_a_month() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let id = door(&house, "login.example").await;
    for email in ["ada@harbour.example", "bob@harbour.example"] {
        member(&house, &pool, email).await;
    }
    assert!(said(&house, &pool, Sort::Doors).await.ends_with("too early to say."));
    let caller = through(&house, id);
    signed_in_with(&house, &caller, &pool, "ada@harbour.example", PASSWORD).await.unwrap();
    assert_eq!(said(&house, &pool, Sort::Doors).await, "1 person still uses it.");
    house.clock.advance(Duration::from_secs(1));
    signed_in_with(&house, &caller, &pool, "bob@harbour.example", PASSWORD).await.unwrap();
    assert_eq!(said(&house, &pool, Sort::Doors).await, "2 people still use it.");
    let thing = Thing::Door(id);
    let both = ["bob@harbour.example", "ada@harbour.example"];
    assert_eq!(blockers(&house.core, &house.operator, &pool, &thing).await, both);
    house.clock.advance(DAY * 43);
    assert_eq!(said(&house, &pool, Sort::Doors).await, "Nobody used it for 43 days: it can be retired.");
    let detail = usage::one(&house.core, &house.operator, &pool, &thing, Window::Quarter).await.unwrap();
    assert_eq!(detail.days.len(), 90);
    assert_eq!(detail.days.iter().map(|(_, uses)| uses).sum::<i64>(), 2);
    assert_eq!((detail.seen.uses, detail.seen.trend), (2, (0, 2)));
}

#[tokio::test]
async fn calls_are_counted_each_and_their_person_once_a_day() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let id = door(&house, "login.example").await;
    let ada = member(&house, &pool, "ada@harbour.example").await;
    let done = signed_in_with(&house, &through(&house, id), &pool, "ada@harbour.example", PASSWORD).await;
    let token = done.unwrap().token.unwrap();
    house.clock.advance(Duration::from_secs(2 * 60 * 60));
    for _ in 0..3 {
        verify::session(&house.core, SessionScheme::AuthToken, &token).await.unwrap();
        verify::by_session(&house.core, None, SessionScheme::AuthToken, &token).await.unwrap();
    }
    let found = &seen(&house, &house.operator, &pool, Sort::Doors).await[0];
    assert_eq!((found.uses, found.people.counted), (7, 1), "a sign-in and six calls");
    let who = usage::people(&house.core, &house.operator, &pool, (&Thing::Door(id), MONTH), None, 9).await;
    let who = who.unwrap().items;
    assert_eq!(who[0].person.id, ada.id);
    assert_eq!((who[0].days, who[0].last_at), (Some(1), Some(house.core.now())));
}

#[tokio::test]
async fn old_passwords_are_blocked_by_whoever_has_one_whether_they_come_or_not() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let ada = member(&house, &pool, "ada@harbour.example").await;
    member(&house, &pool, "bob@harbour.example").await;
    let weak = Secret::new("$argon2id$v=19$m=64,t=1,p=1$AgICAgICAgICAgICAgICAg$AwMDAwMDAwMDAwMDAwMDAw");
    // The tests' own target is as cheap; another number of lanes is another kind.
    let old = Secret::new(weak.expose().replace("p=1", "p=2"));
    let of_old = HashScheme::of(old.expose());
    let set = move |tx: &mut doorward_store::Tx<'_>| {
        stored::set_password(tx, ada.id, &old, doorward_model::Timestamp::from_micros(0))
    };
    house.core.db().write(pool.pool(), set).await.unwrap();
    let found = seen(&house, &house.operator, &pool, Sort::Hashes).await;
    let one = Count { counted: 1, is_more: false };
    let verdicts: Vec<_> = found.iter().map(|it| (it.head.about.clone(), it.verdict)).collect();
    let current = house.core.hashes().scheme().to_string();
    assert_eq!(verdicts, [(current, Verdict::Current(one)), (of_old.to_string(), Verdict::People(one))]);
    let thing = Thing::Hash(of_old);
    assert_eq!(blockers(&house.core, &house.operator, &pool, &thing).await, ["ada@harbour.example"]);
    sign_in(&house, &pool, "bob@harbour.example").await;
    let found = seen(&house, &house.operator, &pool, Sort::Hashes).await;
    assert_eq!(found[0].uses, 1, "bob's was checked");
    assert_eq!(found[1].uses, 0);
}

#[tokio::test]
async fn a_key_is_its_owners_and_says_how_often_it_was_used() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let ada = member(&house, &pool, "ada@harbour.example").await;
    let new = NewKey { person: ada.id, label: "Nightly export".to_owned(), rate: None, expires_at: None };
    let (core, caller) = (&house.core, &house.caller);
    let key = access_keys::create(core, caller, &house.operator, &pool, new).await.unwrap();
    assert_eq!(
        said(&house, &pool, Sort::Keys).await,
        "Not used yet, but it is watched since today only: too early to say."
    );
    let name = key.key.name.as_str();
    verify::access_key(core, caller, name, &key.secret).await.unwrap();
    for _ in 0..2 {
        verify::by_key(core, None, name, &key.secret, None).await.unwrap();
    }
    assert_eq!(said(&house, &pool, Sort::Keys).await, "It was used 3 times in the last 30 days.");
    let found = &seen(&house, &house.operator, &pool, Sort::Keys).await[0];
    assert_eq!(
        found.head.owner.as_ref().map(|(id, name)| (*id, name.as_str())),
        Some((ada.id, "Ada Example"))
    );
    let thing = Thing::Key(key.key.id);
    assert_eq!(blockers(core, &house.operator, &pool, &thing).await, ["ada@harbour.example"]);
}

#[tokio::test]
async fn an_application_is_used_where_it_names_itself_and_by_whom_it_signs_in() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let new = NewApplication {
        name: "Partner".to_owned(),
        app_id: AppId::parse("partner1"),
        key: NewAppKey::None,
        trusted_server: false,
        origins: Vec::new(),
    };
    let (core, caller) = (&house.core, &house.caller);
    let made = applications::create(core, caller, &house.operator, &pool, new).await.unwrap();
    applications::admit(core, "partner1", None).await.unwrap();
    verify::program(core, None, "partner1", None).await.unwrap();
    assert_eq!(said(&house, &pool, Sort::Applications).await, "It was used 2 times in the last 30 days.");
    house.clock.advance(DAY * 40);
    assert_eq!(
        said(&house, &pool, Sort::Applications).await,
        "Nobody used it for 40 days: it can be retired."
    );
    let thing = Thing::Application(made.application.id);
    assert_eq!(blockers(core, &house.operator, &pool, &thing).await, [""; 0]);
}

#[tokio::test]
async fn administrators_see_their_tenant_and_below_and_nothing_of_others() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let other = house.pool("quayside").await;
    let id = door(&house, "login.example").await;
    let caller = through(&house, id);
    for (at, email) in [(&spa, "sue@spa.example"), (&gym, "gus@gym.example")] {
        member(&house, at, email).await;
        try_sign_in_with(&house, &caller, at, email, PASSWORD).await.unwrap();
    }
    try_sign_in_with(&house, &caller, &gym, "gus@gym.example", "wrong").await.unwrap_err();
    usage::flush(&house.core).await.unwrap();
    let thing = Thing::Door(id);
    let admin = actor(&house, &spa, Role::Admin).await;
    assert_eq!(blockers(&house.core, &admin, &spa, &thing).await, ["sue@spa.example"]);
    assert_eq!(seen(&house, &admin, &spa, Sort::Doors).await[0].people.counted, 1);
    // What everybody's passwords are like is told of one's own people only.
    let hashes = seen(&house, &admin, &spa, Sort::Hashes).await;
    assert_eq!(hashes[0].people.counted, 2, "sue and the administrator");
    assert_eq!(blockers(&house.core, &house.operator, &pool, &thing).await.len(), 2);
    for at in [&pool, &gym] {
        let (sort, core) = ((Sort::Doors, MONTH), &house.core);
        assert!(is_not_allowed(usage::list(core, &admin, at, sort, None, 9).await));
        assert!(is_not_allowed(usage::people(core, &admin, at, (&thing, MONTH), None, 9).await));
        assert!(is_not_allowed(usage::sign_ins(core, &admin, Some(at), MONTH).await));
    }
    assert!(is_not_found(usage::list(&house.core, &admin, &other, (Sort::Doors, MONTH), None, 9).await));
    assert!(is_not_allowed(usage::sign_ins(&house.core, &admin, None, MONTH).await));
    assert!(seen(&house, &house.operator, &other, Sort::Doors).await[0].people.counted == 0);
}

#[tokio::test]
async fn whoever_is_gone_from_a_tenant_is_not_shown_there() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let id = door(&house, "login.example").await;
    let sue = member(&house, &spa, "sue@spa.example").await;
    try_sign_in_with(&house, &through(&house, id), &spa, "sue@spa.example", PASSWORD).await.unwrap();
    usage::flush(&house.core).await.unwrap();
    let (core, caller, operator, thing) = (&house.core, &house.caller, &house.operator, Thing::Door(id));
    assert_eq!(blockers(core, operator, &spa, &thing).await, ["sue@spa.example"]);
    let place = doorward_core::memberships::NewMembership {
        person: sue.id,
        kind: Kind::Administrator,
        role: Role::User,
        standing: None,
    };
    doorward_core::memberships::give(core, caller, operator, &gym, place).await.unwrap();
    let places =
        core.db().read(pool.pool(), move |tx| doorward_store::memberships::list_by_person(tx, sue.id));
    let old = places.await.unwrap().into_iter().find(|it| it.tenant == spa.tenant().id).unwrap().id;
    core.db().write(pool.pool(), move |tx| doorward_store::memberships::delete(tx, old)).await.unwrap();
    assert_eq!(blockers(core, operator, &spa, &thing).await, [""; 0]);
    assert_eq!(blockers(core, operator, &pool, &thing).await, ["sue@spa.example"]);
    // Whoever is not listed is not counted.
    assert_eq!(seen(&house, operator, &spa, Sort::Doors).await[0].people, Count::default());
    assert_eq!(said(&house, &spa, Sort::Doors).await, "It was used once in the last 30 days.");
    assert_eq!(said(&house, &pool, Sort::Doors).await, "1 person still uses it.");
    doorward_core::people::delete(core, caller, operator, &gym, sue.id).await.unwrap();
    assert_eq!(blockers(core, operator, &pool, &thing).await, [""; 0]);
    assert_eq!(rows_of_people(&house).await, 0, "nothing of what they used stays");
}

/// Rows of who used what, in all pools.
async fn rows_of_people(house: &House) -> i64 {
    let count = doorward_store::sql("SELECT COUNT(*) FROM used_by");
    let counted = house.core.db().read_house(move |tx| tx.row(&count, &[], |row| row.get(0)));
    counted.await.unwrap().unwrap()
}

#[tokio::test]
async fn whoever_is_deleted_while_their_use_waits_to_be_written_is_forgotten() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let id = door(&house, "login.example").await;
    member(&house, &pool, "ada@harbour.example").await;
    let bob = member(&house, &pool, "bob@harbour.example").await;
    for email in ["ada@harbour.example", "bob@harbour.example"] {
        signed_in_with(&house, &through(&house, id), &pool, email, PASSWORD).await.unwrap();
    }
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    doorward_core::people::delete(core, caller, operator, &pool, bob.id).await.unwrap();
    usage::flush(core).await.unwrap();
    assert_eq!(rows_of_people(&house).await, 1);
    assert_eq!(said(&house, &pool, Sort::Doors).await, "1 person still uses it.");
}

#[tokio::test]
async fn what_a_moved_tenant_used_is_not_called_unused_under_its_new_parent() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let bar = house.child("bar", &spa).await;
    let id = door(&house, "login.example").await;
    member(&house, &bar, "sue@spa.example").await;
    member(&house, &gym, "gus@gym.example").await;
    let caller = through(&house, id);
    try_sign_in_with(&house, &caller, &gym, "gus@gym.example", PASSWORD).await.unwrap();
    usage::flush(&house.core).await.unwrap();
    house.clock.advance(DAY * 43);
    try_sign_in_with(&house, &caller, &bar, "sue@spa.example", PASSWORD).await.unwrap();
    usage::flush(&house.core).await.unwrap();
    let unused = "Nobody used it for 43 days: it can be retired.";
    assert_eq!(said(&house, &gym, Sort::Doors).await, unused);
    house.clock.advance(DAY);
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    doorward_core::tenants::move_under(core, caller, operator, &bar, &gym).await.unwrap();
    house.clock.advance(DAY * 2);
    assert_eq!(
        said(&house, &gym, Sort::Doors).await,
        "A tenant was moved here 2 days ago, and its uses before are not known here: too early to say."
    );
    // What is above both knew all along, and a month later the new parent does, too.
    assert_eq!(said(&house, &pool, Sort::Doors).await, "1 person still uses it.");
    house.clock.advance(DAY * 28);
    assert!(said(&house, &gym, Sort::Doors).await.ends_with("it can be retired."));
}
