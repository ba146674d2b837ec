//! Bearer tokens of applications: every field, one hash for all pools, and an end that stays.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{ApplicationId, ApplicationToken, ApplicationTokenId, Audience, PoolId};
use doorward_store::{Db, Error, Invalidation, application_tokens, lookup, restored};

fn token(n: u8) -> ApplicationToken {
    ApplicationToken {
        id: ApplicationTokenId::new(id(n.into())),
        pool: POOL,
        application: ApplicationId::new(id(100)),
        label: ODD.to_owned(),
        scopes: vec!["people:read".to_owned(), "verify".to_owned()],
        audience: Audience::Any,
        expires_at: None,
        revoked_at: None,
        created_at: at(10),
        last_used_at: None,
    }
}

async fn insert(db: &Db, pool: PoolId, token: &ApplicationToken, hash: [u8; 32]) -> Result<(), Error> {
    let token = token.clone();
    db.write(pool, move |tx| application_tokens::insert(tx, &token, &hash)).await
}

async fn find(db: &Db, pool: PoolId, n: u8) -> Option<ApplicationToken> {
    db.read(pool, move |tx| application_tokens::find(tx, token(n).id)).await.unwrap()
}

suite! {
    async fn a_token_comes_back_as_it_was_in_its_own_pool_only(db) {
        let mut narrow = token(4);
        narrow.audience = Audience::Route("crm.example/api".to_owned());
        narrow.scopes = Vec::new();
        narrow.expires_at = Some(at(50));
        insert(&db, POOL, &token(3), [3; 32]).await.unwrap();
        insert(&db, POOL, &narrow, [4; 32]).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(token(3)));
        assert_eq!(find(&db, POOL, 4).await, Some(narrow));
        assert_eq!(find(&db, OTHER, 3).await, None);
        let way = db.read_house(|tx| lookup::application_tokens::find(tx, &[3; 32])).await;
        assert_eq!(way, Ok(Some((POOL, token(3).id))));
    }

    async fn a_hash_is_unique_over_all_pools(db) {
        insert(&db, POOL, &token(3), [3; 32]).await.unwrap();
        assert_breaks(insert(&db, OTHER, &token(4), [3; 32]).await, "lookup_application_tokens.token_hash");
        assert_eq!(find(&db, OTHER, 4).await, None);
    }

    async fn tokens_of_one_application_are_listed_oldest_first(db) {
        let newest = ApplicationToken { created_at: at(20), ..token(3) };
        let of_another = ApplicationToken { application: ApplicationId::new(id(101)), ..token(5) };
        for (token, hash) in [(&newest, 3), (&of_another, 5), (&token(4), 4)] {
            insert(&db, POOL, token, [hash; 32]).await.unwrap();
        }
        let listed = |pool| db.read(pool, |tx| application_tokens::list_by_application(tx, token(3).application));
        assert_eq!(listed(POOL).await.unwrap(), [token(4), newest]);
        assert_eq!(listed(OTHER).await.unwrap(), []);
    }

    async fn a_token_is_revoked_once_and_by_its_own_pool(db) {
        insert(&db, POOL, &token(3), [3; 32]).await.unwrap();
        let heard = listen(&db);
        for (pool, second, is_revoked, seen) in
            [(OTHER, 20, false, None), (POOL, 30, true, Some(30)), (POOL, 40, false, Some(30))]
        {
            let revoked = db.write(pool, move |tx| application_tokens::revoke(tx, token(3).id, at(second))).await;
            assert_eq!(revoked, Ok(is_revoked));
            assert_eq!(find(&db, POOL, 3).await.unwrap().revoked_at, seen.map(at));
        }
        let told = Invalidation::Token { pool: POOL, token: token(3).id };
        assert!(heard.lock().unwrap().contains(&told));
    }

    async fn what_is_forgotten_leaves_no_way_behind(db) {
        insert(&db, POOL, &token(3), [3; 32]).await.unwrap();
        for (pool, is_left) in [(OTHER, true), (POOL, false)] {
            db.write(pool, |tx| application_tokens::delete(tx, token(3).id)).await.unwrap();
            assert_eq!(find(&db, POOL, 3).await.is_some(), is_left);
            let way = db.read_house(|tx| lookup::application_tokens::find(tx, &[3; 32])).await.unwrap();
            assert_eq!(way.is_some(), is_left);
        }
    }

    async fn the_last_use_never_goes_back(db) {
        insert(&db, POOL, &token(3), [3; 32]).await.unwrap();
        for (pool, used, noted) in [
            (OTHER, 20, None), (POOL, 20, Some(20)), (POOL, 15, Some(20)), (POOL, 25, Some(25)),
        ] {
            db.write(pool, move |tx| application_tokens::touch(tx, token(3).id, at(used))).await.unwrap();
            assert_eq!(find(&db, POOL, 3).await.unwrap().last_used_at, noted.map(at));
        }
    }

    async fn after_a_restore_tokens_are_revoked_and_those_that_were_keep_their_moment(db) {
        let revoked = ApplicationToken { revoked_at: Some(at(11)), ..token(3) };
        for (pool, token, hash) in [(POOL, &revoked, 3), (POOL, &token(4), 4), (OTHER, &token(5), 5)] {
            insert(&db, pool, token, [hash; 32]).await.unwrap();
        }
        for rows in [2, 0] {
            assert_eq!(db.write_house(|tx| restored::shut_tokens(tx, at(20), 2)).await, Ok(rows));
        }
        assert_eq!(find(&db, POOL, 3).await.unwrap().revoked_at, Some(at(11)));
        assert_eq!(find(&db, OTHER, 5).await.unwrap().revoked_at, Some(at(20)));
    }
}
