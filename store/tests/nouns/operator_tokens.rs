//! Bearer tokens of operators: every field, one hash each, and an end that stays.

use super::{ODD, POOL, at, id};
use doorward_model::{OperatorId, OperatorToken, OperatorTokenId};
use doorward_store::{Db, Error, operator_tokens, restored};

fn token(n: u8) -> OperatorToken {
    OperatorToken {
        id: OperatorTokenId::new(id(n.into())),
        operator: OperatorId::new(id(100)),
        label: ODD.to_owned(),
        scopes: vec!["manage:people:read".to_owned(), "manage:tenants:read".to_owned()],
        only_pool: None,
        expires_at: None,
        revoked_at: None,
        created_at: at(10),
        last_used_at: None,
    }
}

async fn insert(db: &Db, token: &OperatorToken, hash: [u8; 32]) -> Result<(), Error> {
    let token = token.clone();
    db.write_house(move |tx| operator_tokens::insert(tx, &token, &hash)).await
}

async fn find(db: &Db, n: u8) -> Option<OperatorToken> {
    db.read_house(move |tx| operator_tokens::find(tx, token(n).id)).await.unwrap()
}

suite! {
    async fn a_token_comes_back_as_it_was_by_id_and_by_hash(db) {
        let narrow = OperatorToken {
            only_pool: Some(POOL),
            expires_at: Some(at(50)),
            scopes: Vec::new(),
            created_at: at(5),
            ..token(4)
        };
        insert(&db, &token(3), [3; 32]).await.unwrap();
        insert(&db, &narrow, [4; 32]).await.unwrap();
        assert_eq!(find(&db, 3).await, Some(token(3)));
        let by_hash = |hash: [u8; 32]| db.read_house(move |tx| operator_tokens::find_by_hash(tx, &hash));
        assert_eq!(by_hash([4; 32]).await, Ok(Some(narrow.clone())));
        assert_eq!(by_hash([5; 32]).await, Ok(None));
        assert_eq!(db.read_house(operator_tokens::list).await, Ok(vec![narrow, token(3)]));
    }

    async fn a_hash_is_one_tokens(db) {
        insert(&db, &token(3), [3; 32]).await.unwrap();
        assert!(matches!(insert(&db, &token(4), [3; 32]).await, Err(Error::Constraint { .. })));
        assert_eq!(find(&db, 4).await, None);
    }

    async fn a_token_is_revoked_once_and_used_forwards_only(db) {
        insert(&db, &token(3), [3; 32]).await.unwrap();
        let revoke = |n, second| db.write_house(move |tx| operator_tokens::revoke(tx, token(n).id, at(second)));
        assert_eq!(revoke(3, 20).await, Ok(true));
        assert_eq!(revoke(3, 30).await, Ok(false));
        assert_eq!(revoke(9, 30).await, Ok(false));
        for second in [40, 35] {
            db.write_house(move |tx| operator_tokens::touch(tx, token(3).id, at(second))).await.unwrap();
        }
        let known = find(&db, 3).await.unwrap();
        assert_eq!((known.revoked_at, known.last_used_at), (Some(at(20)), Some(at(40))));
    }

    async fn after_a_restore_every_token_is_shut_a_few_at_a_time(db) {
        for n in 1..=3 {
            insert(&db, &token(n), [n; 32]).await.unwrap();
        }
        let shut = || db.write_house(|tx| restored::shut_operator_tokens(tx, at(60), 2));
        assert_eq!([shut().await, shut().await, shut().await], [Ok(2), Ok(1), Ok(0)]);
        for n in 1..=3 {
            assert_eq!(find(&db, n).await.unwrap().revoked_at, Some(at(60)));
        }
    }
}
