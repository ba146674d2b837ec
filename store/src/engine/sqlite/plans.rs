//! What SQLite's planner is told about our tables: fixed figures instead of measured ones.
//!
//! Without figures the planner takes the pool, which stands first in every key, for nearly as good as a whole key, and
//! reads a pool's memberships to find one person's. Figures measured by `ANALYZE` would be those of the day it ran, and a
//! plan could change under load. So every index gets the same shape: a pool has thousands of rows, the next column finds
//! a handful, a third or a whole unique key one.

use rusqlite::{Connection, TransactionBehavior};

/// Rows of a table, and rows that one, two, three and more columns of an index find.
const SHAPE: [i64; 4] = [1_000_000, 10_000, 8, 2];

/// A table, one of its indexes, and the figures of it, as SQLite keeps them.
type Figures = (String, String, String);

/// Writes the figures for every index there is, where they are not there yet, and has the planner read them.
pub(super) fn tell(connection: &mut Connection) -> rusqlite::Result<()> {
    let wanted: Vec<Figures> = indexes(connection)?;
    // A table of two columns: what makes the table of figures where there is none costs nothing.
    connection.execute_batch("ANALYZE migrations")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if known(&transaction)? != wanted {
        transaction.execute("DELETE FROM sqlite_stat1", [])?;
        for figures in &wanted {
            let (table, index, stat) = figures;
            transaction.execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
                (table, index, stat),
            )?;
        }
    }
    transaction.commit()?;
    connection.execute_batch("ANALYZE sqlite_schema")
}

fn known(connection: &Connection) -> rusqlite::Result<Vec<Figures>> {
    let mut statement = connection.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

/// What the figures should be, in order.
fn indexes(connection: &Connection) -> rusqlite::Result<Vec<Figures>> {
    let mut statement = connection.prepare(
        "SELECT t.name AS tbl, CASE WHEN i.origin = 'pk' THEN t.name ELSE i.name END AS idx, \
         (SELECT count(*) FROM pragma_index_info(i.name)), i.\"unique\" \
         FROM sqlite_schema t JOIN pragma_index_list(t.name) i \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY tbl, idx",
    )?;
    let rows = statement.query_map([], |row| {
        let columns: i64 = row.get(2)?;
        let figures = figures(usize::try_from(columns).unwrap_or(0), row.get(3)?);
        Ok((row.get(0)?, row.get(1)?, figures))
    })?;
    rows.collect()
}

fn figures(columns: usize, is_unique: bool) -> String {
    let mut text = String::new();
    for column in 0..=columns {
        let finds = match (column, is_unique) {
            (column, true) if column == columns => 1,
            (column, _) => SHAPE.get(column).or(SHAPE.last()).copied().unwrap_or(1),
        };
        if column > 0 {
            text.push(' ');
        }
        text.push_str(&finds.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A person's own rows are found by an index that begins with pool and person, not by reading the pool.
    #[test]
    fn one_persons_rows_are_found_without_reading_the_pools() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(crate::migrate::sqlite(&mut connection).is_ok());
        for _ in 0..2 {
            tell(&mut connection).unwrap();
        }
        for (query, wanted) in [
            (
                "SELECT * FROM memberships WHERE pool = ?1 AND person = ?2 ORDER BY created_at, id",
                "memberships_by_person",
            ),
            (
                "SELECT * FROM sessions WHERE pool = ?1 AND person = ?2 ORDER BY signed_in_at, id",
                "sessions_by_person",
            ),
            (
                "SELECT * FROM access_keys WHERE pool = ?1 AND person = ?2 ORDER BY created_at, id",
                "access_keys_by_person",
            ),
            (
                "UPDATE tickets SET used_at = ?4 WHERE pool = ?1 AND person = ?2 AND purpose = ?3",
                "tickets_by_person",
            ),
            ("SELECT * FROM sessions WHERE pool = ?1 AND id = ?2", "PRIMARY KEY (pool=? AND id=?)"),
            // A page of one tenant among many, and of one person, by the index that orders it; a pool's by its key.
            (
                "SELECT * FROM events WHERE pool = ?1 AND tenant = ?2 AND id < ?3 AND id >= ?4 ORDER BY id DESC LIMIT ?5",
                "events_by_tenant (pool=? AND tenant=? AND id>? AND id<?)",
            ),
            (
                "SELECT * FROM events WHERE pool = ?1 AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4",
                "PRIMARY KEY (pool=? AND id>? AND id<?)",
            ),
            (
                "SELECT * FROM events WHERE pool = ?1 AND person = ?2 AND (at, id) < (?3, ?4) AND at >= ?5 \
                 ORDER BY at DESC, id DESC LIMIT ?6",
                "events_by_person",
            ),
            (
                "SELECT * FROM events WHERE pool = ?1 AND person = ?2 AND at = ?3 ORDER BY id LIMIT ?4",
                "events_by_person (pool=? AND person=? AND at=?)",
            ),
            (
                "SELECT * FROM sessions WHERE pool = ?1 AND tenant = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
                "sessions_by_tenant",
            ),
            (
                "SELECT * FROM consents WHERE pool = ?1 AND terms = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
                "consents_by_terms",
            ),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
            let mut rows = statement.raw_query();
            let plan: String = rows.next().unwrap().unwrap().get(3).unwrap();
            assert!(plan.contains(wanted), "{plan}");
        }
    }

    #[test]
    fn more_columns_find_fewer_rows_and_a_whole_unique_key_finds_one() {
        assert_eq!(figures(1, true), "1000000 1");
        assert_eq!(figures(4, true), "1000000 10000 8 2 1");
        assert_eq!(figures(2, false), "1000000 10000 8");
    }
}
