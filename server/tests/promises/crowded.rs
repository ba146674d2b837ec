//! P18: when the hash queue is full, whoever comes next is told when to come back, in the door's own words, and no
//! hash is computed for them.

use super::installation::Installation;
use crate::process::{Answer, Ask, Doorward};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_model::{AppId, Dialect, DoorSettings};
use serde_json::{Value, json};
use std::sync::Barrier;
use std::thread;

/// One thread and one place: two attempts at a time, however fast the machine.
const TIGHT: &str = "[hashing]\nthreads = 1\nwaiting = 1\n";
const CLIENTS: usize = 24;

/// Whether a body is a refusal in the door's own shape.
type OwnWords = fn(&Value) -> bool;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_when_to_come_back() {
    let installation = Installation::new("serve").await;
    furnish(&installation).await;
    installation.close().await;
    let served = Doorward::serve(installation.folder(), &installation.configuration(TIGHT));
    let nobody = json!({
        "email": "a@b.example", "email_address": "a@b.example", "emailaddress": "a@b.example", "password": "bm9ib2R5",
    });
    let doors: [(Ask, OwnWords); 3] = [
        (Ask::post("alpha.seek.example", "/api/login"), |body| body["detail"].is_string()),
        (Ask::post("booking.example", "/api/v1/login").header("app-id", "11111111"), |body| {
            body["error"].is_string()
        }),
        (Ask::post("guild.example", "/api/Login"), |body| body["ResponseCode"] == 503),
    ];
    for (ask, is_own) in doors {
        let before = hashes(&served);
        let answers = at_once(&served, &ask.json(&nobody));
        let (full, served_ones): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 503);
        assert!(!full.is_empty(), "{:?}", served_ones.iter().map(|answer| answer.status).collect::<Vec<_>>());
        for answer in &full {
            assert!(is_own(&answer.json()), "{}", answer.text());
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        let hashed = served_ones.iter().filter(|answer| answer.status == 401).count() as u64;
        assert_eq!(
            hashes(&served) - before,
            hashed,
            "a hash for each attempt that was let in, and for no other"
        );
    }
}

/// Password hashes computed so far. A thread counts one a moment after it has handed over its verdict.
fn hashes(served: &Doorward) -> u64 {
    while served.figure("doorward_hash_queue_running") + served.figure("doorward_hash_queue_waiting") > 0 {}
    served.figure("doorward_hashes_total")
}

fn at_once(served: &Doorward, ask: &Ask) -> Vec<Answer> {
    let start = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        let client = || {
            start.wait();
            served.send(ask)
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

async fn furnish(installation: &Installation) {
    let house = &installation.house;
    house.pool("alpha").await;
    let harbour = house.pool("harbour").await;
    let guild = house.pool("guild").await;
    house.door(Dialect::Salesseek, "{slug}.seek.example", None).await;
    house.door(Dialect::Bookingbug, "booking.example", None).await;
    let keyless = DoorSettings { require_api_key: false, ..DoorSettings::default() };
    house.door_with(Dialect::Rubicrm, "guild.example", Some(&guild), keyless).await;
    let new = NewApplication {
        name: "Widget".to_owned(),
        app_id: AppId::parse("11111111"),
        key: NewKey::None,
        trusted_server: false,
        origins: Vec::new(),
    };
    applications::create(&house.core, &house.caller, &house.operator, &harbour, new).await.unwrap();
}
