//! Sessions of operators: every field, one hash each, and an end that stays.

use super::{ODD, at, id};
use doorward_model::{OperatorId, OperatorSession, OperatorSessionId};
use doorward_store::{Db, Error, operator_sessions};

fn session(n: u8) -> OperatorSession {
    OperatorSession {
        id: OperatorSessionId::new(id(n.into())),
        operator: OperatorId::new(id(100)),
        epoch: 7,
        signed_in_at: at(10),
        last_used_at: at(10),
        idle_until: at(20),
        expires_at: at(90),
        address: None,
        agent: None,
    }
}

async fn insert(db: &Db, session: &OperatorSession, hash: [u8; 32]) -> Result<(), Error> {
    let session = session.clone();
    db.write_house(move |tx| operator_sessions::insert(tx, &session, &hash)).await
}

async fn find(db: &Db, hash: [u8; 32]) -> Option<OperatorSession> {
    db.read_house(move |tx| operator_sessions::find_by_hash(tx, &hash)).await.unwrap()
}

suite! {
    async fn a_session_comes_back_as_it_was(db) {
        let full = OperatorSession {
            address: "2001:db8::1".parse().ok(),
            agent: Some(ODD.to_owned()),
            signed_in_at: at(5),
            ..session(4)
        };
        insert(&db, &session(3), [3; 32]).await.unwrap();
        insert(&db, &full, [4; 32]).await.unwrap();
        assert_eq!(find(&db, [4; 32]).await, Some(full.clone()));
        assert_eq!(find(&db, [5; 32]).await, None);
        assert_eq!(db.read_house(operator_sessions::list).await, Ok(vec![full, session(3)]));
        assert!(matches!(insert(&db, &session(5), [3; 32]).await, Err(Error::Constraint { .. })));
    }

    async fn a_session_lives_on_forwards_only(db) {
        insert(&db, &session(3), [3; 32]).await.unwrap();
        for (used, idle) in [(15, 30), (12, 25)] {
            let touch = move |tx: &mut doorward_store::HouseTx<'_>| {
                operator_sessions::touch(tx, session(3).id, at(used), at(idle))
            };
            db.write_house(touch).await.unwrap();
        }
        let known = find(&db, [3; 32]).await.unwrap();
        assert_eq!((known.last_used_at, known.idle_until), (at(15), at(30)));
    }

    async fn sessions_end_singly_by_operator_and_with_their_time(db) {
        for n in 1..=4 {
            insert(&db, &OperatorSession { idle_until: at(20 + i64::from(n)), ..session(n) }, [n; 32]).await.unwrap();
        }
        let other = OperatorSession { operator: OperatorId::new(id(101)), idle_until: at(99), ..session(5) };
        insert(&db, &other, [5; 32]).await.unwrap();
        let delete = |n| db.write_house(move |tx| operator_sessions::delete(tx, session(n).id));
        assert_eq!([delete(1).await, delete(1).await], [Ok(true), Ok(false)]);
        let sweep = |limit| db.write_house(move |tx| operator_sessions::sweep(tx, at(23), limit));
        assert_eq!([sweep(1).await, sweep(1).await], [Ok(true), Ok(false)], "the second alone was over");
        assert_eq!(db.write_house(move |tx| operator_sessions::delete_of(tx, session(3).operator)).await, Ok(2));
        assert_eq!(db.read_house(operator_sessions::list).await, Ok(vec![other]));
    }
}
