//! What is in a file besides its statements: the engine's own texts, and ways around this reading.

use super::{Collected, Complaint, Origin, Source, Text, found::Found, items, items::Piece};
use crate::profile::{
    exceptions::{DEFINES_SQL, ENGINE, FILLED_IN, GENERATED, HANDS_OVER_GENERATED, NEVER_SENT},
    parsed::looks_like_sql,
};
use doorward_store::Ddl;
use quote::ToTokens;
use std::collections::BTreeSet;

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

/// What makes a statement, and the statement.
const MAKERS: &[&str] = &["sql", "per_engine", "made_of_schema"];
const MADE: &str = "Statement";

/// The macros that hold SQL: those this file's statements are made of, and those of all files.
pub(super) struct Spent<'a> {
    pub(super) own: &'a BTreeSet<String>,
    pub(super) all: &'a BTreeSet<String>,
}

/// Adds the engine's texts, and complains of what would be sent unread.
pub(super) fn collect(file: &str, pieces: &[Piece], spent: &Spent<'_>, collected: &mut Collected) {
    for piece in pieces {
        let is_read = match piece {
            Piece::Statements { .. } => true,
            Piece::Macro { name, .. } => spent.own.contains(name),
            Piece::Constant { .. } | Piece::Import(_) | Piece::Other { .. } => false,
        };
        if is_read {
            continue;
        }
        let (name, found) = seen(piece);
        let place =
            Place { file, name: &name, is_engine: ENGINE.iter().any(|engine| file.starts_with(engine)) };
        if matches!(piece, Piece::Import(_)) {
            place.import(&found, collected);
        } else {
            place.ways_around(&found, spent, collected);
            place.texts(&found, collected);
        }
    }
}

/// Complains where a file that is not the engine's speaks to a server.
pub(super) fn speaking(file: &str, pieces: &[Piece], collected: &mut Collected) {
    for piece in pieces {
        let (name, found) = seen(piece);
        Place { file, name: &name, is_engine: false }.speaking(&found, collected);
    }
}

/// Whether a file of another crate makes statements.
pub(super) fn says_maker(source: &Source) -> bool {
    let pieces = items::of(&source.syntax.items);
    pieces.iter().any(|piece| seen(piece).1.words.iter().any(|word| MAKERS.contains(&word.as_str())))
}

fn seen(piece: &Piece) -> (String, Found) {
    match piece {
        Piece::Statements { name, value } | Piece::Constant { name, value } => {
            (name.clone(), Found::of(value.to_token_stream()))
        }
        Piece::Macro { name, rules: tokens } | Piece::Other { name, tokens } => {
            (name.clone(), Found::of(tokens.clone()))
        }
        Piece::Import(tree) => ("(an import)".to_owned(), Found::of(tree.clone())),
    }
}

/// What is looked at.
struct Place<'a> {
    file: &'a str,
    name: &'a str,
    is_engine: bool,
}

impl Place<'_> {
    fn complaint(&self, found: String, remedy: &str) -> Complaint {
        Complaint {
            file: self.file.to_owned(),
            name: self.name.to_owned(),
            rule: "readable".to_owned(),
            found,
            remedy: remedy.to_owned(),
        }
    }

    /// A statement's makers keep their names, or a call of one could not be recognised.
    fn import(&self, found: &Found, collected: &mut Collected) {
        for pair in found.words.windows(2) {
            let [name, by] = pair else { continue };
            if by == "as" && (MAKERS.contains(&name.as_str()) || name == MADE) {
                let found = format!("{name} under another name");
                collected.complaints.push(self.complaint(found, "import it by its own name"));
            }
        }
        self.speaking(found, collected);
    }

    fn speaking(&self, found: &Found, collected: &mut Collected) {
        for word in found.words.iter().filter(|word| DRIVERS.contains(&word.as_str()) && !self.is_engine) {
            collected.complaints.push(self.complaint(
                format!("it speaks to {word}"),
                "leave connections to store/src/engine/postgres/ and send a Statement",
            ));
        }
    }

    fn ways_around(&self, found: &Found, spent: &Spent<'_>, collected: &mut Collected) {
        let makers = found.words.iter().filter(|word| MAKERS.contains(&word.as_str()));
        let hands_over = (self.file, self.name) == HANDS_OVER_GENERATED;
        for word in makers.filter(|_| self.file != DEFINES_SQL && !hands_over) {
            collected.complaints.push(self.complaint(
                format!("{word} outside a constant"),
                "make it `const NAME: Statement = sql(…)` above the function",
            ));
        }
        for word in found.macros.iter().filter(|word| spent.all.contains(*word)) {
            collected.complaints.push(self.complaint(
                format!("{word}!, which holds SQL, outside a statement"),
                "make a `const NAME: Statement` of it",
            ));
        }
        self.speaking(found, collected);
    }

    fn texts(&self, found: &Found, collected: &mut Collected) {
        let sends = found.calls.iter().any(|call| SENDERS.contains(&call.as_str()));
        if self.is_engine && sends {
            collected.senders.push((self.file.to_owned(), self.name.to_owned()));
        }
        for text in found.texts.iter().filter(|text| looks_like_sql(text) && !self.is_never_sent(text)) {
            if self.is_engine {
                collected.texts.push(Text {
                    file: self.file.to_owned(),
                    name: self.name.to_owned(),
                    origin: Origin::Engine,
                    postgres: self.filled(&Ddl::Postgres.render(text)),
                    sqlite: None,
                });
            } else {
                let found = format!("an SQL text outside sql(…): {text:?}");
                collected.complaints.push(self.complaint(found, "make it a `const NAME: Statement`"));
            }
        }
    }

    fn is_never_sent(&self, text: &str) -> bool {
        let is_meant = |file: &str, name: &str| file == self.file && name == self.name;
        // What a generator makes is read whole, for every table.
        GENERATED.iter().any(|(file, name)| is_meant(file, name))
            || NEVER_SENT.iter().any(|(file, name, begins)| is_meant(file, name) && text.starts_with(begins))
    }

    /// The text with what is filled in at run time, by an example of it.
    fn filled(&self, text: &str) -> String {
        let mut done = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (hole, behind) = after.split_once('}').unwrap_or((after, ""));
            let known = FILLED_IN.iter().find(|(name, at, _)| *name == self.name && *at == hole);
            done.push_str(before);
            done.push_str(known.map_or("1", |(_, _, example)| example));
            rest = behind;
        }
        done.push_str(rest);
        done
    }
}
