//! What is in a file besides its statements: the engine's own texts, and ways around this reading.

use super::{Collected, Complaint, Origin, Text, items::Piece, macros::Macros};
use crate::profile::{
    exceptions::{DEFINES_SQL, ENGINE, FILLED_IN, NEVER_SENT},
    parsed::looks_like_sql,
};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::Lit;

/// What hands a text to the driver.
const SENDERS: &[&str] = &[
    "batch",
    "batch_patiently",
    "ask",
    "batch_execute",
    "simple_query",
    "simple_query_raw",
    "query",
    "query_one",
    "query_opt",
    "query_raw",
    "query_typed",
    "query_typed_raw",
    "query_scalar",
    "execute",
    "execute_raw",
    "execute_typed",
    "prepare",
    "prepare_typed",
    "copy_in",
    "copy_out",
];

/// Names that only files of the engine may say, because who holds one can send anything.
const DRIVERS: &[&str] = &["tokio_postgres", "Link"];

/// Adds the engine's texts, and complains of what would be sent unread. `spent` are macros that made statements.
pub(super) fn collect(
    file: &str,
    pieces: &[Piece],
    macros: &Macros,
    spent: &BTreeSet<String>,
    collected: &mut Collected,
) {
    let is_engine = ENGINE.iter().any(|engine| file.starts_with(engine));
    for piece in pieces {
        let (name, found) = match piece {
            Piece::Statements { .. } => continue,
            Piece::Constant { name, value } => (name.as_str(), Found::of(value.to_token_stream())),
            Piece::Other { name, tokens } => (name.as_str(), Found::of(tokens.clone())),
            Piece::Macro { name, .. } if spent.contains(name) => continue,
            Piece::Macro { name, rules } => (name.as_str(), Found::of(rules.clone())),
            Piece::Import(tree) => {
                import(file, tree, is_engine, collected);
                continue;
            }
        };
        let mut complain = |found: String, remedy: &str| {
            collected.complaints.push(Complaint {
                file: file.to_owned(),
                name: name.to_owned(),
                rule: "readable".to_owned(),
                found,
                remedy: remedy.to_owned(),
            });
        };
        for word in found.words.iter().filter(|word| matches!(word.as_str(), "sql" | "per_engine")) {
            if file != DEFINES_SQL {
                complain(
                    format!("{word} outside a constant"),
                    "make it `const NAME: Statement = sql(…)` above the function",
                );
            }
        }
        for word in found.macros.iter().filter(|word| spent.contains(*word) && macros.is_known(word)) {
            complain(
                format!("{word}!, which holds SQL, outside a statement"),
                "make a `const NAME: Statement` of it",
            );
        }
        for word in found.words.iter().filter(|word| DRIVERS.contains(&word.as_str()) && !is_engine) {
            complain(
                format!("it speaks to {word}"),
                "leave connections to store/src/engine/postgres/ and send a Statement",
            );
        }
        let texts: Vec<_> = found.texts.iter().filter(|text| looks_like_sql(text)).collect();
        for text in texts {
            if is_never_sent(file, name, text) {
                continue;
            }
            if !is_engine {
                complain(
                    format!("an SQL text outside sql(…): {text:?}"),
                    "make it a `const NAME: Statement`",
                );
                continue;
            }
            collected.texts.push(Text {
                file: file.to_owned(),
                name: name.to_owned(),
                origin: Origin::Engine,
                postgres: filled(name, &doorward_store::Ddl::Postgres.render(text)),
                sqlite: None,
            });
        }
        if is_engine {
            let sends = found.calls.iter().any(|call| SENDERS.contains(&call.as_str()));
            collected.senders.extend(sends.then(|| (file.to_owned(), name.to_owned())));
        }
    }
}

fn is_never_sent(file: &str, name: &str, text: &str) -> bool {
    NEVER_SENT.iter().any(|(at, of, begins)| *at == file && *of == name && text.starts_with(begins))
}

/// A statement's makers keep their names, or a call of one could not be recognised.
fn import(file: &str, tree: &TokenStream, is_engine: bool, collected: &mut Collected) {
    let words = Found::of(tree.clone()).words;
    let renamed = words.windows(2).any(|pair| {
        matches!(pair, [name, by] if by == "as" && matches!(name.as_str(), "sql" | "per_engine" | "Statement"))
    });
    let speaks = words.iter().any(|word| DRIVERS.contains(&word.as_str())) && !is_engine;
    if renamed || speaks {
        collected.complaints.push(Complaint {
            file: file.to_owned(),
            name: "(an import)".to_owned(),
            rule: "readable".to_owned(),
            found: format!("use {tree}"),
            remedy:
                "import sql, per_engine and Statement by their own names, and connections in the engine only"
                    .to_owned(),
        });
    }
}

/// What is filled into a text with `{…}` at run time, by an example of it.
fn filled(name: &str, text: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, behind) = after.split_once('}').unwrap_or((after, ""));
        let known = FILLED_IN.iter().find(|(place, at, _)| *place == name && *at == hole);
        done.push_str(before);
        done.push_str(known.map_or("1", |(_, _, example)| example));
        rest = behind;
    }
    done.push_str(rest);
    done
}

/// What is of interest among tokens; attributes and documentation are not.
#[derive(Default)]
struct Found {
    words: Vec<String>,
    texts: Vec<String>,
    calls: Vec<String>,
    macros: Vec<String>,
}

impl Found {
    fn of(tokens: TokenStream) -> Self {
        let mut found = Self::default();
        found.add(tokens);
        found
    }

    fn add(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(ToString::to_string);
            let next = tokens.get(at + 1);
            match token {
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    let is_called = matches!(next, Some(TokenTree::Group(it)) if it.delimiter() == Delimiter::Parenthesis);
                    if is_called && before.as_deref() != Some("fn") {
                        self.calls.push(word.clone());
                    }
                    if matches!(next, Some(TokenTree::Punct(it)) if it.as_char() == '!') {
                        self.macros.push(word.clone());
                    }
                    self.words.push(word);
                }
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal.clone()) {
                        self.texts.push(text.value());
                    }
                }
                TokenTree::Group(group) => {
                    let is_attribute = group.delimiter() == Delimiter::Bracket
                        && matches!(before.as_deref(), Some("#" | "!"))
                        && starts_attribute(&tokens, at);
                    if !is_attribute {
                        self.add(group.stream());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

/// `#[…]` or `#![…]`, and not `vec![…]`.
fn starts_attribute(tokens: &[TokenTree], bracket: usize) -> bool {
    let sign = |back: usize| {
        bracket.checked_sub(back).and_then(|at| tokens.get(at)).map(ToString::to_string).unwrap_or_default()
    };
    sign(1) == "#" || (sign(1) == "!" && sign(2) == "#")
}
