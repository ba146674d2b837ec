//! Statements: each SQL text stands once, as a constant above the function that runs it.
//!
//! Texts are portable by rule: `$1` placeholders (out of order and repeated as you like), ids and times
//! handed in, `RETURNING`, `ON CONFLICT`, no casts. What must differ per engine says so with [`per_engine`].
//! `tests/profile/` reads every text from the sources and refuses what other engines do not share
//! (`docs/decisions/sql-profile.md`).

/// An SQL text, or one per engine.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
}

/// A statement that reads the same on every engine.
pub const fn sql(text: &'static str) -> Statement {
    Statement { sqlite: text, postgres: text }
}

/// A statement that must differ. Keep these few.
pub const fn per_engine(sqlite: &'static str, postgres: &'static str) -> Statement {
    Statement { sqlite, postgres }
}

/// A statement whose text is made of the schema, the same for every engine. What makes one is named in `GENERATED` of
/// `tests/profile/exceptions.rs`, and every text it makes is read there like any other.
pub(crate) fn made_of_schema(text: String) -> Statement {
    // A statement's text lives as long as the program, and rows name it in errors. These are a handful for each table,
    // made once by a command that ends.
    sql(Box::leak(text.into_boxed_str()))
}

impl Statement {
    /// The text for SQLite.
    pub const fn sqlite(&self) -> &'static str {
        self.sqlite
    }

    /// The text for PostgreSQL.
    pub const fn postgres(&self) -> &'static str {
        self.postgres
    }
}
