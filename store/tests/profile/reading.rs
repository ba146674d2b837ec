//! The reading of the sources itself: what it makes of them, and that nothing gets past it.

use crate::profile::read::{Collected, Complaint, Source, sources_of};

fn read(file: &str, text: &str) -> Collected {
    sources_of(&[Source::new(file, text)])
}

fn found(complaints: &[Complaint]) -> Vec<&str> {
    complaints.iter().map(|it| it.found.as_str()).collect()
}

#[test]
fn statements_are_read_as_the_compiler_reads_them() {
    let collected = read(
        "store/src/noun.rs",
        r#"
        macro_rules! columns { () => { "a, b" }; }
        macro_rules! by {
            ($column:literal, $direction:literal) => {
                sql(concat!("SELECT ", columns!(), " FROM t ORDER BY ", $column, $direction))
            };
        }
        const REST: &str = "DELETE \
             FROM t";
        const BOTH: [Statement; 2] = [by!("a", " ASC"), by!("b", " DESC")];
        const GONE: Statement = sql(REST);
        impl Noun {
            const INNER: Statement = per_engine("SELECT 1", "SELECT 2");
        }
        "#,
    );
    let texts: Vec<_> = collected.texts.iter().map(|it| (it.name.as_str(), it.postgres.as_str())).collect();
    assert_eq!(
        texts,
        [
            ("BOTH[0]", "SELECT a, b FROM t ORDER BY a ASC"),
            ("BOTH[1]", "SELECT a, b FROM t ORDER BY b DESC"),
            ("GONE", "DELETE FROM t"),
            ("INNER", "SELECT 2"),
        ]
    );
    let differing: Vec<_> =
        collected.texts.iter().filter(|it| it.differs()).map(|it| it.name.as_str()).collect();
    assert_eq!(differing, ["INNER"]);
}

#[test]
fn no_text_gets_past_unread() {
    for (text, complaint) in [
        ("const A: Statement = sql(text());", "a text that is made at run time"),
        ("const A: Statement = made();", "it is neither sql(…) nor per_engine(…, …)"),
        ("fn f(tx: &mut Tx) { tx.execute(&sql(\"SELECT 1\"), &[]) }", "sql outside a constant"),
        ("fn f() { texts.iter().map(sql) }", "sql outside a constant"),
        ("fn f() { let make = per_engine; }", "per_engine outside a constant"),
        ("fn f() { made_of_schema(format!(\"{a}\")) }", "made_of_schema outside a constant"),
        ("use crate::sql as q;", "sql under another name"),
        ("use crate::Statement as S;", "Statement under another name"),
        ("fn f() { run(\"SELECT 1\") }", "an SQL text outside sql(…): \"SELECT 1\""),
        ("fn f() { run(\"select 1\") }", "an SQL text outside sql(…): \"select 1\""),
        ("const A: &str = \"DELETE FROM people\";", "an SQL text outside sql(…): \"DELETE FROM people\""),
        (
            "fn f() { format!(\"UPDATE {table} SET a = 1\") }",
            "an SQL text outside sql(…): \"UPDATE {table} SET a = 1\"",
        ),
        ("fn f(link: &Link) {}", "it speaks to Link"),
        ("fn f() { tokio_postgres::connect() }", "it speaks to tokio_postgres"),
        ("use tokio_postgres::Client;", "it speaks to tokio_postgres"),
        (
            "macro_rules! m { () => { \"a, b\" }; } const A: Statement = sql(m!()); fn f() { run(m!()) }",
            "m!, which holds SQL, outside a statement",
        ),
        (
            "macro_rules! m { () => { \"a\" }; (b) => { \"b\" }; } const A: Statement = sql(m!());",
            "m! has more than one arm, or arguments that are not `$name:literal`",
        ),
        ("macro_rules! m { () => { run(\"SELECT 1\") }; }", "an SQL text outside sql(…): \"SELECT 1\""),
    ] {
        let complaints = read("store/src/noun.rs", text).complaints;
        assert!(found(&complaints).contains(&complaint), "{text}: {complaints:?}");
    }
}

#[test]
fn what_is_beside_the_point_is_passed_over() {
    let collected = read(
        "store/src/noun.rs",
        r#"
        //! SELECT nothing.
        use crate::{Statement, sql};
        /// DELETE FROM the documentation.
        #[error("SELECT an attribute")]
        struct Failed;
        fn f() { refused("select one of these"); refused("the database was closed"); }
        #[cfg(test)]
        mod tests { fn f() { sql("SELECT 1"); } }
        "#,
    );
    assert_eq!(found(&collected.complaints), Vec::<&str>::new());
    assert!(collected.texts.is_empty());
}

#[test]
fn files_that_speak_to_sqlite_cannot_speak_to_postgresql() {
    let own = read("store/src/engine/sqlite/writer.rs", "fn f() { run(\"BEGIN IMMEDIATE\") }");
    assert!(own.complaints.is_empty() && own.texts.is_empty());
    let other = read("store/src/engine/sqlite/writer.rs", "fn f(link: &Link) {}");
    assert_eq!(found(&other.complaints), ["it speaks to Link"]);
}

#[test]
fn the_engines_own_texts_are_read_with_what_is_filled_in() {
    let collected = read(
        "store/src/engine/postgres/link.rs",
        "fn begin() { ask(&format!(\"{begin}; SET LOCAL statement_timeout = {statement}; {durability} SELECT 1\")) }",
    );
    let texts: Vec<_> = collected.texts.iter().map(|it| it.postgres.as_str()).collect();
    assert_eq!(texts, ["BEGIN; SET LOCAL statement_timeout = 1; on SELECT 1"]);
    assert_eq!(collected.senders, [("store/src/engine/postgres/link.rs".to_owned(), "begin".to_owned())]);
}
