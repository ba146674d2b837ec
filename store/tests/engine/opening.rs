//! What an operator is told when a database cannot be opened, and that it is left as it was.

use super::probe::{self, POOL, insert};
use crate::fresh;
use doorward_store::{Db, OpenError, SqliteSettings};
use std::os::unix::fs::PermissionsExt;

fn refusal(settings: &SqliteSettings) -> OpenError {
    Db::open(settings).err().expect("it must be refused")
}

fn change(settings: &SqliteSettings, statement: &str) {
    rusqlite::Connection::open(&settings.path).unwrap().execute_batch(statement).unwrap();
}

#[tokio::test]
async fn a_new_database_and_its_log_are_for_nobody_else() {
    let (directory, settings) = fresh::no_file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    for entry in std::fs::read_dir(directory.path()).unwrap().map(Result::unwrap) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
    db.close().await;
}

#[tokio::test]
async fn a_second_process_is_kept_out_and_told_by_whom() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    let pid = std::process::id().to_string();
    assert_eq!(refusal(&settings), OpenError::Locked { path: settings.path.clone(), pid });
    db.close().await;
    assert!(Db::open(&settings).is_ok());
}

#[test]
fn a_newer_schema_is_refused_by_both_versions() {
    let (_directory, settings) = fresh::file();
    change(&settings, "INSERT INTO migrations (version, name, checksum) VALUES (9999, 'future', 0)");
    let error = refusal(&settings);
    assert!(matches!(error, OpenError::NewerSchema { database: 9999, program: 1.., .. }), "{error}");
}

#[test]
fn a_migration_that_changed_since_is_noticed() {
    let (_directory, settings) = fresh::file();
    change(&settings, "UPDATE migrations SET checksum = 1 WHERE version = 1");
    assert!(matches!(refusal(&settings), OpenError::ChangedMigration { version: 1, .. }));
}

#[test]
fn a_file_that_is_no_database_of_ours_is_left_alone() {
    let (_directory, settings) = fresh::no_file();
    let text =
        "a text that is long enough to be taken for the head of a database, which it is not\n".repeat(20);
    std::fs::write(&settings.path, &text).unwrap();
    assert_eq!(refusal(&settings), OpenError::NotADatabase { path: settings.path.clone() });
    assert_eq!(std::fs::read_to_string(&settings.path).unwrap(), text);

    std::fs::remove_file(&settings.path).unwrap();
    change(&settings, "CREATE TABLE somebody_elses (n)");
    let before = std::fs::read(&settings.path).unwrap();
    assert_eq!(refusal(&settings), OpenError::NotADatabase { path: settings.path.clone() });
    assert_eq!(std::fs::read(&settings.path).unwrap(), before);
}

#[tokio::test]
async fn a_read_only_file_is_refused_and_fine_again_when_it_is_not() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    db.close().await;

    std::fs::set_permissions(&settings.path, PermissionsExt::from_mode(0o400)).unwrap();
    assert_eq!(refusal(&settings), OpenError::ReadOnly { path: settings.path.clone() });
    std::fs::set_permissions(&settings.path, PermissionsExt::from_mode(0o600)).unwrap();
    let db = Db::open(&settings).unwrap();
    assert_eq!(probe::rows(&db).await, [1]);
    db.close().await;
}

#[test]
fn a_missing_directory_is_named() {
    let (directory, mut settings) = fresh::no_file();
    settings.path = directory.path().join("nowhere").join("doorward.db");
    assert_eq!(refusal(&settings), OpenError::DirectoryMissing { path: directory.path().join("nowhere") });
}

#[test]
fn a_directory_is_no_database() {
    let (directory, mut settings) = fresh::no_file();
    settings.path = directory.path().join("folder");
    std::fs::create_dir(&settings.path).unwrap();
    assert_eq!(refusal(&settings), OpenError::NotADatabase { path: settings.path.clone() });
}
