//! The outbox: claimed by one worker, settled by its holder only, counted and forgotten.

use super::{ODD, OTHER, POOL, at, id};
use doorward_model::{Mail, MailId, MailKind, MailState, PoolId};
use doorward_store::{Db, Statement, Statements, Stretch, mails, restored, sql};
use uuid::Uuid;

const LEASE: Uuid = id(70);
const LATER_LEASE: Uuid = id(71);

/// What a worker never sees again.
const LEFT: Statement = sql("SELECT state, sealed, last_error FROM mails WHERE pool = $1 AND id = $2");

/// As a newer version would have queued it.
const NEWER: Statement = sql("UPDATE mails SET kind = 'postcard' WHERE pool = $1 AND id = $2");

fn mail(n: u128, pool: PoolId, second: i64) -> Mail {
    Mail {
        id: MailId::new(id(n)),
        pool: Some(pool),
        kind: MailKind::NewSignIn,
        sealed: ODD.as_bytes().to_vec(),
        attempts: 0,
        created_at: at(second),
    }
}

async fn insert(db: &Db, mail: &Mail) {
    let mail = mail.clone();
    db.write(mail.pool.unwrap(), move |tx| mails::insert(tx, &mail)).await.unwrap();
}

/// Claims until half a minute later; returns the mails by id.
async fn claim(db: &Db, lease: Uuid, now: i64, limit: i64) -> Vec<Mail> {
    let claim = db.write_house(move |tx| mails::claim(tx, lease, at(now), at(now + 30), limit));
    let mut claimed = claim.await.unwrap();
    claimed.sort_by_key(|mail| mail.id);
    claimed
}

async fn settle(db: &Db, n: u128, lease: Uuid, state: MailState, error: Option<&'static str>) {
    db.write_house(move |tx| mails::settle(tx, (POOL, MailId::new(id(n))), lease, state, at(20), error))
        .await
        .unwrap();
}

