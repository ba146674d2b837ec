//! `docs/clients/*.md`: every ```` ```sh ```` block runs, and prints what the block after it says.
//!
//! A page is pasted from top to bottom into one shell, in a folder where `doorward demo --data demo` is running, so a
//! later block sees the variables of an earlier one. `…` in the output stands for anything within its line, and for any
//! lines where it is alone on one.

mod markdown;
mod pattern;
mod shell;

use super::printed;
use crate::process::Demo;
use std::path::{Path, PathBuf};

#[test]
fn salesseek() {
    check("salesseek.md");
}

#[test]
fn bookingbug() {
    check("bookingbug.md");
}

#[test]
fn rubicrm() {
    check("rubicrm.md");
}

#[test]
fn leadsquared() {
    check("leadsquared.md");
}

#[test]
fn every_page_is_checked_by_a_test_of_its_own() {
    let mut pages: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(pages, ["bookingbug.md", "leadsquared.md", "rubicrm.md", "salesseek.md"]);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/clients")
}

fn check(page: &str) {
    let text = std::fs::read_to_string(folder().join(page)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let _demo = Demo::start_in(&folder.path().join("demo"), &[]).unwrap();
    check_text(&format!("docs/clients/{page}"), &text, folder.path());
}

/// Runs the examples of a page's text in a folder.
pub(crate) fn check_text(page: &str, text: &str, folder: &Path) {
    let examples = markdown::examples(text);
    assert!(!examples.is_empty(), "{page} has no examples");
    let outputs = shell::paste(page, folder, &examples);
    for (example, output) in examples.iter().zip(&outputs) {
        let Some(expected) = &example.output else { continue };
        assert!(
            pattern::matches(expected, output),
            "{page}:{}: the example prints\n\n{output}\n\nand the page says\n\n{expected}\n",
            example.line
        );
    }
}
