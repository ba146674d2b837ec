//! Terms and consents: which version is current, and which consent is the evidence.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{Consent, ConsentId, DoorId, PersonId, PoolId, TenantId, Terms, TermsId};
use doorward_store::{Db, Error, Invalidation, terms};

const WHO: PersonId = PersonId::new(id(100));
const TENANT: TenantId = TenantId::new(id(1));

fn version(n: u128, effective: i64) -> Terms {
    Terms {
        id: TermsId::new(id(n)),
        tenant: TENANT,
        version: format!("{n} {ODD}"),
        url: None,
        effective_at: at(effective),
    }
}

async fn insert(db: &Db, pool: PoolId, terms: &Terms, now: i64) -> Result<(), Error> {
    let terms = terms.clone();
    db.write(pool, move |tx| terms::insert(tx, &terms, at(now))).await
}

async fn current(db: &Db, pool: PoolId, now: i64) -> Option<Terms> {
    db.read(pool, move |tx| terms::find_current(tx, TENANT, at(now))).await.unwrap()
}

suite! {
    async fn the_latest_version_whose_time_has_come_is_current(db) {
        let scheduled = Terms { url: Some(ODD.to_owned()), ..version(3, 50) };
        let corrected = version(4, 20);
        for (terms, now) in [(&scheduled, 1), (&version(6, 20), 2), (&version(5, 10), 3), (&corrected, 4)] {
            insert(&db, POOL, terms, now).await.unwrap();
        }
        assert_eq!(current(&db, POOL, 9).await, None);
        assert_eq!(current(&db, POOL, 10).await, Some(version(5, 10)));
        assert_eq!(current(&db, POOL, 49).await, Some(corrected.clone()));
        assert_eq!(current(&db, POOL, 50).await, Some(scheduled.clone()));
        assert_eq!(current(&db, OTHER, 50).await, None);
        let all = |pool| db.read(pool, |tx| terms::list(tx, TENANT));
        assert_eq!(all(POOL).await.unwrap(), [version(5, 10), corrected, version(6, 20), scheduled]);
        assert_eq!(all(OTHER).await.unwrap(), []);
    }

    async fn a_tenant_has_a_version_once(db) {
        insert(&db, POOL, &version(3, 10), 1).await.unwrap();
        let again = Terms { version: version(3, 10).version, ..version(4, 20) };
        let answer = insert(&db, POOL, &again, 1).await;
        assert_breaks(answer, "terms.pool, terms.tenant, terms.version");
        insert(&db, POOL, &Terms { tenant: TenantId::new(id(2)), ..again.clone() }, 1).await.unwrap();
        insert(&db, OTHER, &again, 1).await.unwrap();
    }

    async fn the_first_consent_stays_the_evidence(db) {
        let heard = listen(&db);
        let given = |n: u128, second| Consent {
            id: ConsentId::new(id(n)),
            person: WHO,
            terms: TermsId::new(id(3)),
            door: (n == 1).then(|| DoorId::new(id(7))),
            at: at(second),
        };
        for (n, second, is_first) in [(1, 10, true), (2, 20, false)] {
            let consent = given(n, second);
            assert_eq!(db.write(POOL, move |tx| terms::consent(tx, &consent)).await, Ok(is_first));
        }
        let when = |pool, n| db.read(pool, move |tx| terms::consented_at(tx, WHO, TermsId::new(id(n))));
        assert_eq!(when(POOL, 3).await, Ok(Some(at(10))));
        assert_eq!(when(POOL, 4).await, Ok(None));
        assert_eq!(when(OTHER, 3).await, Ok(None));
        assert_eq!(heard.lock().unwrap().first(), Some(&Invalidation::Person { pool: POOL, person: WHO }));
    }

    async fn versions_and_consents_are_listed_behind_a_place(db) {
        for n in [3, 4, 5] {
            insert(&db, POOL, &version(n, 10), 1).await.unwrap();
        }
        let elsewhere = Terms { tenant: TenantId::new(id(2)), ..version(6, 10) };
        insert(&db, POOL, &elsewhere, 1).await.unwrap();
        let before = |n| db.read(POOL, move |tx| terms::list_before(tx, TENANT, TermsId::new(id(n)), 2));
        assert_eq!(before(9).await.unwrap(), [version(5, 10), version(4, 10)]);
        assert_eq!(before(4).await.unwrap(), [version(3, 10)]);
        let find = |pool, n| db.read(pool, move |tx| terms::find(tx, TermsId::new(id(n))));
        assert_eq!(find(POOL, 6).await.unwrap(), Some(elsewhere));
        assert_eq!(find(OTHER, 6).await.unwrap(), None);

        let given = |n: u128, who: u128, to: u128| Consent {
            id: ConsentId::new(id(n)),
            person: PersonId::new(id(who)),
            terms: TermsId::new(id(to)),
            door: None,
            at: at(10),
        };
        for consent in [given(1, 100, 3), given(2, 101, 3), given(3, 100, 4), given(4, 102, 3)] {
            db.write(POOL, move |tx| terms::consent(tx, &consent)).await.unwrap();
        }
        let to = |pool, after| db.read(pool, move |tx| {
            terms::list_consents_to(tx, TermsId::new(id(3)), ConsentId::new(id(after)), 2)
        });
        assert_eq!(to(POOL, 0).await.unwrap(), [given(1, 100, 3), given(2, 101, 3)]);
        assert_eq!(to(POOL, 2).await.unwrap(), [given(4, 102, 3)]);
        assert_eq!(to(OTHER, 0).await.unwrap(), []);
        let of = |before| db.read(POOL, move |tx| terms::list_consents_of(tx, WHO, TermsId::new(id(before)), 9));
        assert_eq!(of(9).await.unwrap(), [given(3, 100, 4), given(1, 100, 3)]);
        assert_eq!(of(4).await.unwrap(), [given(1, 100, 3)]);
    }
}
