//! The SQL profile: whatever the store can send to PostgreSQL stays within what CockroachDB and YugabyteDB share with it,
//! and SQLite, where the text is shared.
//!
//! `read/` collects the texts from the sources, `parsed.rs` and `schema.rs` make trees and tables of them, `rules/` says what
//! is refused, `exceptions.rs` what is allowed all the same. `by_engines/` has PostgreSQL and SQLite read the same texts.
//! The reasons are in `docs/decisions/sql-profile.md`.

mod by_engines;
mod exceptions;
mod parsed;
mod read;
mod reading;
mod rules;
mod schema;

use exceptions::{
    BEYOND_THE_STORE, ENGINE_TEXTS, EXCEPTIONS, GENERATED, GENERATED_IN, HOUSE, PER_ENGINE, SENDERS,
};
use read::{Complaint, Origin, Text};
use schema::Schema;
use std::collections::BTreeSet;

fn schema(texts: &[Text]) -> Schema {
    // The engine makes the table of migrations itself.
    let makers = texts.iter().filter(|text| text.origin != Origin::Statement);
    Schema::of(&makers.flat_map(parsed::statements).collect::<Vec<_>>())
}

fn shown(complaints: &[Complaint]) -> String {
    complaints.iter().map(|it| format!("\n\n{it}")).collect()
}

#[test]
fn whatever_is_sent_to_postgresql_can_be_read_here() {
    let complaints = read::the_store().complaints;
    assert!(complaints.is_empty(), "{}", shown(&complaints));
}

#[test]
fn every_statement_keeps_to_the_profile_or_is_a_named_exception() {
    let texts = read::the_store().texts;
    let schema = schema(&texts);
    let is_meant = |exception: &exceptions::Exception, it: &Complaint| {
        exception.rule == it.rule && exception.file == it.file && exception.name == it.name
    };
    let complaints: Vec<_> = texts.iter().flat_map(|text| rules::complaints(text, &schema)).collect();
    let (excused, broken): (Vec<_>, Vec<_>) =
        complaints.into_iter().partition(|it| EXCEPTIONS.iter().any(|exception| is_meant(exception, it)));
    assert!(broken.is_empty(), "{}", shown(&broken));
    for (table, reason) in HOUSE {
        assert!(schema.has(table), "there is no table {table}: take it out of HOUSE ({reason})");
    }
    for exception in EXCEPTIONS {
        let exceptions::Exception { rule, file, name, reason } = exception;
        assert!(
            excused.iter().any(|it| is_meant(exception, it)),
            "{file}: {name} no longer breaks `{rule}`: take it out of EXCEPTIONS ({reason})"
        );
    }
}

#[test]
fn every_rule_refuses_its_examples_and_no_other_rule_does() {
    let schema = schema(&read::the_store().texts);
    let mut wrong = Vec::new();
    for rule in rules::all().chain([rules::LAST]) {
        assert!(!rule.examples.is_empty(), "{} has no example", rule.name);
        for (origin, example) in rule.examples {
            let text = Text::example(*origin, example);
            let refused: BTreeSet<_> =
                rules::complaints(&text, &schema).into_iter().map(|it| it.rule).collect();
            if refused != BTreeSet::from([rule.name.to_owned()]) {
                wrong.push(format!("{}: refused by {refused:?}: {example}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_about_the_profile_names_every_rule() {
    let page = include_str!("../../../docs/decisions/sql-profile.md");
    for rule in rules::all().chain([rules::LAST]) {
        assert!(
            page.contains(&format!("`{}`", rule.name)),
            "docs/decisions/sql-profile.md lacks {}",
            rule.name
        );
    }
}

#[test]
fn a_statement_has_a_text_for_each_engine_only_where_that_is_listed() {
    let texts = read::the_store().texts;
    let differing: Vec<_> =
        texts.iter().filter(|it| it.differs()).map(|it| (it.file.as_str(), it.name.as_str())).collect();
    assert_eq!(differing, PER_ENGINE, "a new exception goes into PER_ENGINE, and should have a good reason");
}

#[test]
fn every_generator_of_statements_is_read_by_what_it_makes() {
    let texts = read::the_store().texts;
    let made: BTreeSet<_> = texts
        .iter()
        .filter(|it| it.file == GENERATED_IN)
        .map(|it| (it.file.as_str(), it.name.as_str()))
        .collect();
    assert_eq!(
        made,
        GENERATED.iter().copied().collect(),
        "GENERATED lists what makes statements of the schema"
    );
}

#[test]
fn no_other_crate_makes_statements() {
    assert_eq!(read::beyond_the_store(), BEYOND_THE_STORE, "SQL stands in the store, where it is read");
}

#[test]
fn the_engine_sends_texts_of_its_own_from_these_places_only() {
    let collected = read::the_store();
    let engines = collected.texts.iter().filter(|it| it.origin == Origin::Engine);
    let places: BTreeSet<_> = engines.map(|it| (it.file.as_str(), it.name.as_str())).collect();
    assert_eq!(places, ENGINE_TEXTS.iter().copied().collect(), "ENGINE_TEXTS lists where they stand");
    let senders: BTreeSet<_> =
        collected.senders.iter().map(|(file, name)| (file.as_str(), name.as_str())).collect();
    assert_eq!(senders, SENDERS.iter().copied().collect(), "SENDERS lists who hands a text to the driver");
}
