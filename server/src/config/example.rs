//! The commented example file, made from the same reading as every configuration, so it cannot fall behind.

use super::environment::Environment;
use super::reader::{Entry, Reader};
use std::fmt::Write as _;

/// Comments are wrapped to be read in a terminal of 80 columns.
const WIDTH: usize = 78;

const OPENING: &str = "\
# Doorward's configuration. Every key stands here with its default, or with an
# example where there is none; take away the # to change it.
#
# A variable overrides a key: DOORWARD_MAIL__SMTP__HOST is `host` of [mail.smtp];
# lists are separated by commas. Every secret may stand in a file: `password_file`.
# `doorward config check` reads this file, `doorward config show` prints the outcome.
";

/// A file that `config check` accepts, with every key commented out.
pub fn example() -> String {
    let environment = Environment::default();
    let mut reader = Reader::new(None, &environment);
    super::sections(&mut reader);
    let entries = reader.finish().unwrap_or_default();
    let mut text = OPENING.to_owned();
    let mut section = "";
    for entry in &entries {
        if entry.section != section {
            section = entry.section;
            text.push('\n');
            comment(&mut text, entry.section_doc);
            let _written_to_memory = writeln!(text, "[{section}]");
        }
        key(&mut text, entry);
    }
    text
}

fn key(text: &mut String, entry: &Entry) {
    text.push('\n');
    comment(text, &entry.doc);
    let _written_to_memory = writeln!(text, "#{} = {}", entry.key, entry.example);
}

fn comment(text: &mut String, doc: &str) {
    let mut line = String::from("#");
    for word in doc.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}
