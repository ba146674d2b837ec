//! The directory of cells: what is written with its cause, in which order it is told, and whose claim stays.

use super::{POOL, assert_breaks, at, id};
use doorward_model::{
    AccessKey, AccessKeyId, AccessKeyName, CompanyNumber, Dialect, PersonId, Policy, PoolId, RegionCode,
    Slug, Tenant, TenantId, TenantStatus,
};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::directory::{self, Entry, Filled, Name, Page, Peer, Places};
use doorward_store::{Db, Error, HouseTx, Statement, Statements as _, Tx, sql, tenants};

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn slug(text: &str) -> Name {
    Name::slug(&Slug::parse(text).unwrap())
}

fn root(region: Option<&str>) -> Tenant {
    Tenant {
        id: POOL.root(),
        pool: POOL,
        parent: None,
        slug: Slug::parse("acme").unwrap(),
        number: CompanyNumber::new(7).unwrap(),
        display_name: "Acme".to_owned(),
        status: TenantStatus::Active,
        region: region.map(code),
        policy: Policy::default(),
        profile: Vec::new(),
        auth_generation: 1,
        version: 1,
        created_at: at(1),
        modified_at: at(1),
    }
}

fn child() -> Tenant {
    Tenant {
        id: TenantId::new(id(50)),
        parent: Some(POOL.root()),
        slug: Slug::parse("acme-spa").unwrap(),
        number: CompanyNumber::new(8).unwrap(),
        ..root(None)
    }
}

fn key_name() -> AccessKeyName {
    AccessKeyName::from_bytes([9; 16])
}

fn key() -> StoredAccessKey {
    let key = AccessKey {
        id: AccessKeyId::new(id(9)),
        pool: POOL,
        person: PersonId::new(id(100)),
        tenant: POOL.root(),
        name: key_name(),
        label: "export".to_owned(),
        rate: None,
        disabled: false,
        expires_at: None,
        previous_until: None,
        version: 1,
        created_at: at(1),
        last_used_at: None,
    };
    StoredAccessKey { key, secret_hash: [9; 32], previous_hash: None, generation: 1 }
}

async fn house<T: Send + 'static>(
    db: &Db,
    mut work: impl FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    db.write_house(move |tx| work(tx)).await.unwrap()
}

async fn write(
    db: &Db,
    work: impl Fn(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
) -> Result<(), Error> {
    db.write(POOL, move |tx| work(tx)).await
}

async fn begin(db: &Db) {
    assert_eq!(house(db, |tx| directory::begin(tx, &code("in21"))).await, code("in21"));
}

async fn make(db: &Db, region: Option<&'static str>) -> Result<(), Error> {
    write(db, move |tx| {
        tenants::insert(tx, &root(region))?;
        tenants::insert(tx, &child())?;
        access_keys::insert(tx, &key())
    })
    .await
}

async fn told(db: &Db, after: i64) -> Vec<(String, bool)> {
    let entries = house(db, move |tx| directory::since(tx, after, 100)).await;
    let numbers: Vec<i64> = entries.iter().map(|entry| entry.number).collect();
    assert!(numbers.is_sorted_by(|one, two| one < two), "{numbers:?}");
    entries.into_iter().map(|entry| (entry.name.text().to_owned(), entry.held)).collect()
}

async fn take(db: &Db, cell: &'static str, page: Page) -> Option<Vec<Name>> {
    house(db, move |tx| directory::take(tx, &code(cell), &page)).await
}

/// A whole log of one page.
fn page(log: &str, names: &[(&str, bool)]) -> Page {
    let entries: Vec<Entry> = (1..)
        .zip(names)
        .map(|(number, (text, held))| Entry { number, name: slug(text), held: *held })
        .collect();
    let until = i64::try_from(entries.len()).unwrap();
    let places = Places {
        hosts: vec![("api".to_owned(), "api.us11.example".to_owned())],
        doors: vec![(Dialect::Salesseek, "https://{slug}.us11.example".to_owned())],
    };
    Page { log: log.to_owned(), after: 0, entries, until, last: until, complete: true, places }
}

/// The next page of the same log.
fn further(known: &Page, text: &str, held: bool) -> Page {
    let number = known.until + 1;
    let entries = vec![Entry { number, name: slug(text), held }];
    Page { after: known.until, until: number, last: number, entries, ..known.clone() }
}

async fn holder(db: &Db, text: &str) -> Option<RegionCode> {
    let name = slug(text);
    house(db, move |tx| directory::holder(tx, &name)).await
}

/// The directory's own rows, gone as if they had never been written.
const FORGOTTEN: Statement = sql("DELETE FROM directory_own");

async fn fill(db: &Db) {
    let mut from = None;
    while let Filled::After(next) = house(db, {
        let from = from.take();
        move |tx| directory::fill(tx, from.as_ref(), 1)
    })
    .await
    {
        from = Some(next);
    }
}

/// Looked through one at a time.
async fn unannounced(db: &Db) -> Vec<(PoolId, Name)> {
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let after = from.take();
        let (names, next) = house(db, move |tx| directory::list_unannounced(tx, after.as_ref(), 1)).await;
        all.extend(names);
        from = next;
        if from.is_none() {
            return all;
        }
    }
}

