//! Opening a database on a server: several nodes at once, somebody else's tables, a schema that is not ours.

use crate::fresh::{self, few};
use doorward_model::Secret;
use doorward_store::{Db, OpenError, PostgresSettings};
use doorward_testkit_postgres::{Database, Shared, is_skipped};

/// An empty database, and settings for it.
fn empty() -> Option<(Database, PostgresSettings)> {
    if is_skipped() {
        return None;
    }
    let database = Shared::server().empty_database();
    let settings = few(&database.url());
    Some((database, settings))
}

fn refusal(settings: &PostgresSettings) -> OpenError {
    Db::open_postgres(settings).err().expect("it must be refused")
}

#[tokio::test]
async fn of_many_nodes_that_start_at_once_each_step_is_taken_once() {
    let Some((database, settings)) = empty() else { return };
    let nodes: Vec<_> = (0..6)
        .map(|_| {
            let settings = settings.clone();
            std::thread::spawn(move || Db::open_postgres(&settings).map(drop))
        })
        .collect();
    for node in nodes {
        assert_eq!(node.join().unwrap(), Ok(()));
    }
    let twice = "SELECT count(*) - count(DISTINCT version), max(version) > 7 FROM migrations";
    assert_eq!(database.sql(twice), "0|t");
}

#[test]
fn a_newer_schema_and_a_changed_migration_are_refused() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let change = |statement: &str| database.sql(statement);
    change("INSERT INTO migrations (version, name, checksum) VALUES (9999, 'future', 0)");
    change("UPDATE serving SET oldest = 9998");
    let refused = refusal(&settings);
    assert!(
        matches!(refused, OpenError::NewerSchema { database: 9999, program: 1.., oldest: 9998 }),
        "{refused}"
    );
    change("DELETE FROM serving");
    let refused = refusal(&settings);
    assert!(matches!(refused, OpenError::NewerSchema { database: 9999, .. }), "{refused}");
    change("DELETE FROM migrations WHERE version = 9999");
    change("UPDATE migrations SET checksum = 1 WHERE version = 1");
    assert!(matches!(refusal(&settings), OpenError::ChangedMigration { version: 1, .. }));
}

#[test]
fn a_database_with_somebody_elses_tables_is_left_alone() {
    for table in ["CREATE TABLE somebody_elses (n INT)", "CREATE TABLE migrations (id INT, migration TEXT)"] {
        let Some((database, settings)) = empty() else { return };
        database.sql(table);
        assert!(matches!(refusal(&settings), OpenError::ForeignDatabase { .. }), "{table}");
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(database.sql(tables), "1");
    }
}

#[test]
fn a_database_that_keeps_other_than_utf_8_is_refused() {
    let Some((database, _)) = empty() else { return };
    let odd = format!("{}_ascii", database.name());
    let create = format!("CREATE DATABASE {odd} ENCODING 'SQL_ASCII' TEMPLATE template0");
    Shared::server().sql("postgres", &create);
    let error = refusal(&few(&Shared::server().url(&odd))).to_string();
    Shared::server().sql("postgres", &format!("DROP DATABASE {odd}"));
    assert!(error.contains("UTF8"), "{error}");
}

#[test]
fn a_wrong_url_is_refused_before_anything_is_tried() {
    let error = refusal(&PostgresSettings::new(Secret::new("file:///doorward.db"))).to_string();
    assert_eq!(error, "the database URL cannot be used: it must begin with postgresql://");
}

#[tokio::test]
async fn a_copy_is_left_to_postgresqls_own_tools() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = Db::open_postgres(&settings).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let error = db.backup(&directory.path().join("copy"), |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("pg_basebackup"), "{error}");
    db.close().await;
}
