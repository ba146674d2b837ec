//! A real PostgreSQL server parses every text, and analyses statements against the migrated schema.
//!
//! It prints the tree it made of each, so that it is not our parser's word alone what a statement consists of, which
//! functions it calls and what types its values have.

use crate::{
    fresh,
    profile::{
        parsed,
        read::{self, Origin, Text},
        rules,
    },
};
use doorward_testkit_postgres::Database;
use std::{
    collections::BTreeSet,
    future::poll_fn,
    sync::{Arc, Mutex},
};
use tokio_postgres::{AsyncMessage, Client, NoTls, SimpleQueryMessage, error::SqlState, types::Type};

/// The types a value may have. A number written in a statement is an `int4`.
const TYPES: &[&str] = &["bytea", "int4", "int8", "text"];

/// The parts of a tree, as PostgreSQL's `nodes` call them, that statements consist of.
const NODES: &[&str] = &[
    "AGGREF",
    "ALIAS",
    "ARRAYEXPR", // of the values behind IN
    "BOOLEXPR",
    "CASEEXPR",
    "CASEWHEN",
    "CONST",
    "FROMEXPR",
    "FUNCEXPR", // LIKE … ESCAPE calls one
    "INFERENCEELEM",
    "JOINEXPR",
    "NULLTEST",
    "ONCONFLICTEXPR",
    "OPEXPR",
    "PARAM",
    "QUERY",
    "RANGETBLENTRY",
    "RANGETBLREF",
    "ROWCOMPAREEXPR",    // where a table is read on from a key
    "RTEPERMISSIONINFO", // of servers from 16 on
    "SCALARARRAYOPEXPR",
    "SORTGROUPCLAUSE",
    "SUBLINK",
    "TARGETENTRY",
    "VAR",
];

/// A connection that hears the trees.
struct Reader {
    client: Client,
    trees: Arc<Mutex<Vec<String>>>,
    _database: Database,
}

impl Reader {
    async fn connect() -> Option<Self> {
        let (database, _settings) = fresh::postgres()?;
        let (client, mut connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
        let trees: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&trees);
        tokio::spawn(async move {
            while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let Ok(AsyncMessage::Notice(notice)) = message {
                    heard.lock().unwrap().extend(notice.detail().map(str::to_owned));
                }
            }
        });
        client.batch_execute("SET debug_print_parse = on; SET client_min_messages = log").await.unwrap();
        Some(Self { client, trees, _database: database })
    }

    /// The server's tree of a statement.
    async fn tree(&self, text: &str) -> Result<String, tokio_postgres::Error> {
        self.trees.lock().unwrap().clear();
        self.client.prepare(text).await?;
        Ok(std::mem::take(&mut *self.trees.lock().unwrap()).concat())
    }

    /// The functions of a tree whose answer hangs on more than what they are given: clocks, sequences, chance, settings.
    async fn changing_functions(&self, tree: &str) -> String {
        let functions = [":funcid ", ":aggfnoid ", ":opfuncid "].map(|mark| numbers(tree, mark)).join(", ");
        let operators = numbers(tree, ":opno ");
        let clocks = tree.contains("{SQLVALUEFUNCTION").then_some("the clock or the session").into_iter();
        let question = format!(
            "SELECT proname FROM pg_proc WHERE provolatile <> 'i' AND (oid IN ({functions}) \
             OR oid IN (SELECT oprcode FROM pg_operator WHERE oid IN ({operators})))"
        );
        let messages = self.client.simple_query(&question).await.unwrap();
        let names = messages
            .iter()
            .filter_map(|message| if let SimpleQueryMessage::Row(row) = message { row.get(0) } else { None });
        names.chain(clocks).collect::<Vec<_>>().join(", ")
    }
}

/// The numbers behind a mark, as SQL lists them; 0, which is nothing's, among them.
fn numbers(tree: &str, mark: &str) -> String {
    let found = tree.split(mark).skip(1);
    let digits =
        found.map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default());
    digits.chain(["0"]).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

