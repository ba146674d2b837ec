//! How far a move has come: a bar on a terminal, a line now and then elsewhere.

use doorward_core::moving::{Phase, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal as _, Write as _};

/// Without a terminal a line is written at each such part of all rows, besides one for each table.
const PARTS: u64 = 20;

/// Who tells of it.
pub(super) struct Teller {
    bar: Option<ProgressBar>,
    /// The phase and part of the last line.
    told: Option<(Phase, u64)>,
}

impl Teller {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(0));
        if let (Some(bar), Ok(style)) =
            (&bar, ProgressStyle::with_template("{msg:30} {bar:40} {percent}%  {eta} left"))
        {
            bar.set_style(style);
        }
        Self { bar, told: None }
    }

    pub(super) fn tell(&mut self, progress: &Progress) {
        let Progress { phase, table, done, total, is_table_done } = progress;
        if let Some(bar) = &self.bar {
            if self.told.is_none_or(|(told, _)| told != *phase) {
                bar.reset();
                self.told = Some((*phase, 0));
            }
            bar.set_length(*total);
            bar.set_position(*done);
            bar.set_message(format!("{} {table}", doing(*phase)));
            return;
        }
        let part = done.saturating_mul(PARTS).checked_div(*total).unwrap_or(PARTS);
        if *is_table_done || self.told.is_some_and(|told| told != (*phase, part)) {
            let word = if *is_table_done { did(*phase) } else { doing(*phase) };
            // Where standard error is closed, the exit code still says how it ended.
            drop(writeln!(std::io::stderr(), "{word} {table}: {done} of {total} rows"));
        }
        self.told = Some((*phase, part));
    }

    /// Leaves the terminal to what comes next.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

const fn doing(phase: Phase) -> &'static str {
    match phase {
        Phase::Copy => "copying",
        Phase::Verify => "verifying",
    }
}

const fn did(phase: Phase) -> &'static str {
    match phase {
        Phase::Copy => "copied",
        Phase::Verify => "verified",
    }
}
