//! Migrations, as PostgreSQL gets them.

use super::{Complaint, Origin, Source, Text, items, items::Piece};
use doorward_store::Ddl;
use quote::ToTokens;
use std::path::Path;

/// Every migration, in order.
pub(super) fn all(directory: &Path) -> Vec<Text> {
    let rendered = |name: String| Text {
        postgres: Ddl::Postgres.render(&std::fs::read_to_string(directory.join(&name)).unwrap()),
        file: format!("store/migrations/{name}"),
        name: String::new(),
        origin: Origin::Migration,
        sqlite: None,
    };
    files(directory).into_iter().map(rendered).collect()
}

/// Texts that `include_str!` brings into the program from elsewhere, and files it does not bring.
pub(super) fn unlisted(sources: &[Source], directory: &Path) -> Vec<Complaint> {
    let mut included = Vec::new();
    for source in sources {
        for piece in items::of(&source.syntax.items) {
            let tokens = match piece {
                Piece::Statements { value, .. } | Piece::Constant { value, .. } => value.to_token_stream(),
                Piece::Import(tokens) | Piece::Other { tokens, .. } => tokens,
                Piece::Macro { rules, .. } => rules,
            };
            let text = tokens.to_string();
            let names = text.split("include_str").skip(1).filter_map(|rest| rest.split('"').nth(1));
            included.extend(names.map(str::to_owned));
        }
    }
    included.sort();
    let expected: Vec<_> = files(directory).iter().map(|it| format!("../../migrations/{it}")).collect();
    if included == expected {
        return Vec::new();
    }
    vec![Complaint {
        file: "store/src/migrate/mod.rs".to_owned(),
        name: "MIGRATIONS".to_owned(),
        rule: "readable".to_owned(),
        found: format!("the program includes {included:?}, and store/migrations/ holds {expected:?}"),
        remedy: "include each file of store/migrations/ once, and no other text".to_owned(),
    }]
}

fn files(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
