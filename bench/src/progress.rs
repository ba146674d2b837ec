//! What the bench is doing, on the terminal's error stream; the table goes to the output.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// Often enough to look alive; the drawing takes no measurable time.
const TICK: Duration = Duration::from_millis(250);

/// One line that changes.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts; shows nothing where there is no terminal.
    pub(crate) fn start() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Says what is measured now.
    pub(crate) fn say(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    /// Clears the line for the table.
    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}
