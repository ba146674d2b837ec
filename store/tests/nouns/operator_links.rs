//! Links that make operators: used once, and the first one's ended together.

use super::{at, id};
use doorward_model::{OperatorId, OperatorLinkId};
use doorward_store::operator_links::{self, OperatorLink};
use doorward_store::{Db, Error};

fn link(n: u8, makes_first: bool) -> OperatorLink {
    OperatorLink {
        id: OperatorLinkId::new(id(n.into())),
        makes_first,
        made_by: None,
        epoch: 7,
        created_at: at(10),
        ends_at: at(20),
        used_at: None,
    }
}

async fn insert(db: &Db, link: OperatorLink, hash: [u8; 32]) -> Result<(), Error> {
    db.write_house(move |tx| operator_links::insert(tx, &link, &hash)).await
}

async fn find(db: &Db, n: u8) -> Option<OperatorLink> {
    db.read_house(move |tx| operator_links::find_by_hash(tx, &[n; 32])).await.unwrap()
}

suite! {
    async fn an_operators_links_end_with_them(db) {
        let (theirs, others) = (OperatorId::new(id(100)), OperatorId::new(id(101)));
        for (n, made_by) in [(3, Some(theirs)), (4, Some(others)), (5, None)] {
            insert(&db, OperatorLink { made_by, ..link(n, false) }, [n; 32]).await.unwrap();
        }
        db.write_house(move |tx| operator_links::end_of(tx, theirs, at(15))).await.unwrap();
        for (n, used_at) in [(3, Some(at(15))), (4, None), (5, None)] {
            assert_eq!(find(&db, n).await.unwrap().used_at, used_at, "{n}");
        }
    }

    async fn a_link_comes_back_as_it_was_and_is_used_once(db) {
        insert(&db, link(3, false), [3; 32]).await.unwrap();
        assert_eq!(find(&db, 3).await, Some(link(3, false)));
        assert_eq!(find(&db, 4).await, None);
        assert!(matches!(insert(&db, link(4, true), [3; 32]).await, Err(Error::Constraint { .. })));
        let use_up = |second| db.write_house(move |tx| operator_links::use_up(tx, link(3, false).id, at(second)));
        assert_eq!([use_up(12).await, use_up(13).await], [Ok(true), Ok(false)]);
        assert_eq!(find(&db, 3).await.unwrap().used_at, Some(at(12)));
    }

    async fn those_that_are_open_are_listed(db) {
        for n in [3, 4, 5] {
            insert(&db, link(n, false), [n; 32]).await.unwrap();
        }
        insert(&db, OperatorLink { epoch: link(6, false).epoch + 1, ..link(6, false) }, [6; 32]).await.unwrap();
        db.write_house(|tx| operator_links::use_up(tx, link(4, false).id, at(12))).await.unwrap();
        let open = async |now| {
            db.read_house(move |tx| operator_links::list_open(tx, now, link(3, false).epoch)).await.unwrap()
        };
        assert_eq!(open(at(12)).await, [link(3, false), link(5, false)]);
        assert_eq!(open(link(3, false).ends_at).await, []);
    }

    async fn links_of_the_first_operator_end_together_and_others_do_not(db) {
        insert(&db, link(3, true), [3; 32]).await.unwrap();
        insert(&db, link(4, true), [4; 32]).await.unwrap();
        insert(&db, link(5, false), [5; 32]).await.unwrap();
        db.write_house(|tx| operator_links::end_first(tx, at(15))).await.unwrap();
        for (n, used_at) in [(3, Some(at(15))), (4, Some(at(15))), (5, None)] {
            assert_eq!(find(&db, n).await.unwrap().used_at, used_at, "{n}");
        }
    }
}
