//! Collects every text the store can send to PostgreSQL, from its sources.
//!
//! Statements are constants made by `sql` or `per_engine` (`statements.rs`, `macros.rs`); migrations are files
//! (`migrations.rs`); the engine's own texts stand in a few files of it (`leftovers.rs`). What is written so that it cannot be
//! read here is a [`Complaint`], so nothing can be sent unread.

mod found;
mod items;
mod leftovers;
mod macros;
mod migrations;
mod statements;

use crate::profile::exceptions::{GENERATED_IN, NOT_TO_POSTGRES};
use leftovers::Spent;
use macros::Macros;
use std::{
    fmt::{self, Display, Formatter},
    path::Path,
};

/// Who sends a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A store function, inside a transaction.
    Statement,
    /// Opening a database, once in its life.
    Migration,
    /// The engine itself, around the transactions.
    Engine,
}

/// A text that may be sent to PostgreSQL; a migration is one with several statements.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// From the project's root on.
    pub(super) file: String,
    /// The constant, or the engine's function.
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) postgres: String,
    /// A statement's other half; the same text where it is shared.
    pub(super) sqlite: Option<String>,
}

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Complaint {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) rule: String,
    pub(super) found: String,
    pub(super) remedy: String,
}

impl Display for Complaint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { file, name, rule, found, remedy } = self;
        write!(f, "{file}: {name} breaks `{rule}`: {found}\n    What to do: {remedy}")
    }
}

/// All there is.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) texts: Vec<Text>,
    pub(super) complaints: Vec<Complaint>,
    /// Where the engine hands a text to its driver: file and function.
    pub(super) senders: Vec<(String, String)>,
}

impl Text {
    /// One that is not in the store.
    pub(super) fn example(origin: Origin, text: &str) -> Self {
        let file = "an example".to_owned();
        Self { file, name: String::new(), origin, postgres: text.to_owned(), sqlite: None }
    }

    /// Whether each engine has a text of its own.
    pub(super) fn differs(&self) -> bool {
        self.sqlite.as_ref().is_some_and(|sqlite| *sqlite != self.postgres)
    }
}

/// One source file.
pub(super) struct Source {
    pub(super) file: String,
    pub(super) syntax: syn::File,
}

impl Source {
    pub(super) fn new(file: &str, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        Self { file: file.to_owned(), syntax }
    }
}

/// Every text of the store as it stands.
pub(super) fn the_store() -> Collected {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    visit(&here.join("src"), &mut |path| {
        let file = path.strip_prefix(here).unwrap().display().to_string();
        sources.push(Source::new(&format!("store/{file}"), &std::fs::read_to_string(path).unwrap()));
    });
    let mut collected = sources_of(&sources);
    collected.texts.extend(generated());
    collected.texts.extend(migrations::all(&here.join("migrations")));
    collected.complaints.extend(migrations::unlisted(&sources, &here.join("migrations")));
    collected
}

/// What the program makes of the schema.
fn generated() -> Vec<Text> {
    let tables = doorward_store::moving::tables().unwrap();
    let made = tables.iter().flat_map(doorward_store::moving::Table::generated);
    made.map(|(name, text)| Text {
        file: GENERATED_IN.to_owned(),
        name: name.to_owned(),
        origin: Origin::Statement,
        postgres: text.to_owned(),
        sqlite: Some(text.to_owned()),
    })
    .collect()
}

/// Files of other crates that say what makes a statement, outside their tests.
pub(super) fn beyond_the_store() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    visit(root, &mut |path| {
        let file = path.strip_prefix(root).unwrap().display().to_string();
        let is_program = file.contains("/src/") && !file.starts_with("store/");
        let text = if is_program { std::fs::read_to_string(path).unwrap() } else { String::new() };
        if text.contains("doorward_store") && leftovers::says_maker(&Source::new(&file, &text)) {
            found.push(file);
        }
    });
    found
}

/// Every text of these sources.
pub(super) fn sources_of(sources: &[Source]) -> Collected {
    let macros = Macros::of(sources);
    let mut collected = Collected::default();
    let files: Vec<_> = sources
        .iter()
        .filter(|source| !is_beside(&source.file))
        .map(|source| {
            let pieces = items::of(&source.syntax.items);
            let spent = statements::collect(&source.file, &pieces, &macros, &mut collected);
            (&source.file, pieces, spent)
        })
        .collect();
    let all = files.iter().flat_map(|(_, _, spent)| spent.clone()).collect();
    for (file, pieces, own) in &files {
        leftovers::collect(file, pieces, &Spent { own, all: &all }, &mut collected);
    }
    for source in sources.iter().filter(|source| is_beside(&source.file)) {
        leftovers::speaking(&source.file, &items::of(&source.syntax.items), &mut collected);
    }
    collected
}

/// Whether a file speaks to SQLite only.
fn is_beside(file: &str) -> bool {
    NOT_TO_POSTGRES.iter().any(|beside| file.starts_with(beside))
}

/// Every Rust file below a directory, in order.
pub(super) fn visit(directory: &Path, each: &mut impl FnMut(&Path)) {
    let mut entries: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let is_built = path.file_name().is_some_and(|name| name == "target" || name == ".git");
        if path.is_dir() && !is_built {
            visit(&path, each);
        } else if path.extension().is_some_and(|it| it == "rs") {
            each(&path);
        }
    }
}
