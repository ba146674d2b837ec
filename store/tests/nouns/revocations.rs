//! The revocation log counts upwards, in the order of its commits, and holds whatever a transaction called stale.

use super::{POOL, at, id};
use doorward_model::{
    AccessKeyId, ApplicationId, ApplicationTokenId, PersonId, SessionId, TenantId, Timestamp,
};
use doorward_store::{Db, Error, Invalidation, Statements, revocations, revocations::Entry};

/// Everything in the log, by shard.
async fn log(db: &Db) -> Vec<(i64, Vec<Entry>)> {
    db.read_house(|tx| {
        let epochs = revocations::epochs(tx)?;
        epochs.into_iter().map(|(shard, _)| Ok((shard, revocations::since(tx, shard, 0, 1_000)?))).collect()
    })
    .await
    .unwrap()
}

fn session(number: u128) -> Invalidation {
    Invalidation::Session { pool: POOL, session: SessionId::new(id(number)) }
}

fn entry(value: i64, stale: Invalidation) -> Entry {
    Entry { value, stale, at: Timestamp::from_micros(0) }
}

async fn end(db: &Db, stale: Vec<Invalidation>) {
    db.write(POOL, move |tx| {
        stale.iter().for_each(|stale| tx.invalidate(*stale));
        Ok(())
    })
    .await
    .unwrap();
}

suite! {
    async fn whatever_a_transaction_calls_stale_is_appended_once_and_in_order(db) {
        let pool = POOL;
        let all = vec![
            session(11),
            Invalidation::Key { pool, key: AccessKeyId::new(id(12)) },
            Invalidation::Person { pool, person: PersonId::new(id(13)) },
            Invalidation::Tenant { pool, tenant: TenantId::new(id(14)) },
            Invalidation::Application { pool, application: ApplicationId::new(id(15)) },
            Invalidation::Token { pool, token: ApplicationTokenId::new(id(16)) },
            Invalidation::Doors,
            session(11),
            Invalidation::Everything,
        ];
        end(&db, all.clone()).await;
        let once = |(index, stale): (usize, Invalidation)| (index != 7).then_some(stale);
        let appended = all.into_iter().enumerate().filter_map(once).zip(1..).map(|(stale, value)| entry(value, stale));
        assert_eq!(log(&db).await, [(11, appended.collect::<Vec<_>>())]);
    }

    async fn what_is_rolled_back_or_refused_appends_nothing(db) {
        let failed = db.write(POOL, |tx| -> Result<(), Error> {
            tx.invalidate(session(11));
            Err(Error::Fault("no".to_owned()))
        });
        failed.await.unwrap_err();
        end(&db, vec![]).await;
        db.read(POOL, |tx| { tx.invalidate(session(11)); Ok(()) }).await.unwrap();
        assert_eq!(log(&db).await, []);
    }

    async fn too_much_at_once_is_everything(db) {
        end(&db, (0..200).map(session).collect()).await;
        assert_eq!(log(&db).await, [(0, vec![entry(1, Invalidation::Everything)])]);
    }

    async fn a_shard_counts_for_all_who_share_it_and_is_read_from_any_number_on(db) {
        for number in [1, 2, 257, 1] {
            end(&db, vec![session(number)]).await;
        }
        assert_eq!(log(&db).await, [
            (1, vec![entry(1, session(1)), entry(2, session(257)), entry(3, session(1))]),
            (2, vec![entry(1, session(2))]),
        ]);
        let two = db.read_house(|tx| revocations::since(tx, 1, 1, 1)).await.unwrap();
        assert_eq!(two, [entry(2, session(257))]);
    }

    async fn what_is_old_is_trimmed_in_pieces_and_the_count_goes_on(db) {
        let second = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(10));
        let clock = std::sync::Arc::clone(&second);
        db.set_log_clock(move || at(clock.load(std::sync::atomic::Ordering::SeqCst)));
        for now in [10, 10, 11, 12] {
            second.store(now, std::sync::atomic::Ordering::SeqCst);
            end(&db, vec![session(1)]).await;
        }
        for may_be_more in [true, true, true, false] {
            assert_eq!(db.write_house_bulk(|tx| revocations::trim(tx, at(12), 1)).await, Ok(may_be_more));
        }
        end(&db, vec![session(1)]).await;
        let left: Vec<_> = log(&db).await.remove(0).1.into_iter().map(|entry| (entry.value, entry.at)).collect();
        assert_eq!(left, [(4, at(12)), (5, at(12))]);
        assert_eq!(db.read_house(revocations::epochs).await, Ok(vec![(1, 5)]));
    }
}
