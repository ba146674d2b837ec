//! One schema text, two engines: migrations name column types by tokens.
//!
//! | token | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `{id}`, `{bytes}` | `BLOB` | `BYTEA` |
//! | `{int}` | `INTEGER` | `BIGINT` |
//! | `{text}` | `TEXT` | `TEXT COLLATE "C"` |
//! | `{clustered}` | `STRICT, WITHOUT ROWID` | nothing |
//!
//! Texts are compared and ordered as bytes on both, so that a list reads the same wherever it is kept.

/// The engine a schema text is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ddl {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Ddl {
    /// The text with every token replaced.
    pub fn render(self, text: &str) -> String {
        self.tokens().iter().fold(text.to_owned(), |text, (token, meaning)| text.replace(token, meaning))
    }

    fn tokens(self) -> [(&'static str, &'static str); 5] {
        match self {
            Self::Sqlite => [
                ("{id}", "BLOB"),
                ("{bytes}", "BLOB"),
                ("{int}", "INTEGER"),
                ("{text}", "TEXT"),
                ("{clustered}", " STRICT, WITHOUT ROWID"),
            ],
            Self::Postgres => [
                ("{id}", "BYTEA"),
                ("{bytes}", "BYTEA"),
                ("{int}", "BIGINT"),
                ("{text}", "TEXT COLLATE \"C\""),
                ("{clustered}", ""),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "CREATE TABLE t (a {id} NOT NULL, b {bytes}, c {int}, d {text}, PRIMARY KEY (a)){clustered};";

    #[test]
    fn each_engine_reads_its_own_types() {
        assert_eq!(
            Ddl::Sqlite.render(TEXT),
            "CREATE TABLE t (a BLOB NOT NULL, b BLOB, c INTEGER, d TEXT, PRIMARY KEY (a)) STRICT, WITHOUT ROWID;"
        );
        assert_eq!(
            Ddl::Postgres.render(TEXT),
            "CREATE TABLE t (a BYTEA NOT NULL, b BYTEA, c BIGINT, d TEXT COLLATE \"C\", PRIMARY KEY (a));"
        );
    }
}
