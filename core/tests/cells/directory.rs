//! Names of one cell in the directory of another: heard of, handed over, forgotten.

use super::stage::{Cell, code, two};
use doorward_core::cells::{self, AskHome, CellPlan, PAGE};
use doorward_core::tenants::{self, TenantChanges};
use doorward_core::{Actor, Error, verify};
use doorward_model::{CompanyNumber, Dialect, Policy, Secret, Slug};
use doorward_testkit::House;
use std::sync::Arc;

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
