//! More people for the demo: made through the core while no server runs, because hashing them one by one over HTTP
//! would take longer than the tests that need them.

use super::installation;
use super::traffic::Ledger;
use crate::process::Demo;
use doorward_core::people::{self, NewPassword, NewPerson};
use doorward_core::tenants;
use doorward_model::{Email, Kind, NotificationSettings, Profile, Role, Secret, Slug, Verified};
use doorward_testkit::House;
use std::path::Path;

/// Everybody's first password.
pub(crate) const PASSWORD: &str = "mild-otter-sings-4711";

/// People at each of the two doors with sessions: as many clients at once.
const WORKERS: usize = 4;

/// Makes a demo in `data` with a crowd in it, and stops it. Contacts cost nothing: they have no password.
pub(crate) fn prepare(data: &Path, contacts: usize) -> Ledger {
    let mut demo = Demo::start_in(data, &[]).unwrap();
    demo.doorward.kill();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let house = installation::open(data, "demo").await;
        let address = |number: usize, at: &str| format!("worker{number}@{at}.example");
        let mut named = [Vec::new(), Vec::new()];
        for number in 0..WORKERS {
            for (index, (at, kind, role)) in
                [("northwind", Kind::User, Role::User), ("harbour", Kind::Administrator, Role::Admin)]
                    .into_iter()
                    .enumerate()
            {
                let email = address(number, at);
                make(&house, at, &email, kind, role, NewPassword::Chosen(Secret::new(PASSWORD))).await;
                named[index].push(email);
            }
        }
        let mut uids = Vec::new();
        for number in 0..contacts {
            let email = format!("contact{number}@guild.example");
            uids.push(make(&house, "guild", &email, Kind::Contact, Role::User, NewPassword::None).await);
        }
        house.core.db().close().await;
        Ledger::new(&named[0], &named[1], PASSWORD, uids)
    })
}

async fn make(house: &House, at: &str, email: &str, kind: Kind, role: Role, password: NewPassword) -> String {
    let branch = tenants::by_slug(&house.core, &Slug::parse(at).unwrap()).await.unwrap();
    let new = NewPerson {
        email: Email::parse(email).unwrap(),
        profile: Profile::default(),
        kind,
        role,
        standing: None,
        verified: Verified::ByAdministrator,
        password,
        notifications: NotificationSettings::default(),
        language: None,
    };
    let made = people::create(&house.core, &house.caller, &house.operator, &branch, new).await;
    made.unwrap().0.id.to_string()
}
