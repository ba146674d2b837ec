//! What `doorward apply` says at the end: the difference line by line, and the secrets it made, once.

use doorward_core::provision::{Applied, Change, Generated, Mark, Mode};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The outcome of a file that was in order.
pub struct Report {
    applied: Applied,
    mode: Mode,
}

impl Report {
    /// Of what was applied, or would be.
    pub fn new(applied: Applied, mode: Mode) -> Self {
        Self { applied, mode }
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let Applied { changes, generated } = &self.applied;
        let mut text = String::new();
        for change in changes {
            text.push_str(&line(change));
        }
        let count = changes.len();
        text.push_str(&match (count, self.mode) {
            (0, _) => "There is nothing to change.\n".to_owned(),
            (1, Mode::DryRun) => "One change would be made; nothing was applied.\n".to_owned(),
            (_, Mode::DryRun) => format!("{count} changes would be made; nothing was applied.\n"),
            (1, Mode::Write) => "One change was applied.\n".to_owned(),
            (_, Mode::Write) => format!("{count} changes were applied.\n"),
        });
        if !generated.is_empty() {
            text.push_str("\nThese secrets were made now and are shown this once:\n");
            for secret in generated {
                text.push_str(&secret_lines(secret));
            }
        }
        text
    }

    /// For a program.
    pub fn json(&self) -> Value {
        let changes = self.applied.changes.iter().map(|change| {
            json!({
                "change": match change.mark { Mark::Added => "added", Mark::Changed => "changed" },
                "noun": change.noun.as_str(),
                "name": change.name,
                "details": change.details,
            })
        });
        let generated = self.applied.generated.iter().map(|made| {
            let mut item = json!({ "noun": made.noun.as_str(), "name": made.name });
            if let (Some(fields), Some((name, value))) = (item.as_object_mut(), &made.public) {
                fields.insert((*name).to_owned(), json!(value));
            }
            if let Some(fields) = item.as_object_mut() {
                fields.insert(made.secret_name.to_owned(), json!(made.secret.expose()));
            }
            item
        });
        json!({
            "dry_run": self.mode == Mode::DryRun,
            "changes": changes.collect::<Vec<_>>(),
            "generated": generated.collect::<Vec<_>>(),
        })
    }
}

fn line(change: &Change) -> String {
    let mark = match change.mark {
        Mark::Added => '+',
        Mark::Changed => '~',
    };
    let mut line = format!("{mark} {} {}", change.noun.as_str(), change.name);
    if !change.details.is_empty() {
        let _written_to_memory = write!(line, "   {}", change.details.join(", "));
    }
    line.push('\n');
    line
}

fn secret_lines(made: &Generated) -> String {
    let mut lines = format!("  {} {}\n", made.noun.as_str(), made.name);
    if let Some((name, value)) = &made.public {
        let _written_to_memory = writeln!(lines, "    {name:<11} {value}");
    }
    let _written_to_memory = writeln!(lines, "    {:<11} {}", made.secret_name, made.secret.expose());
    lines
}
