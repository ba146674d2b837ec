//! Bulk work waits for people, not people for bulk work.

use super::probe::{Held, queue, queue_bulk};
use std::sync::{Arc, Mutex};

suite! {
    async fn whoever_waits_is_served_before_bulk_work(db) {
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |what: &'static str| {
            let order = Arc::clone(&order);
            move |_tx: &mut doorward_store::Tx<'_>| {
                order.lock().unwrap().push(what);
                Ok(())
            }
        };
        let held = Held::writer(&db).await;
        let mut jobs = Vec::new();
        for _ in 0..20 {
            jobs.push(queue_bulk(&db, note("bulk")).await);
        }
        jobs.push(queue(&db, note("person")).await);
        held.let_go().await;
        for job in jobs {
            job.await.unwrap().unwrap();
        }
        assert_eq!(order.lock().unwrap().first(), Some(&"person"));
        assert_eq!(order.lock().unwrap().len(), 21);
    }
}