fn nodes(tree: &str) -> BTreeSet<&str> {
    let parts = tree.split('{').skip(1);
    parts
        .map(|rest| rest.split(|letter: char| !letter.is_ascii_uppercase()).next().unwrap_or_default())
        .collect()
}

fn place(text: &Text) -> String {
    format!("{}: {}", text.file, text.name)
}

#[tokio::test]
async fn postgresql_understands_every_text() {
    let Some(reader) = Reader::connect().await else { return };
    for text in read::the_store().texts {
        for statement in parsed::statements(&text) {
            if let Err(error) = reader.tree(&statement.text).await {
                // A migration is syntax here: the schema it begins with is gone, and it was run to make this one.
                let is_syntax = error.code() == Some(&SqlState::SYNTAX_ERROR);
                assert!(
                    text.origin == Origin::Migration && !is_syntax,
                    "{}: PostgreSQL does not understand it: {error:?}\n{}",
                    place(&text),
                    statement.text
                );
            }
        }
    }
}

#[tokio::test]
async fn to_postgresql_too_statements_consist_of_nothing_but_what_is_listed() {
    let Some(reader) = Reader::connect().await else { return };
    let known: BTreeSet<&str> = NODES.iter().copied().collect();
    for text in read::the_store().texts.iter().filter(|text| text.origin == Origin::Statement) {
        let tree = reader.tree(&text.postgres).await.unwrap();
        let nodes = nodes(&tree);
        assert!(nodes.contains("QUERY"), "{}: the server printed no tree", place(text));
        let others: Vec<_> = nodes.difference(&known).collect();
        assert!(
            others.is_empty(),
            "{}: {others:?} is new: look up whether CockroachDB and YugabyteDB have it, then list it in NODES",
            place(text)
        );
        let changing = reader.changing_functions(&tree).await;
        assert_eq!(
            changing,
            "",
            "{}: what it calls answers differently each time: hand its answer in",
            place(text)
        );
    }
}

#[tokio::test]
async fn values_have_the_few_types_of_columns() {
    let Some(reader) = Reader::connect().await else { return };
    for text in read::the_store().texts.iter().filter(|text| text.origin == Origin::Statement) {
        let prepared = reader.client.prepare(&text.postgres).await.unwrap();
        let columns = prepared.columns().iter().map(|column| column.type_().name());
        let others: Vec<_> = prepared
            .params()
            .iter()
            .map(Type::name)
            .chain(columns)
            .filter(|name| !TYPES.contains(name))
            .collect();
        assert!(others.is_empty(), "{}: values of the types {others:?}", place(text));
    }
}

#[tokio::test]
async fn clocks_sequences_and_chance_are_seen_in_postgresqls_tree() {
    let Some(reader) = Reader::connect().await else { return };
    for (text, found) in [
        ("SELECT now()", "now"),
        ("SELECT random()", "random"),
        ("SELECT nextval($1)", "nextval"),
        ("SELECT CURRENT_TIMESTAMP", "the clock or the session"),
        ("SELECT lower(code) FROM regions", ""),
    ] {
        let tree = reader.tree(text).await.unwrap();
        assert_eq!(reader.changing_functions(&tree).await, found, "{text}");
    }
}

/// An example that no server would take proves nothing.
#[tokio::test]
async fn what_the_rules_refuse_is_postgresql() {
    let Some(reader) = Reader::connect().await else { return };
    for rule in rules::all().chain([rules::LAST]) {
        for (origin, example) in rule.examples {
            for statement in parsed::statements(&Text::example(*origin, example)) {
                let answer = reader.tree(&statement.text).await;
                let is_syntax = answer.err().is_some_and(|it| it.code() == Some(&SqlState::SYNTAX_ERROR));
                assert!(!is_syntax, "{}: {}", rule.name, statement.text);
            }
        }
    }
}
