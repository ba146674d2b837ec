//! SQLite's half: each statement is prepared on a migrated database, whether or not another test runs it.

use crate::{fresh, profile::read};

#[test]
fn sqlite_understands_every_statement() {
    let (_directory, settings) = fresh::file();
    let connection = rusqlite::Connection::open(&settings.path).unwrap();
    let texts = read::the_store().texts;
    for text in &texts {
        let Some(sqlite) = &text.sqlite else { continue };
        if let Err(error) = connection.prepare(sqlite) {
            panic!("{}: {}: SQLite does not understand it: {error}\n{sqlite}", text.file, text.name);
        }
    }
}
