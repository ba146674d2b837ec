//! Two cells in one process: each asks the other through a function, and carries the directories over by hand.

use doorward_core::access_keys::{self, IssuedKey, NewKey};
use doorward_core::cells::{self, ANSWER_KEPT, Account, AskHome, CellPlan, Home, PAGE};
use doorward_core::tenants::{self, TenantChanges};
use doorward_core::{Actor, Branch, Caller, Core, Error, people, verify};
use doorward_model::{
    CompanyNumber, Dialect, DoorSettings, Email, Kind, Policy, RateLimit, RegionCode, Role, Secret, Slug,
};
use doorward_testkit::House;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

/// A cell, and how the other one reaches it.
struct Cell {
    house: House,
    is_away: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    /// Keeps whoever asks it waiting while it is held for writing.
    held: Arc<RwLock<()>>,
}

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

impl Cell {
    async fn new(name: &str) -> Self {
        let house = House::in_region(Some(name)).await;
        let settings = DoorSettings { region: Some(code(name)), ..DoorSettings::default() };
        house.door_with(Dialect::Leadsquared, &format!("api.{name}.example"), None, settings).await;
        house.door(Dialect::Salesseek, &format!("{{slug}}.{name}.example"), None).await;
        Self { house, is_away: Arc::default(), asked: Arc::default(), held: Arc::default() }
    }

    fn core(&self) -> &Core {
        &self.house.core
    }

