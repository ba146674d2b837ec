//! P8, for mail that anybody may ask for: at every door, an account that was mailed enough is answered as before, and an
//! address that asks too often is refused alike, whomever it asks for.

use super::rooms::{NOBODY, Room, Rooms, told};
use doorward_core::tenants::{self, TenantChanges};
use doorward_model::{Person, Policy, Slug};
use doorward_testkit::{Answer, Request};
use serde_json::json;
use std::collections::HashSet;

/// One way to have somebody mailed.
struct Pathway {
    name: &'static str,
    /// Behind whose door.
    slug: &'static str,
    room: fn(&Rooms) -> &Room,
    /// With an e-mail address and, where the door asks for it, the person's id.
    ask: fn(&Rooms, &str, &str) -> Request,
}

const PATHWAYS: [Pathway; 5] = [
    Pathway {
        name: "SalesSeek",
        slug: "alpha",
        room: |rooms| &rooms.salesseek,
        ask: |rooms, email, _| {
            Request::post(rooms.salesseek.hosts[0], "/api/forgotten").json(&json!({ "email_address": email }))
        },
    },
    Pathway {
        name: "SalesSeek, as its seed says it",
        slug: "alpha",
        room: |rooms| &rooms.salesseek,
        ask: |rooms, email, _| {
            Request::new("DELETE", rooms.salesseek.hosts[0], "/api/logout")
                .json(&json!({ "email_address": email }))
        },
    },
    Pathway {
        name: "BookingBug",
        slug: "harbour",
        room: |rooms| &rooms.bookingbug,
        ask: |rooms, email, _| bookingbug(rooms, "/api/v1/login/101/email_password_reset", email),
    },
    Pathway {
        name: "BookingBug, administrators",
        slug: "harbour",
        room: |rooms| &rooms.bookingbug,
        ask: |rooms, email, _| bookingbug(rooms, "/api/v1/login/admin/reset_password_email", email),
    },
    Pathway {
        name: "RubiCRM",
        slug: "guild",
        room: |rooms| &rooms.rubicrm,
        ask: |rooms, email, uid| {
            let fields = json!({ "emailaddress": email, "uid": uid, "apikey": rooms.api_keys[0] });
            Request::post(rooms.rubicrm.hosts[0], "/api/LoginReset").json(&fields)
        },
    },
];

fn bookingbug(rooms: &Rooms, path: &str, email: &str) -> Request {
    let (app_id, app_key) = &rooms.applications[0];
    let ask = Request::post(rooms.bookingbug.hosts[0], path);
    ask.header("app-id", app_id).header("app-key", app_key).json(&json!({ "email": email }))
}

impl Pathway {
    async fn ask(&self, rooms: &Rooms, email: &str, uid: &str) -> Answer {
        (self.room)(rooms).client.send((self.ask)(rooms, email, uid)).await
    }

    async fn ask_for(&self, rooms: &Rooms, person: &Person) -> Answer {
        self.ask(rooms, person.email.as_written(), &person.id.to_string()).await
    }
}

#[tokio::test]
async fn an_account_that_was_mailed_enough_is_answered_as_before() {
    for pathway in PATHWAYS {
        let rooms = Rooms::new().await;
        let person = &(pathway.room)(&rooms).strong;
        let mut answers = HashSet::new();
        for _ in 0..8 {
            answers.insert(told(&pathway.ask_for(&rooms, person).await));
        }
        assert_eq!(answers.len(), 1, "{}: {answers:#?}", pathway.name);
        let mails = rooms.house.mails().await;
        let theirs = mails.iter().filter(|letter| letter.content.to == person.email.as_written());
        assert_eq!(theirs.count(), 5, "{}", pathway.name);
    }
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_refused_alike_whomever_it_asks_for() {
    for pathway in PATHWAYS {
        let rooms = Rooms::new().await;
        at_most(&rooms, pathway.slug, 3).await;
        let room = (pathway.room)(&rooms);
        let asks = async || {
            [
                told(&pathway.ask_for(&rooms, &room.strong).await),
                told(&pathway.ask(&rooms, "nobody@nowhere.example", NOBODY).await),
                told(&pathway.ask(&rooms, "not an address", "1").await),
                told(&pathway.ask_for(&rooms, &room.inactive).await),
                told(&pathway.ask_for(&rooms, &room.stranger).await),
            ]
        };
        let before = asks().await;
        assert!(before[..3].iter().all(|(status, ..)| (200..300).contains(status)), "{before:#?}");
        let refused: HashSet<_> = before.into_iter().skip(3).chain(asks().await).collect();
        assert_eq!(refused.len(), 1, "{}: {refused:#?}", pathway.name);
        let (status, headers, _) = refused.iter().next().unwrap();
        assert_eq!(*status, 429, "{}", pathway.name);
        assert!(
            headers.iter().any(|header| header == "retry-after: \"600\""),
            "{}: {headers:?}",
            pathway.name
        );
        assert_eq!(rooms.house.mails().await.len(), 1, "{}", pathway.name);
    }
}

/// Lets one address ask so often in this tenant.
async fn at_most(rooms: &Rooms, slug: &str, most: u32) {
    let house = &rooms.house;
    let tenant = tenants::by_slug(&house.core, &Slug::parse(slug).unwrap()).await.unwrap();
    let policy = Policy { address_mails: Some(most), ..tenant.tenant().policy.clone() };
    let changes = TenantChanges { policy: Some(policy), ..TenantChanges::default() };
    tenants::edit(&house.core, &house.caller, &house.operator, &tenant, changes).await.unwrap();
}