suite! {
    async fn a_database_that_is_no_cells_keeps_no_directory(db) {
        make(&db, None).await.unwrap();
        assert_eq!(told(&db, 0).await, []);
        assert_eq!(house(&db, directory::head).await, None);
        assert_eq!(house(&db, |tx| directory::cell(tx)).await, None);
    }

    async fn names_are_told_in_order_from_any_number_on(db) {
        begin(&db).await;
        make(&db, Some("in21")).await.unwrap();
        let key = Name::access_key(&key_name()).text().to_owned();
        let all = ["acme", "7", "acme-spa", "8", &key].map(|text| (text.to_owned(), true));
        assert_eq!(told(&db, 0).await, all);
        assert_eq!(told(&db, 3).await, all[3..]);
        assert_eq!(house(&db, directory::head).await, Some((5, false)));
        assert_eq!(house(&db, |tx| directory::begin(tx, &code("us11"))).await, code("in21"));
    }

    async fn what_rolls_back_is_not_told(db) {
        begin(&db).await;
        let failed = write(&db, |tx| {
            tenants::insert(tx, &root(None))?;
            Err(Error::Full)
        });
        assert_eq!(failed.await, Err(Error::Full));
        assert_eq!(told(&db, 0).await, []);
    }

    async fn a_pool_that_is_given_another_region_gives_its_names_up_and_takes_them_back(db) {
        begin(&db).await;
        make(&db, None).await.unwrap();
        write(&db, |tx| tenants::update(tx, &root(Some("us11")))).await.unwrap();
        let after = told(&db, 5).await;
        assert_eq!(after.len(), 5, "{after:?}");
        assert!(after.iter().all(|(_, held)| !held), "{after:?}");
        assert_eq!(told(&db, 0).await, after, "each name once, with the latest word on it");
        write(&db, |tx| tenants::update(tx, &root(Some("in21")))).await.unwrap();
        assert!(told(&db, 0).await.iter().all(|(_, held)| *held));
        write(&db, |tx| tenants::update(tx, &root(Some("in21")))).await.unwrap();
        assert_eq!(house(&db, directory::head).await, Some((15, false)), "nothing changed, nothing is told");
    }

    async fn a_pool_of_another_region_is_not_this_cells(db) {
        begin(&db).await;
        make(&db, Some("us11")).await.unwrap();
        assert_eq!(told(&db, 0).await, []);
    }

    async fn names_from_before_the_beginning_are_filled_in_and_twice_is_once(db) {
        make(&db, None).await.unwrap();
        begin(&db).await;
        for _ in 0..2 {
            let mut from = None;
            while let Filled::After(next) = {
                let at = from.clone();
                house(&db, move |tx| directory::fill(tx, at.as_ref(), 1)).await
            } {
                from = Some(next);
            }
        }
        let key = Name::access_key(&key_name()).text().to_owned();
        let all = ["acme", "7", "acme-spa", "8", &key].map(|text| (text.to_owned(), true));
        assert_eq!(told(&db, 0).await, all);
        assert_eq!(house(&db, directory::head).await, Some((5, true)));
    }

    async fn what_others_have_nobody_makes_here_and_a_page_counts_once(db) {
        begin(&db).await;
        let first = page("log-1", &[("acme", true), ("zenith", true)]);
        assert_eq!(take(&db, "us11", first.clone()).await, Some(vec![]));
        assert_eq!(take(&db, "us11", first.clone()).await, None);
        assert_eq!(holder(&db, "acme").await, Some(code("us11")));
        assert_eq!(holder(&db, "other").await, None);
        let us11 = Peer {
            cell: code("us11"),
            log: "log-1".to_owned(),
            number: 2,
            complete: true,
            places: first.places.clone(),
        };
        assert_eq!(house(&db, |tx| directory::list_peers(tx)).await, [us11]);
        assert_breaks(make(&db, None).await, "directory_elsewhere.name");
        assert_eq!(told(&db, 0).await, []);
        assert_eq!(take(&db, "us11", further(&first, "acme", false)).await, Some(vec![]));
        make(&db, None).await.unwrap();
    }

    async fn the_first_claim_stays_and_the_next_takes_effect_when_it_is_given_up(db) {
        begin(&db).await;
        make(&db, None).await.unwrap();
        let (one, two) = (page("log-1", &[("acme", true), ("zenith", true)]), page("log-2", &[("zenith", true)]));
        assert_eq!(take(&db, "us11", one.clone()).await, Some(vec![slug("acme")]));
        assert_eq!(take(&db, "ca12", two).await, Some(vec![slug("zenith")]));
        assert_eq!(holder(&db, "acme").await, None, "it is ours");
        assert_eq!(holder(&db, "zenith").await, Some(code("us11")));
        assert_eq!(house(&db, directory::conflicts).await, 2);
        take(&db, "us11", further(&one, "zenith", false)).await.unwrap();
        assert_eq!(holder(&db, "zenith").await, Some(code("ca12")));
        write(&db, |tx| tenants::update(tx, &root(Some("us11")))).await.unwrap();
        assert_eq!(holder(&db, "acme").await, Some(code("us11")));
        assert_eq!(house(&db, directory::conflicts).await, 0);
    }

    async fn another_log_replaces_what_the_old_one_said(db) {
        begin(&db).await;
        take(&db, "us11", page("log-1", &[("gone", true), ("stays", true)])).await.unwrap();
        take(&db, "ca12", page("log-3", &[("gone", true)])).await.unwrap();
        let anew = Page { complete: false, ..page("log-2", &[("stays", true)]) };
        assert_eq!(take(&db, "us11", anew.clone()).await, Some(vec![]));
        assert_eq!(holder(&db, "gone").await, Some(code("us11")), "until the end is known");
        take(&db, "us11", Page { complete: true, ..further(&anew, "more", true) }).await.unwrap();
        assert_eq!(holder(&db, "gone").await, Some(code("ca12")));
        assert_eq!(holder(&db, "stays").await, Some(code("us11")));
        house(&db, |tx| directory::forget_others(tx, &[code("ca12")])).await;
        assert_eq!(holder(&db, "stays").await, None);
        assert_eq!(house(&db, |tx| directory::list_peers(tx)).await.len(), 1);
    }

    async fn names_that_a_program_without_cells_made_are_found_and_told(db) {
        begin(&db).await;
        make(&db, None).await.unwrap();
        fill(&db).await;
        assert_eq!(unannounced(&db).await, []);
        // What an older program does: it writes the rows, and knows of no directory.
        house(&db, |tx| tx.execute(&FORGOTTEN, &[])).await;
        let log = page("a", &[("acme", true)]);
        take(&db, "us11", log).await;
        let missing = unannounced(&db).await;
        assert_eq!(missing.len(), 5, "{missing:?}");
        let before = told(&db, 0).await;
        assert_eq!(before, []);
        house(&db, move |tx| directory::announce(tx, &missing)).await;
        let mut names = told(&db, 0).await;
        names.sort();
        assert_eq!(names.len(), 5, "{names:?}");
        assert!(names.contains(&("acme".to_owned(), true)) && names.contains(&("8".to_owned(), true)));
        assert_eq!(holder(&db, "acme").await, None, "it is served here");
        assert_eq!(house(&db, directory::conflicts).await, 1);
        assert_eq!(unannounced(&db).await, []);
    }

    async fn names_of_a_pool_that_lives_elsewhere_are_not_told(db) {
        begin(&db).await;
        make(&db, Some("us11")).await.unwrap();
        assert_eq!(unannounced(&db).await, []);
        house(&db, |tx| directory::announce(tx, &[(POOL, slug("acme"))])).await;
        assert_eq!(told(&db, 0).await, []);
    }
}
