//! A statement, parsed: its words, and its tree as data.
//!
//! Rules walk the tree as JSON instead of matching on the parser's types, so that they reach every corner of it and see what
//! they do not know.

use crate::profile::read::{Origin, Text};
use serde_json::{Map, Value};
use sqlparser::{
    dialect::PostgreSqlDialect,
    parser::Parser,
    tokenizer::{Token, Tokenizer, Whitespace},
};

/// Words an SQL text begins with.
const VERBS: &[&str] = &[
    "ABORT",
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DISCARD",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "GRANT",
    "INSERT",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "PRAGMA",
    "PREPARE",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SECURITY",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNLISTEN",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

/// What may stand before them.
const BEFORE_SQL: [char; 4] = [' ', '\n', ';', '('];

/// Fields that say where something stood in the text, and not what it is.
const PLACES: &[&str] = &["span", "token"];

/// One statement.
pub(super) struct Parsed {
    /// What it is called in a complaint.
    pub(super) name: String,
    pub(super) text: String,
    /// Words and signs; words that are not quoted in upper case.
    pub(super) words: Vec<String>,
    /// What it says; `Err` with the parser's words for what it cannot read.
    pub(super) tree: Result<Value, String>,
}

/// The statements of a text.
pub(super) fn statements(text: &Text) -> Vec<Parsed> {
    let tokens =
        tokens(&text.postgres).unwrap_or_else(|error| panic!("{}: {}: {error}", text.file, text.name));
    let parts = tokens.split(|token| *token == Token::SemiColon);
    parts.map(|part| Parsed::of(text, part)).filter(|parsed| !parsed.words.is_empty()).collect()
}

/// Whether a string in the program is SQL rather than something for people to read. What is filled in at its beginning is
/// passed over.
pub(super) fn looks_like_sql(text: &str) -> bool {
    let text = text.trim_start_matches(BEFORE_SQL);
    let text = text
        .strip_prefix('{')
        .and_then(|filled_in| filled_in.split_once('}'))
        .map_or(text, |(_, behind)| behind.trim_start_matches(BEFORE_SQL));
    let first = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    let is_shouted = first.chars().all(|letter| letter.is_ascii_uppercase());
    VERBS.contains(&first.to_ascii_uppercase().as_str())
        && (is_shouted || Parser::parse_sql(&PostgreSqlDialect {}, text).is_ok())
}

impl Parsed {
    fn of(text: &Text, tokens: &[Token]) -> Self {
        let words: Vec<String> = tokens.iter().filter_map(word).collect();
        let single: String = tokens.iter().filter(|it| !is_comment(it)).map(ToString::to_string).collect();
        let single = single.trim().to_owned();
        let tree = Parser::parse_sql(&PostgreSqlDialect {}, &single)
            .map_err(|error| error.to_string())
            .and_then(|all| serde_json::to_value(all.first()).map_err(|error| error.to_string()))
            .map(cleaned);
        let name = match text.origin {
            Origin::Statement | Origin::Engine => text.name.clone(),
            Origin::Migration => object(&words),
        };
        Self { name, text: single, words, tree }
    }

    /// Whether it begins with these words; `|` between those of which any may stand there, `*` at the end of a word that may
    /// be missing.
    pub(super) fn begins(&self, pattern: &str) -> bool {
        let mut words = self.words.iter().map(String::as_str).peekable();
        pattern.split(' ').all(|part| {
            let (choices, is_optional) = part.strip_suffix('*').map_or((part, false), |it| (it, true));
            let is_there = words.peek().is_some_and(|word| choices.split('|').any(|choice| choice == *word));
            if is_there {
                words.next();
            }
            is_there || is_optional
        })
    }

    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    /// What it says, if it is of this kind: `Query`, `Insert`, `CreateTable` and so on.
    pub(super) fn part(&self, kind: &str) -> Option<&Value> {
        self.tree.as_ref().ok()?.get(kind)
    }

    /// Every value under this key, however deep.
    pub(super) fn all(&self, key: &str) -> Vec<&Value> {
        self.tree.as_ref().map_or_else(|_| Vec::new(), |tree| all(tree, key))
    }

    /// The functions it calls, in lower case.
    pub(super) fn functions(&self) -> Vec<String> {
        self.all("Function").into_iter().filter_map(|call| name(call.get("name")?)).collect()
    }
}

/// Every value under a key, however deep, outermost first.
pub(super) fn all<'a>(tree: &'a Value, key: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    gather(tree, key, &mut found);
    found
}

fn gather<'a>(tree: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    if let Some(fields) = tree.as_object() {
        for (name, value) in fields {
            if name == key {
                found.push(value);
            }
            gather(value, key, found);
        }
    } else if let Some(elements) = tree.as_array() {
        elements.iter().for_each(|element| gather(element, key, found));
    }
}

/// The elements of a list; none for anything else.
pub(super) fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A name as it is written: `table`, or `schema.table`.
pub(super) fn name(value: &Value) -> Option<String> {
    let parts = list(Some(value)).iter().map(|part| {
        let part = part.get("Identifier").unwrap_or(part);
        part.get("value").and_then(Value::as_str).map(str::to_ascii_lowercase)
    });
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.join(".")).filter(|name| !name.is_empty())
}

/// A column of an expression, with what stands before its dot.
pub(super) fn column(expression: &Value) -> Option<(Option<String>, String)> {
    if let Some(only) = expression.get("Identifier") {
        return Some((None, only.get("value")?.as_str()?.to_ascii_lowercase()));
    }
    let full = name(expression.get("CompoundIdentifier")?)?;
    let (before, last) = full.rsplit_once('.')?;
    Some((Some(before.to_owned()), last.to_owned()))
}

/// What a schema statement is about.
fn object(words: &[String]) -> String {
    const BEFORE: &[&str] = &[
        "CREATE", "ALTER", "DROP", "UNIQUE", "INDEX", "TABLE", "UPDATE", "INSERT", "INTO", "DELETE", "FROM",
        "IF", "NOT", "EXISTS",
    ];
    let name = words.iter().find(|word| !BEFORE.contains(&word.as_str()));
    name.map_or_else(|| "(a statement)".to_owned(), |name| name.to_ascii_lowercase())
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    Tokenizer::new(&PostgreSqlDialect {}, text).tokenize().map_err(|error| error.to_string())
}

fn word(token: &Token) -> Option<String> {
    if let Token::Word(word) = token {
        return Some(if word.quote_style.is_none() { word.value.to_uppercase() } else { token.to_string() });
    }
    (!matches!(token, Token::Whitespace(_) | Token::EOF)).then(|| token.to_string())
}

fn is_comment(token: &Token) -> bool {
    matches!(token, Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)))
}

/// The tree without places and without what is not there. A variant without content is `null` and stays.
fn cleaned(tree: Value) -> Value {
    match tree {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(key, _)| !PLACES.iter().any(|place| key.ends_with(place)));
            let cleaned = kept.map(|(key, value)| (key, cleaned(value)));
            Value::Object(cleaned.filter(|(key, value)| is_something(key, value)).collect::<Map<_, _>>())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(cleaned).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// `NULLS LAST` is `false`, and is something.
fn is_something(key: &str, value: &Value) -> bool {
    let is_variant = key.starts_with(|letter: char| letter.is_ascii_uppercase());
    let is_nothing = value.is_null()
        || value.as_bool() == Some(false) && key != "nulls_first"
        || value.as_array().is_some_and(Vec::is_empty);
    is_variant || !is_nothing
}