async fn left(db: &Db, n: u128) -> Option<(String, Vec<u8>, Option<String>)> {
    let read = move |tx: &mut doorward_store::Tx<'_>| {
        let values = (tx.pool(), MailId::new(id(n)));
        tx.row(&LEFT, &[&values.0, &values.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    };
    db.read(POOL, read).await.unwrap()
}

async fn count(db: &Db, pool: PoolId, first: u128) -> i64 {
    db.read(pool, move |tx| mails::count_since(tx, MailId::new(id(first)))).await.unwrap()
}

suite! {
    async fn due_mails_of_all_pools_are_claimed_whole_and_by_one_worker(db) {
        for mail in [mail(3, POOL, 10), mail(4, OTHER, 10), mail(5, POOL, 11)] {
            insert(&db, &mail).await;
        }
        assert_eq!(claim(&db, LEASE, 9, 10).await, []);
        let first = |mail| Mail { attempts: 1, ..mail };
        assert_eq!(claim(&db, LEASE, 10, 10).await, [first(mail(3, POOL, 10)), first(mail(4, OTHER, 10))]);
        assert_eq!(claim(&db, LATER_LEASE, 11, 10).await, [first(mail(5, POOL, 11))]);
        assert_eq!(claim(&db, LATER_LEASE, 12, 10).await, []);
    }

    async fn a_mail_of_a_kind_that_a_newer_version_knows_holds_up_no_other(db) {
        insert(&db, &mail(3, POOL, 10)).await;
        insert(&db, &mail(4, POOL, 11)).await;
        let newer = |tx: &mut doorward_store::Tx<'_>| {
            let (pool, of) = (tx.pool(), MailId::new(id(3)));
            tx.execute(&NEWER, &[&pool, &of]).map(drop)
        };
        db.write(POOL, newer).await.unwrap();
        let first = |mail| Mail { attempts: 1, ..mail };
        assert_eq!(claim(&db, LEASE, 12, 9).await, [first(mail(4, POOL, 11))]);
        assert_eq!(left(&db, 3).await, Some(("queued".to_owned(), ODD.into(), None)), "it waits for who knows it");
        let all = MailId::new(Uuid::max());
        let listed = db.read(POOL, move |tx| mails::list_before(tx, None, all, 10)).await.unwrap();
        let kinds: Vec<_> = listed.iter().map(|seen| seen.kind.as_str()).collect();
        assert_eq!(kinds, ["new_sign_in", "postcard"], "and is shown by the name it has");
        let tried: Vec<_> = listed.iter().map(|seen| (seen.is_claimed, seen.attempts)).collect();
        assert_eq!(tried, [(true, 1), (false, 0)], "as nobody's, and not as tried");
    }

    async fn the_longest_due_are_claimed_first_up_to_the_limit(db) {
        for (n, second) in [(3, 12), (4, 10), (5, 11)] {
            insert(&db, &mail(n, POOL, second)).await;
        }
        let ids = |mails: Vec<Mail>| mails.iter().map(|mail| mail.id.uuid().as_u128()).collect::<Vec<_>>();
        assert_eq!(ids(claim(&db, LEASE, 20, 2).await), [4, 5]);
        assert_eq!(ids(claim(&db, LEASE, 20, 2).await), [3]);
    }

    async fn a_lease_that_ran_out_passes_on_and_its_first_holder_settles_nothing(db) {
        insert(&db, &mail(3, POOL, 10)).await;
        claim(&db, LEASE, 10, 1).await;
        let again = claim(&db, LATER_LEASE, 40, 1).await;
        assert_eq!(again, [Mail { attempts: 2, ..mail(3, POOL, 10) }]);
        settle(&db, 3, LEASE, MailState::Sent, None).await;
        db.write_house(|tx| mails::retry(tx, (POOL, mail(3, POOL, 10).id), LEASE, at(0), "late")).await.unwrap();
        assert_eq!(left(&db, 3).await, Some(("queued".to_owned(), ODD.into(), None)));
        assert_eq!(claim(&db, LEASE, 69, 1).await, []);

        settle(&db, 3, LATER_LEASE, MailState::Sent, None).await;
        assert_eq!(left(&db, 3).await, Some(("sent".to_owned(), Vec::new(), None)));
        settle(&db, 3, LATER_LEASE, MailState::Failed, Some("twice")).await;
        assert_eq!(left(&db, 3).await, Some(("sent".to_owned(), Vec::new(), None)));
        assert_eq!(claim(&db, LEASE, 1_000, 1).await, []);
    }

    async fn a_mail_put_back_is_due_again_and_one_given_up_is_erased(db) {
        insert(&db, &mail(3, POOL, 10)).await;
        claim(&db, LEASE, 10, 1).await;
        db.write_house(|tx| mails::retry(tx, (POOL, mail(3, POOL, 10).id), LEASE, at(15), ODD)).await.unwrap();
        assert_eq!(left(&db, 3).await, Some(("queued".to_owned(), ODD.into(), Some(ODD.to_owned()))));
        assert_eq!(claim(&db, LATER_LEASE, 14, 1).await, []);
        assert_eq!(claim(&db, LATER_LEASE, 15, 1).await, [Mail { attempts: 2, ..mail(3, POOL, 10) }]);
        settle(&db, 3, LATER_LEASE, MailState::Failed, Some(ODD)).await;
        assert_eq!(left(&db, 3).await, Some(("failed".to_owned(), Vec::new(), Some(ODD.to_owned()))));
    }

    async fn a_dropped_mail_is_never_claimed_nor_counted_and_holds_nothing(db) {
        insert(&db, &mail(3, POOL, 10)).await;
        db.write(POOL, |tx| mails::insert_dropped(tx, &mail(4, POOL, 10))).await.unwrap();
        assert_eq!(claim(&db, LEASE, 20, 10).await.len(), 1);
        let (state, sealed, _) = left(&db, 4).await.unwrap();
        assert_eq!((state.as_str(), sealed), ("failed", Vec::new()));
        assert_eq!(count(&db, POOL, 0).await, 1);
    }

    async fn a_pools_mails_are_counted_from_an_id_on(db) {
        for n in [3, 4, 5] {
            insert(&db, &mail(n, POOL, 10)).await;
        }
        claim(&db, LEASE, 10, 10).await;
        settle(&db, 4, LEASE, MailState::Sent, None).await;
        settle(&db, 5, LEASE, MailState::Failed, None).await;
        assert_eq!([count(&db, POOL, 3).await, count(&db, POOL, 4).await, count(&db, POOL, 5).await], [2, 1, 0]);
        assert_eq!(count(&db, OTHER, 0).await, 0);
    }

    async fn what_waits_is_counted_over_all_pools_and_outlives_a_sweep(db) {
        let waiting = || db.read_house(mails::waiting);
        assert_eq!(waiting().await, Ok((0, None)));
        for mail in [mail(3, POOL, 12), mail(4, OTHER, 11), mail(5, POOL, 10)] {
            insert(&db, &mail).await;
        }
        assert_eq!(waiting().await, Ok((3, Some(at(10)))));
        claim(&db, LEASE, 20, 10).await;
        assert_eq!(waiting().await, Ok((3, Some(at(10)))));
        settle(&db, 5, LEASE, MailState::Sent, None).await;
        assert_eq!(waiting().await, Ok((2, Some(at(11)))));
        let look = |before, limit| db.read_house(move |tx| mails::look_through(tx, None, at(before), limit));
        let five = (POOL, mail(5, POOL, 10).id);
        assert_eq!(look(20, 9).await.unwrap().over, []);
        assert_eq!(look(21, 9).await, Ok(Stretch { over: vec![five], next: None }));
        assert_eq!(look(21, 1).await.unwrap().next, Some((POOL, mail(3, POOL, 12).id)));
        for (before, is_left) in [(20, true), (21, false)] {
            let forgotten = db.write_bulk(POOL, move |tx| {
                [3, 5].into_iter().try_for_each(|n| mails::forget(tx, mail(n, POOL, 10).id, at(before)))
            });
            forgotten.await.unwrap();
            assert_eq!(left(&db, 5).await.is_some(), is_left);
        }
        assert_eq!((left(&db, 5).await, waiting().await), (None, Ok((2, Some(at(11))))));
    }

    async fn after_a_restore_no_mail_goes_out_and_none_keeps_its_payload(db) {
        for n in [1, 2] {
            insert(&db, &mail(n, POOL, 10)).await;
        }
        assert_eq!(claim(&db, LEASE, 10, 1).await.len(), 1);
        for rows in [1, 1, 0] {
            assert_eq!(db.write_house(|tx| restored::give_up_mails(tx, at(20), 1)).await, Ok(rows));
        }
        let given_up = Some(("failed".to_owned(), Vec::new(), Some("a backup was restored".to_owned())));
        assert_eq!((left(&db, 1).await, left(&db, 2).await), (given_up.clone(), given_up));
        assert_eq!(claim(&db, LATER_LEASE, 99, 9).await, []);
    }
}