    async fn join(&self, name: &str, other: &Self, others_name: &str) {
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
    async fn hear(&self, other: &Self, name: &str) {
        let name = code(name);
        loop {
            let at = cells::position(self.core(), &name).await.unwrap();
            let page = cells::page(other.core(), at.number).await.unwrap();
            if !cells::take(self.core(), &name, page).await.unwrap() {
                return;
            }
        }
    }

    async fn pool(&self, slug: &str, number: i64) -> Branch {
        self.house.tenant(slug, Some(number), None, Policy::default()).await
    }

    async fn key(&self, pool: &Branch, rate: Option<RateLimit>) -> IssuedKey {
        let email = "ada@acme.example";
        let known = people::by_email(self.core(), pool.pool(), &Email::parse(email).unwrap()).await;
        let person = match known {
            Ok(person) => person,
            Err(_) => self.house.person(pool, email, Kind::User, Role::Admin).await,
        };
        let new = NewKey { person: person.id, label: "export".to_owned(), rate, expires_at: None };
        access_keys::create(self.core(), &self.house.caller, &self.house.operator, pool, new).await.unwrap()
    }

    async fn ask(&self, key: &IssuedKey) -> Result<Account, Error> {
        self.ask_with(key, key.secret.expose()).await
    }

    async fn ask_with(&self, key: &IssuedKey, secret: &str) -> Result<Account, Error> {
        verify::account(self.core(), &self.house.caller, key.key.name.as_str(), &Secret::new(secret)).await
    }
}

/// `in21` with a pool and a key, and `us11`, which has heard of them.
async fn two() -> (Cell, Cell, Branch, IssuedKey) {
    let (home, abroad) = (Cell::new("in21").await, Cell::new("us11").await);
    home.join("in21", &abroad, "us11").await;
    abroad.join("us11", &home, "in21").await;
    let pool = home.pool("acme", 7_001).await;
    let key = home.key(&pool, None).await;
    abroad.hear(&home, "in21").await;
    home.hear(&abroad, "us11").await;
    (home, abroad, pool, key)
}

#[tokio::test]
async fn a_key_is_answered_abroad_as_at_home_with_the_homes_hosts() {
    let (home, abroad, pool, key) = two().await;
    let there = abroad.ask(&key).await.unwrap();
    let here = home.ask(&key).await.unwrap();
    assert_eq!(here.home, Home::Here(None));
    assert_eq!(there.home, Home::Elsewhere(vec![("api".to_owned(), "api.in21.example".to_owned())]));
    assert_eq!(Account { home: Home::Here(None), ..there }, here);
    assert_eq!(here.organisation.id, pool.root().id);
    assert!(matches!(abroad.ask_with(&key, "0000").await, Err(Error::WrongCredentials)));
}

#[tokio::test]
async fn an_answer_is_kept_for_so_long_and_a_revoked_key_no_longer() {
    let (home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    let (core, caller, actor) = (home.core(), &home.house.caller, &home.house.operator);
    access_keys::disable(core, caller, actor, key.key.pool, key.key.id).await.unwrap();
    assert!(matches!(home.ask(&key).await, Err(Error::WrongCredentials)));
    abroad.house.clock.advance(ANSWER_KEPT - Duration::from_micros(1));
    assert!(abroad.ask(&key).await.is_ok());
    assert_eq!(home.asked.load(SeqCst), 1);
    abroad.house.clock.advance(Duration::from_micros(1));
    assert!(matches!(abroad.ask(&key).await, Err(Error::WrongCredentials)));
    assert_eq!(home.asked.load(SeqCst), 2);
}

#[tokio::test]
async fn a_kept_answer_is_good_for_its_own_secret_only() {
    let (home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    assert!(matches!(abroad.ask_with(&key, "another").await, Err(Error::WrongCredentials)));
    assert_eq!(home.asked.load(SeqCst), 2);
}

#[tokio::test]
async fn a_home_that_is_away_is_not_an_unknown_user_and_is_asked_again_at_once() {
    let (home, abroad, _, key) = two().await;
    home.is_away.store(true, SeqCst);
    let away = abroad.ask(&key).await;
    assert!(matches!(away, Err(Error::HomeAway { retry_after }) if !retry_after.is_zero()), "{away:?}");
    home.is_away.store(false, SeqCst);
    assert!(abroad.ask(&key).await.is_ok());
    let peer = abroad.core().cells().unwrap().peer(&code("in21")).unwrap();
    assert_eq!((peer.asked(), peer.away()), (2, 1));
}

#[tokio::test]
async fn a_database_of_the_home_that_does_not_answer_is_the_same() {
    let (home, abroad, _, key) = two().await;
    home.core().db().close().await;
    assert!(matches!(abroad.ask(&key).await, Err(Error::HomeAway { .. })));
}

#[tokio::test]
async fn a_call_counts_once_at_home_and_kept_answers_count_where_they_are_given() {
    let (home, abroad, pool, _) = two().await;
    let rate = RateLimit { calls: 3, window: Duration::from_secs(60) };
    let key = home.key(&pool, Some(rate)).await;
    abroad.hear(&home, "in21").await;
    for call in 0..3 {
        assert!(abroad.ask(&key).await.is_ok(), "{call}");
    }
    let full = abroad.ask(&key).await;
    assert!(matches!(full, Err(Error::RateLimited { limit, .. }) if limit == rate), "{full:?}");
    assert_eq!(home.asked.load(SeqCst), 1);
    assert!(home.ask(&key).await.is_ok() && home.ask(&key).await.is_ok());
    assert!(matches!(home.ask(&key).await, Err(Error::RateLimited { .. })), "one of three was abroad's");
    abroad.house.clock.advance(ANSWER_KEPT);
    let told = abroad.ask(&key).await;
    assert!(matches!(told, Err(Error::RateLimited { limit, .. }) if limit == rate), "by the home: {told:?}");
    assert_eq!(home.asked.load(SeqCst), 2);
    assert!(matches!(abroad.ask(&key).await, Err(Error::RateLimited { .. })));
    assert_eq!(home.asked.load(SeqCst), 2, "which is not asked again while its window can only fill");
    for cell in [&home, &abroad] {
        cell.house.clock.advance(rate.window);
    }
    assert!(abroad.ask(&key).await.is_ok());
}

#[tokio::test]
async fn wrong_pairs_count_against_their_callers_address_where_it_is_known() {
    let (home, abroad, _, key) = two().await;
    for guess in 0..25 {
        let wrong = abroad.ask_with(&key, &format!("guess {guess}")).await;
        assert!(matches!(wrong, Err(Error::WrongCredentials)), "{guess}: {wrong:?}");
    }
    assert!(matches!(abroad.ask_with(&key, "guess").await, Err(Error::RateLimited { .. })));
    assert_eq!(home.asked.load(SeqCst), 25, "the home is not asked about more");
    let other = Caller { address: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)), ..abroad.house.caller.clone() };
    let (name, secret) = (key.key.name.as_str(), &key.secret);
    assert!(verify::account(abroad.core(), &other, name, secret).await.is_ok());
    assert!(home.ask(&key).await.is_ok(), "nobody guessed there");
}

#[tokio::test]
async fn guesses_at_one_moment_are_no_more_than_those_one_after_the_other() {
    let (home, abroad, _, key) = two().await;
    let mut all = JoinSet::new();
    for guess in 0..100 {
        let (core, caller) = (abroad.core().clone(), abroad.house.caller.clone());
        let (name, secret) = (key.key.name.clone(), Secret::new(format!("guess {guess}")));
        all.spawn(async move { verify::account(&core, &caller, name.as_str(), &secret).await });
    }
    let outcomes = all.join_all().await;
    let wrong = outcomes.iter().filter(|it| matches!(it, Err(Error::WrongCredentials))).count();
    let unheard = outcomes.iter().filter(|it| matches!(it, Err(Error::RateLimited { .. }))).count();
    assert_eq!((wrong, unheard, home.asked.load(SeqCst)), (25, 75, 25));
}

#[tokio::test]
async fn good_pairs_use_up_nothing_of_their_address() {
    let (home, abroad, pool, _) = two().await;
    let rate = RateLimit { calls: 1_000, window: Duration::from_secs(5) };
    let key = home.key(&pool, Some(rate)).await;
    abroad.hear(&home, "in21").await;
    home.is_away.store(true, SeqCst);
    for _ in 0..50 {
        assert!(matches!(abroad.ask(&key).await, Err(Error::HomeAway { .. })));
    }
    home.is_away.store(false, SeqCst);
    let key_of = |number: u32| home.key(&pool, Some(RateLimit { calls: 1_000 + number, ..rate }));
    for number in 0..50 {
        let key = key_of(number).await;
        abroad.hear(&home, "in21").await;
        assert!(abroad.ask(&key).await.is_ok(), "{number}");
    }
}

#[tokio::test]
async fn while_all_places_for_asking_a_home_are_taken_others_wait_a_moment_and_are_told_so() {
    let (home, abroad, pool, key) = two().await;
    let late = home.key(&pool, None).await;
    abroad.hear(&home, "in21").await;
    let hold = home.held.write().await;
    let mut all = JoinSet::new();
    for asker in 0..64 {
        let (core, name, secret) = (abroad.core().clone(), key.key.name.clone(), key.secret.clone());
        let address = IpAddr::V4(Ipv4Addr::new(198, 51, 100, asker));
        let caller = Caller { address, ..abroad.house.caller.clone() };
        all.spawn(async move { verify::account(&core, &caller, name.as_str(), &secret).await });
    }
    while home.asked.load(SeqCst) < 64 {
        tokio::task::yield_now().await;
    }
    let busy = abroad.ask(&late).await;
    assert!(matches!(busy, Err(Error::Unavailable { retry_after }) if !retry_after.is_zero()), "{busy:?}");
    let peer = abroad.core().cells().unwrap().peer(&code("in21")).unwrap();
    assert_eq!((peer.asked(), peer.away(), peer.busy()), (64, 0, 1));
    let (waited, ()) = tokio::join!(abroad.ask(&late), async { drop(hold) });
    assert!(waited.is_ok(), "a place that is given back meanwhile is taken: {waited:?}");
    assert_eq!(peer.busy(), 1);
    assert_eq!(all.join_all().await.len(), 64);
}

#[tokio::test]
async fn verify_never_takes_another_cells_word_and_names_the_home() {
    let (_home, abroad, _, key) = two().await;
    abroad.ask(&key).await.unwrap();
    let here = code("us11");
    let asked = verify::by_key(abroad.core(), None, key.key.name.as_str(), &key.secret, Some(&here)).await;
    let region = verify::Reason::Region { host: "api.in21.example".to_owned() };
    assert_eq!(asked.err(), Some(region));
    let sent = cells::sent_home(abroad.core(), key.key.name.as_str()).await;
    assert!(matches!(sent, Err(Error::WrongRegion { host }) if host == "api.in21.example"));
    assert!(cells::sent_home(abroad.core(), "u$r00000000000000000000000000000000").await.is_ok());
}

#[tokio::test]
async fn until_a_directory_was_read_whole_an_unknown_key_may_be_somebodys() {
    let (home, abroad) = (Cell::new("in21").await, Cell::new("us11").await);
    home.join("in21", &abroad, "us11").await;
    abroad.join("us11", &home, "in21").await;
    let pool = home.pool("acme", 7_001).await;
    let key = home.key(&pool, None).await;
    assert!(matches!(abroad.ask(&key).await, Err(Error::HomeAway { .. })));
    let zenith = abroad.pool("zenith", 9_001).await;
    let own = abroad.key(&zenith, None).await;
    assert!(matches!(abroad.ask_with(&own, "wrong").await, Err(Error::WrongCredentials)));
    abroad.hear(&home, "in21").await;
    assert!(abroad.ask(&key).await.is_ok());
    let secret = Secret::new("wrong");
    let unknown =
        verify::account(abroad.core(), &abroad.house.caller, "u$r00000000000000000000000000000000", &secret);
    assert!(matches!(unknown.await, Err(Error::WrongCredentials)));
}

#[tokio::test]
async fn a_tenant_of_another_cell_is_found_by_its_door_and_made_by_nobody_else() {
    let (_home, abroad, _, _) = two().await;
    let slug = Slug::parse("acme").unwrap();
    let sent = cells::tenant_elsewhere(abroad.core(), &slug, Dialect::Salesseek).await.unwrap();
    assert!(matches!(sent, Some(Error::WrongRegion { host }) if host == "acme.in21.example"));
    let bookingbug = cells::tenant_elsewhere(abroad.core(), &slug, Dialect::Bookingbug).await.unwrap();
    assert!(bookingbug.is_none(), "it has no such door");
    let new = |slug: &str, number| tenants::NewTenant {
        parent: None,
        slug: Slug::parse(slug).unwrap(),
        number: CompanyNumber::new(number).ok(),
        display_name: "Acme".to_owned(),
        region: None,
        policy: Policy::default(),
        profile: Vec::new(),
    };
    let (core, caller, actor) = (abroad.core(), &abroad.house.caller, &Actor::Operator);
    for taken in [new("acme", 1), new("other", 7_001)] {
        let made = tenants::create(core, caller, actor, taken).await;
        assert!(matches!(made, Err(Error::Conflict { .. })), "{made:?}");
    }
}

#[tokio::test]
async fn a_pool_that_was_carried_over_is_handed_over_by_its_region() {
    let (home, abroad, pool, key) = two().await;
    let changes = TenantChanges { region: Some(code("us11")), ..TenantChanges::default() };
    let (core, caller, actor) = (home.core(), &home.house.caller, &home.house.operator);
    tenants::edit(core, caller, actor, &pool, changes).await.unwrap();
    abroad.hear(&home, "in21").await;
    let carried = abroad.pool("acme", 7_001).await;
    assert_eq!(carried.tenant().slug, pool.tenant().slug);
    home.hear(&abroad, "us11").await;
    let back = TenantChanges { region: Some(code("in21")), ..TenantChanges::default() };
    let claimed = tenants::edit(core, caller, actor, &pool, back).await;
    assert!(matches!(claimed, Err(Error::Conflict { .. })), "{claimed:?}");
    assert!(home.ask(&key).await.is_ok(), "a key that no cell claims is answered where it is");
}

#[tokio::test]
async fn a_directory_of_many_pages_is_read_to_its_end() {
    let (home, abroad) = (Cell::new("in21").await, Cell::new("us11").await);
    let top = home.pool("acme", 1).await;
    let tenants = PAGE / 2 + 1;
    for number in 2..=tenants {
        home.house.tenant(&format!("acme-{number}"), Some(number), Some(&top), Policy::default()).await;
    }
    home.join("in21", &abroad, "us11").await;
    abroad.join("us11", &home, "in21").await;
    abroad.hear(&home, "in21").await;
    assert_eq!(cells::position(abroad.core(), &code("in21")).await.unwrap().number, tenants * 2);
    let last = Slug::parse(&format!("acme-{tenants}")).unwrap();
    assert!(cells::tenant_elsewhere(abroad.core(), &last, Dialect::Salesseek).await.unwrap().is_some());
    let peer = abroad.core().cells().unwrap().peer(&code("in21")).unwrap();
    assert_eq!((peer.pages(), peer.behind(), peer.heard_at()), (2, 0, Some(abroad.core().now())));
}

#[tokio::test]
async fn a_database_belongs_to_one_cell() {
    let (home, abroad, _, _) = two().await;
    let plan = CellPlan { name: code("ca12"), peers: vec![], first_company: None };
    let ask: AskHome = Arc::new(|_, _| Box::pin(async { Err(String::new()) }));
    let refused = home.core().join_cells(plan, ask).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    drop(abroad);
}

#[tokio::test]
async fn a_cell_that_leaves_the_others_forgets_their_names() {
    let (_home, abroad, pool, _key) = two().await;
    let new = || tenants::NewTenant {
        parent: None,
        slug: pool.tenant().slug.clone(),
        number: None,
        display_name: "Acme".to_owned(),
        region: None,
        policy: Policy::default(),
        profile: Vec::new(),
    };
    let House { core, caller, operator, .. } = &abroad.house;
    assert!(tenants::create(core, caller, operator, new()).await.is_err(), "the name is another cell's");
    core.leave_cells().await.unwrap();
    assert!(tenants::create(core, caller, operator, new()).await.is_ok());
}
