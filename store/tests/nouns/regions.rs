//! Regions: replaced by code, listed by code.

use super::{ODD, id};
use doorward_model::{Region, RegionCode, RegionId};
use doorward_store::{Db, regions};

fn region(n: u128, code: &str, hosts: &[(&str, &str)]) -> Region {
    let hosts = hosts.iter().map(|(service, host)| ((*service).to_owned(), (*host).to_owned()));
    Region {
        id: RegionId::new(id(n)),
        code: RegionCode::parse(code).unwrap(),
        name: ODD.to_owned(),
        hosts: hosts.collect(),
        version: 1,
    }
}

async fn put(db: &Db, region: &Region) {
    let region = region.clone();
    db.write_house(move |tx| regions::put(tx, &region)).await.unwrap();
}

suite! {
    async fn regions_come_back_by_code_with_their_hosts_in_order(db) {
        let us = region(1, "us-1", &[("b", "b.example"), ("a", ODD)]);
        let eu = region(2, "eu-1", &[]);
        for region in [&us, &eu] {
            put(&db, region).await;
        }
        let wanted = us.code.clone();
        assert_eq!(db.read_house(move |tx| regions::find(tx, &wanted)).await, Ok(Some(us.clone())));
        let unknown = RegionCode::parse("us-2").unwrap();
        assert_eq!(db.read_house(move |tx| regions::find(tx, &unknown)).await, Ok(None));
        assert_eq!(db.read_house(regions::list).await, Ok(vec![eu, us]));
    }

    async fn a_region_is_replaced_by_its_code_keeps_its_id_and_moves_its_version(db) {
        put(&db, &region(1, "us-1", &[])).await;
        let hosts = [("a", "a.example")];
        for version in 2..4 {
            put(&db, &Region { version: 99, ..region(9, "us-1", &hosts) }).await;
            let replaced = Region { version, ..region(1, "us-1", &hosts) };
            assert_eq!(db.read_house(regions::list).await, Ok(vec![replaced]));
        }
    }
}
