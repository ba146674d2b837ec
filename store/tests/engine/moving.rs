//! What is moved between engines: every table and column that migrations make, and everything a row may hold.

use crate::{
    fresh::{self, Fresh},
    nouns::{ODD, at, id},
};
use doorward_store::{
    Db, Kind, OpenError,
    moving::{self, Admitted, Cell, Mark, STAYS, State, Table},
};
use std::{collections::BTreeSet, sync::Arc};

/// What a database has, by its own word: `table.column`.
type Columns = BTreeSet<String>;

fn moved() -> (Vec<Table>, Columns) {
    let tables = moving::tables().unwrap();
    let columns = tables.iter().flat_map(|table| {
        table.columns.iter().map(|(column, kind)| format!("{}.{column} {kind:?}", table.name))
    });
    let columns = columns.collect();
    (tables, columns)
}

fn stays(table: &str) -> bool {
    STAYS.iter().any(|(stays, _)| *stays == table)
}

/// Whoever adds a table need not think of moving it; whoever wants it to stay says so in `STAYS`, with a reason.
#[test]
fn every_table_and_column_of_sqlite_is_moved_or_stays_for_a_reason() {
    let (_directory, settings) = fresh::file();
    let connection = rusqlite::Connection::open(&settings.path).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT t.name, c.name, c.type FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let rows: Vec<(String, String, String)> = rows.map(Result::unwrap).collect();
    let named = |declared: &str| match declared {
        "INTEGER" => Kind::Int,
        "TEXT" => Kind::Text,
        _ => Kind::Bytes,
    };
    let there = rows.iter().filter(|(table, ..)| !stays(table));
    let there: Columns =
        there.map(|(table, column, kind)| format!("{table}.{column} {:?}", named(kind))).collect();
    assert_eq!(there, moved().1);
    for (table, reason) in STAYS {
        assert!(rows.iter().any(|(name, ..)| name == table), "there is no {table} any more ({reason})");
    }
}

#[test]
fn every_table_and_column_of_postgresql_is_moved_in_the_order_of_its_key() {
    let Some((database, _settings)) = fresh::postgres() else { return };
    let rows = database.sql(
        "SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'Int' \
         WHEN 'text' THEN 'Text' ELSE 'Bytes' END FROM information_schema.columns WHERE table_schema = 'public'",
    );
    let there: Columns = rows
        .lines()
        .filter(|line| !stays(line.split('.').next().unwrap_or_default()))
        .map(str::to_owned)
        .collect();
    let (tables, columns) = moved();
    assert_eq!(there, columns);
    for table in tables {
        let key: Vec<&str> = table.key.iter().map(|at| table.columns[*at].0.as_str()).collect();
        let question = format!(
            "SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM pg_index i, \
             unnest(i.indkey::int[]) WITH ORDINALITY k (attribute, place), pg_attribute a \
             WHERE i.indrelid = '{0}'::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.attribute",
            table.name
        );
        assert_eq!(database.sql(&question), key.join(","), "{}", table.name);
    }
}

/// A table with a key of two columns.
fn tallies() -> Arc<Table> {
    Arc::new(moving::tables().unwrap().into_iter().find(|table| table.name == "tallies").unwrap())
}

fn tally(pool: u8, subject: &[u8], counted: i64) -> Vec<Cell> {
    vec![Cell::Bytes(vec![pool; 16]), Cell::Bytes(subject.to_vec()), Cell::Int(counted), Cell::Int(i64::MAX)]
}

