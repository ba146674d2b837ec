//! Which database: one of two, and a URL that is a secret.

use super::{read, read_with, refused};
use doorward_server::config::show;

#[test]
fn of_two_databases_one_is_asked_for() {
    let postgres = "[store.postgres]\nurl = \"postgresql://me@db.example/doorward\"\n";
    let both = format!("[store.sqlite]\nreaders = 3\n{postgres}");
    let refusal = "doorward.toml:4:7: store.postgres.url: [store.sqlite] is given too: keep one of the two";
    assert_eq!(refused(&both), refusal);
    let by_variable =
        read_with(postgres, &[("DOORWARD_STORE__SQLITE__PATH", "x.db")]).unwrap_err().to_string();
    assert!(by_variable.contains("keep one of the two"), "{by_variable}");
    assert!(refused("[store.postgres]\nwriters = 3").contains("store.postgres.url: is missing"));
    assert!(read("[store.sqlite]\n[store.postgres]\n").unwrap().config.store.postgres.is_none());
}

#[test]
fn a_database_url_is_a_secret_and_its_mistakes_are_told_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "postgresql://me:canary@db.example,two.example/doorward\n").unwrap();
    let by_file = read(&format!("[store.postgres]\nurl_file = {path:?}\nwriters = 7")).unwrap();
    let postgres = by_file.config.store.postgres.clone().unwrap();
    assert_eq!(postgres.writers, 7);
    assert_eq!(by_file.config.store.place(), "db.example:5432,two.example:5432/doorward");
    let variable = ("DOORWARD_STORE__POSTGRES__URL", "postgresql://me:canary@db.example/doorward");
    let by_variable = read_with("", &[variable]).unwrap();
    for loaded in [by_file, by_variable] {
        let printed = format!("{} {loaded:?}", show(&loaded));
        assert!(!printed.contains("canary"), "{printed}");
    }
    for (url, expected) in [
        ("mysql://me:canary@db.example/doorward", "it must begin with postgresql://"),
        ("postgresql://me:canary@db.example", "it names no database"),
        ("postgresql://me:can@canary@db.example/doorward", "@ is %40"),
        ("postgresql://me:canary@db.example/doorward?sslmode=prefer", "may silently go without TLS"),
        ("postgresql://me:canary@db.example/doorward?sslrootcert=/nowhere.pem", "/nowhere.pem"),
    ] {
        let refusal = refused(&format!("[store.postgres]\nurl = {url:?}"));
        let place = "doorward.toml:2:7: store.postgres.url: the database URL cannot be used: ";
        assert!(refusal.starts_with(place) && refusal.contains(expected), "{refusal}");
        assert!(!refusal.contains("canary"), "{refusal}");
    }
}
