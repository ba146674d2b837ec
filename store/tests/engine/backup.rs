//! A backup is one moment, whole, private, and opens like any database.

use super::probe::{self, POOL, insert};
use crate::fresh;
use doorward_store::{Db, SqliteSettings};
use std::{
    os::unix::fs::PermissionsExt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

#[tokio::test]
async fn a_backup_taken_under_writes_holds_whole_transactions_only() {
    let (directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (db, stop) = (db.clone(), Arc::clone(&stop));
        async move {
            let mut pairs = 0;
            while !stop.load(Ordering::Relaxed) {
                db.write(POOL, move |tx| insert(tx, pairs * 2).and_then(|()| insert(tx, pairs * 2 + 1)))
                    .await
                    .unwrap();
                pairs += 1;
            }
            pairs
        }
    });
    while probe::rows(&db).await.len() < 100 {
        tokio::task::yield_now().await;
    }
    let copy = directory.path().join("copy.db");
    let last = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&last);
    db.backup(&copy, move |progress| *seen.lock().unwrap() = Some(progress)).await.unwrap();
    stop.store(true, Ordering::Relaxed);
    let pairs = writing.await.unwrap();
    db.close().await;

    let progress = last.lock().unwrap().unwrap();
    assert!(progress.total > 0 && progress.done == progress.total, "{progress:?}");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let restored = Db::open(&SqliteSettings { path: copy, readers: 1 }).unwrap();
    let rows = probe::rows(&restored).await;
    assert!(rows.len() >= 100 && rows.len().is_multiple_of(2) && rows.last() <= Some(&(pairs * 2)));
    restored.write(POOL, |tx| insert(tx, -1)).await.unwrap();
    restored.close().await;
}

#[tokio::test]
async fn a_backup_that_fails_leaves_the_earlier_one_and_no_rubbish() {
    let (directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    let copies = directory.path().join("copies");
    assert!(db.backup(&copies.join("copy.db"), |_| ()).await.is_err());
    std::fs::create_dir(&copies).unwrap();
    // A directory of that name cannot be replaced by a file.
    std::fs::create_dir(copies.join("copy.db")).unwrap();
    assert!(db.backup(&copies.join("copy.db"), |_| ()).await.is_err());
    let left: Vec<_> = std::fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["copy.db"]);
    db.close().await;
}

on_sqlite! {
    async fn what_is_in_memory_can_be_copied_to_a_file_too(db) {
        probe::create(&db).await;
        db.write(POOL, |tx| insert(tx, 5)).await.unwrap();
        let (_directory, settings) = fresh::no_file();
        db.backup(&settings.path, |_| ()).await.unwrap();
        let copy = Db::open(&settings).unwrap();
        assert_eq!(probe::rows(&copy).await, [5]);
        copy.close().await;
    }
}
