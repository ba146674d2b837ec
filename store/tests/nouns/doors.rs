//! Doors: one per name and one per host.

use super::{ODD, POOL, assert_breaks, id};
use crate::fresh::listen;
use doorward_model::{Dialect, Door, DoorId, DoorSettings, HostPattern, RegionCode};
use doorward_store::{Db, Error, Invalidation, Statement, Statements, doors, sql};

fn door(n: u128, name: &str, host: &str) -> Door {
    Door {
        id: DoorId::new(id(n)),
        name: name.to_owned(),
        host: HostPattern::parse(host).unwrap(),
        base_url: "https://{slug}.example".to_owned(),
        dialect: Dialect::Salesseek,
        tenant: None,
        settings: DoorSettings::default(),
        version: 1,
    }
}

/// As programs wrote a door before doors had a version.
const PUT_BEFORE: Statement = sql("INSERT INTO doors (id, name, host, base_url, dialect, settings) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET host = $3, settings = $6");

async fn put(db: &Db, door: &Door) -> Result<(), Error> {
    let door = door.clone();
    db.write_house(move |tx| doors::put(tx, &door)).await
}

suite! {
    async fn doors_come_back_by_name_and_caches_hear_of_them(db) {
        let heard = listen(&db);
        let bare = door(1, ODD, "{slug}.sales.example");
        let full = Door {
            dialect: Dialect::Leadsquared,
            tenant: Some((POOL, POOL.root())),
            settings: DoorSettings {
                require_api_key: false,
                region: RegionCode::parse("eu-1"),
                cookie_name: Some("session".to_owned()),
                origins: vec!["https://app.example".to_owned(), ODD.to_owned()],
            },
            ..door(2, "A", "api.example")
        };
        for door in [&bare, &full] {
            put(&db, door).await.unwrap();
        }
        assert_eq!(db.read_house(doors::list).await, Ok(vec![full, bare]));
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors; 2]);
    }

    async fn a_door_is_replaced_by_its_name_and_keeps_its_id(db) {
        let before = Door { tenant: Some((POOL, POOL.root())), ..door(1, "a", "one.example") };
        put(&db, &before).await.unwrap();
        put(&db, &Door { dialect: Dialect::Rubicrm, ..door(9, "a", "two.example") }).await.unwrap();
        let after = Door { dialect: Dialect::Rubicrm, version: 2, ..door(1, "a", "two.example") };
        assert_eq!(db.read_house(doors::list).await, Ok(vec![after]));
    }

    async fn every_change_moves_the_version_whatever_the_writer_says_it_is(db) {
        let first = Door { version: 99, ..door(1, "a", "one.example") };
        let (made, changed) = (first.clone(), Door { name: "b".to_owned(), ..first });
        db.write_house(move |tx| doors::insert(tx, &made)).await.unwrap();
        for version in 1..4 {
            let found = db.read_house(|tx| doors::find(tx, DoorId::new(id(1)))).await.unwrap().unwrap();
            assert_eq!(found.version, version);
            let changed = changed.clone();
            db.write_house(move |tx| doors::update(tx, &changed)).await.unwrap();
        }
        put(&db, &changed).await.unwrap();
        assert_eq!(db.read_house(doors::list).await, Ok(vec![Door { version: 5, ..changed }]));
    }

    /// While nodes are upgraded one by one, older ones write without counting.
    async fn a_program_of_before_makes_and_changes_doors_all_the_same(db) {
        for host in ["one.example", "two.example"] {
            let settings = "{\"require_api_key\":true,\"region\":null,\"cookie_name\":null}";
            let values = (DoorId::new(id(1)), "a", host, "https://{slug}.example", "salesseek", settings);
            db.write_house(move |tx| {
                let (id, name, host, base_url, dialect, settings) = &values;
                tx.execute(&PUT_BEFORE, &[id, name, host, base_url, dialect, settings])
            })
            .await
            .unwrap();
            assert_eq!(db.read_house(doors::list).await, Ok(vec![door(1, "a", host)]));
        }
        put(&db, &door(1, "a", "one.example")).await.unwrap();
        let counted = Door { version: 2, ..door(1, "a", "one.example") };
        assert_eq!(db.read_house(doors::list).await, Ok(vec![counted]));
    }

    async fn a_host_has_one_door(db) {
        put(&db, &door(1, "a", "one.example")).await.unwrap();
        assert_breaks(put(&db, &door(2, "b", "one.example")).await, "doors.host");
    }

    async fn a_door_is_removed_once(db) {
        put(&db, &door(1, ODD, "one.example")).await.unwrap();
        let heard = listen(&db);
        for (name, was_there) in [("%", false), (ODD, true), (ODD, false)] {
            assert_eq!(db.write_house(move |tx| doors::delete(tx, name)).await, Ok(was_there));
        }
        assert_eq!(db.read_house(doors::list).await, Ok(Vec::new()));
        assert!(heard.lock().unwrap().contains(&Invalidation::Doors));
    }
}