suite! {
    /// More than one INSERT takes, in an order that is not the key's, with keys of which one begins another.
    async fn rows_are_read_on_from_any_key_in_the_same_order(db) {
        let table = tallies();
        let subjects: Vec<Vec<u8>> = (0_u8..60).map(|n| vec![n; usize::from(n % 3)]).collect();
        let mut records: Vec<_> = subjects
            .iter()
            .enumerate()
            .map(|(n, subject)| tally(u8::try_from(n / 3).unwrap(), subject, i64::try_from(n).unwrap()))
            .collect();
        records.push(tally(200, &[0xff, 0x00], -1));
        let (into, rows) = (Arc::clone(&table), records.clone());
        db.write_house(move |tx| moving::insert(tx, &into, &rows)).await.unwrap();
        let sorted = {
            let mut sorted = records.clone();
            sorted.sort_by_key(|record| key(record));
            sorted
        };
        let mut read = Vec::new();
        let mut after: Option<Vec<Cell>> = None;
        loop {
            let (from, key) = (Arc::clone(&table), after.clone());
            let batch = db.read_house(move |tx| moving::read(tx, &from, key.as_deref(), 7)).await.unwrap();
            let Some(last) = batch.last() else { break };
            after = Some(last.iter().take(2).cloned().collect());
            read.extend(batch);
        }
        assert!(read == sorted, "{} rows of {}", read.len(), sorted.len());
        let from = Arc::clone(&table);
        let (last, count) = db
            .read_house(move |tx| Ok((moving::last(tx, &from)?, moving::count(tx, &from)?)))
            .await
            .unwrap();
        assert!(last.unwrap().iter().eq(sorted.last().unwrap().iter().take(2)));
        assert_eq!(count, 61);
        assert!(!db.read_house(moving::is_empty).await.unwrap());
        let from = Arc::clone(&table);
        assert_eq!(db.write_house(move |tx| moving::clear(tx, &from)).await.unwrap(), 61);
        assert!(db.read_house(moving::is_empty).await.unwrap());
    }

    /// What a person wrote arrives as it was, and nothing is not the same as an empty text.
    async fn every_kind_of_cell_comes_back_as_it_was(db) {
        let table = moving::tables().unwrap().into_iter().find(|table| table.name == "doors").unwrap();
        let table = Arc::new(table);
        let text = |text: &str| Cell::Text(text.to_owned());
        let record = |id: u8, pool: Cell| {
            vec![
                Cell::Bytes(vec![id; 16]),
                text(&format!("{ODD} {id}")),
                text(&format!("host{id}")),
                text(""),
                text("salesseek"),
                pool,
                Cell::Null(Kind::Bytes),
                text("{}"),
                Cell::Int(7),
            ]
        };
        let records = vec![record(1, Cell::Null(Kind::Bytes)), record(2, Cell::Bytes(vec![]))];
        let (into, rows) = (Arc::clone(&table), records.clone());
        db.write_house(move |tx| moving::insert(tx, &into, &rows)).await.unwrap();
        let from = Arc::clone(&table);
        let read = db.read_house(move |tx| moving::read(tx, &from, None, 10)).await.unwrap();
        assert!(read == records);
    }
}

/// The bytes of the key's two columns.
fn key(record: &[Cell]) -> Vec<Vec<u8>> {
    let bytes = |cell: &Cell| if let Cell::Bytes(bytes) = cell { bytes.clone() } else { Vec::new() };
    record.iter().take(2).map(bytes).collect()
}

/// Opens one database or another.
type Opener<'a> = Box<dyn Fn(Admitted) -> Result<Db, OpenError> + 'a>;

/// A second connection of the same user is a node, as far as anybody can tell.
#[tokio::test]
async fn others_on_a_server_are_seen_and_ones_own_connections_are_not() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let named = |name: &str| {
        let url = format!("{}&application_name={name}", database.url());
        Db::open_postgres(&fresh::few(&url)).unwrap()
    };
    let (mover, other) = (named("mover"), Db::open_postgres(&settings).unwrap());
    let seen = mover.read_house(moving::others).await.unwrap();
    assert!(!seen.is_empty() && seen.iter().all(|name| name == "doorward"), "{seen:?}");
    other.close().await;
    mover.close().await;
    let alone = Fresh::in_file();
    assert_eq!(alone.db.read_house(moving::others).await.unwrap(), Vec::<String>::new());
}

/// What each state of a mark lets in: the usual, and who ends what would revive.
#[tokio::test]
async fn a_mark_keeps_out_whoever_has_no_business_there() {
    let (_directory, file) = fresh::file();
    let server = fresh::postgres();
    let mut openers: Vec<Opener<'_>> = vec![Box::new(move |admitted| Db::open_as(&file, admitted))];
    if let Some((_, settings)) = &server {
        openers.push(Box::new(|admitted| Db::open_postgres_as(settings, admitted)));
    }
    for open in openers {
        for (state, usable, moved_away) in [
            (State::Leaving, false, false),
            (State::Left, false, true),
            (State::Arriving, false, false),
            (State::Arrived, true, true),
        ] {
            for (admitted, is_let_in) in [(Admitted::Usable, usable), (Admitted::MovedAway, moved_away)] {
                let mark = Mark { id: id(7), state, other: "elsewhere".to_owned(), at: at(8) };
                let db = open(Admitted::AnyEnd).unwrap();
                db.write_house(move |tx| moving::put(tx, &mark)).await.unwrap();
                db.close().await;
                match open(admitted) {
                    Ok(db) => {
                        assert!(is_let_in, "{state:?} let {admitted:?} in");
                        let mark = db.read_house(moving::find).await.unwrap();
                        assert_eq!(mark.is_none(), state == State::Arrived, "who comes first takes it away");
                        db.close().await;
                    }
                    Err(refusal) => {
                        assert!(!is_let_in, "{state:?} kept {admitted:?} out: {refusal}");
                        assert!(refusal.to_string().contains("elsewhere"), "{refusal}");
                    }
                }
            }
        }
    }
}
