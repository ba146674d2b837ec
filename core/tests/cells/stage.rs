//! Two cells in one process: each asks the other through a function, and carries the directories over by hand.

use doorward_core::access_keys::{self, IssuedKey, NewKey};
use doorward_core::cells::{self, Account, AskHome, CellPlan};
use doorward_core::{Branch, Core, Error, people, verify};
use doorward_model::{Dialect, DoorSettings, Email, Kind, Policy, RateLimit, RegionCode, Role, Secret};
use doorward_testkit::House;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use tokio::sync::RwLock;

/// A cell, and how the other one reaches it.
pub(super) struct Cell {
    pub(super) house: House,
    pub(super) is_away: Arc<AtomicBool>,
    pub(super) asked: Arc<AtomicUsize>,
    /// Keeps whoever asks it waiting while it is held for writing.
    pub(super) held: Arc<RwLock<()>>,
}

pub(super) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

impl Cell {
    pub(super) async fn new(name: &str) -> Self {
        let house = House::in_region(Some(name)).await;
        let settings = DoorSettings { region: Some(code(name)), ..DoorSettings::default() };
        house.door_with(Dialect::Leadsquared, &format!("api.{name}.example"), None, settings).await;
        house.door(Dialect::Salesseek, &format!("{{slug}}.{name}.example"), None).await;
        Self { house, is_away: Arc::default(), asked: Arc::default(), held: Arc::default() }
    }

    pub(super) fn core(&self) -> &Core {
        &self.house.core
    }

    pub(super) async fn join(&self, name: &str, other: &Self, others_name: &str) {
        let (core, is_away, asked) =
            (other.core().clone(), Arc::clone(&other.is_away), Arc::clone(&other.asked));
        let held = Arc::clone(&other.held);
        let ask: AskHome = Arc::new(move |_, question| {
            let (core, is_away, held) = (core.clone(), is_away.load(SeqCst), Arc::clone(&held));
            asked.fetch_add(1, SeqCst);
            Box::pin(async move {
                let _held = held.read().await;
                if is_away {
                    return Err("it is away".to_owned());
                }
                cells::answer(&core, &question).await.map_err(|error| error.to_string())
            })
        });
        let plan = CellPlan { name: code(name), peers: vec![code(others_name)], first_company: None };
        self.core().join_cells(plan, ask).await.unwrap();
        cells::fill(self.core()).await.unwrap();
    }

    /// Reads what is new in another cell's directory.
    pub(super) async fn hear(&self, other: &Self, name: &str) {
        let name = code(name);
        loop {
            let at = cells::position(self.core(), &name).await.unwrap();
            let page = cells::page(other.core(), at.number).await.unwrap();
            if !cells::take(self.core(), &name, page).await.unwrap() {
                return;
            }
        }
    }

    pub(super) async fn pool(&self, slug: &str, number: i64) -> Branch {
        self.house.tenant(slug, Some(number), None, Policy::default()).await
    }

    pub(super) async fn key(&self, pool: &Branch, rate: Option<RateLimit>) -> IssuedKey {
        let email = "ada@acme.example";
        let known = people::by_email(self.core(), pool.pool(), &Email::parse(email).unwrap()).await;
        let person = match known {
            Ok(person) => person,
            Err(_) => self.house.person(pool, email, Kind::User, Role::Admin).await,
        };
        let new = NewKey { person: person.id, label: "export".to_owned(), rate, expires_at: None };
        access_keys::create(self.core(), &self.house.caller, &self.house.operator, pool, new).await.unwrap()
    }

    pub(super) async fn ask(&self, key: &IssuedKey) -> Result<Account, Error> {
        self.ask_with(key, key.secret.expose()).await
    }

    pub(super) async fn ask_with(&self, key: &IssuedKey, secret: &str) -> Result<Account, Error> {
        verify::account(self.core(), &self.house.caller, key.key.name.as_str(), &Secret::new(secret)).await
    }
}

/// `in21` with a pool and a key, and `us11`, which has heard of them.
pub(super) async fn two() -> (Cell, Cell, Branch, IssuedKey) {
    let (home, abroad) = (Cell::new("in21").await, Cell::new("us11").await);
    home.join("in21", &abroad, "us11").await;
    abroad.join("us11", &home, "in21").await;
    let pool = home.pool("acme", 7_001).await;
    let key = home.key(&pool, None).await;
    abroad.hear(&home, "in21").await;
    home.hear(&abroad, "us11").await;
    (home, abroad, pool, key)
}
