//! Logos: one a tenant, as its bytes are.

use super::{OTHER, POOL, at, id};
use doorward_model::TenantId;
use doorward_store::logos;

const TENANT: TenantId = TenantId::new(id(7));

suite! {
    async fn a_tenant_has_one_logo_and_the_newest_holds(db) {
        let found = |pool| db.read(pool, |tx| logos::find(tx, TENANT));
        assert_eq!(found(POOL).await, Ok(None));
        let first: Vec<u8> = (0..=255).collect();
        for png in [first, b"\0\x89PNG\r\n\x1a\n'".to_vec()] {
            let set = png.clone();
            db.write(POOL, move |tx| logos::set(tx, TENANT, &set, at(1))).await.unwrap();
            assert_eq!(found(POOL).await, Ok(Some(png)));
            assert_eq!(found(OTHER).await, Ok(None));
        }
        assert_eq!(db.write(OTHER, |tx| logos::delete(tx, TENANT)).await, Ok(false));
        assert_eq!(db.write(POOL, |tx| logos::delete(tx, TENANT)).await, Ok(true));
        assert_eq!(db.write(POOL, |tx| logos::delete(tx, TENANT)).await, Ok(false));
        assert_eq!(found(POOL).await, Ok(None));
    }
}
