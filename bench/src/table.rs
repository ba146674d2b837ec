//! The result: rows with their rounds, as a markdown table for people and as JSON for machines.

use crate::machine::Machine;
use crate::spread::{Spread, ratios};
use serde::Serialize;
use serde_json::{Value, json};

/// One figure over all rounds, with what it counts.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Series {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) rounds: Vec<f64>,
}

impl Series {
    pub(crate) fn new(what: impl Into<String>, unit: &'static str, rounds: Vec<f64>) -> Self {
        Self { what: what.into(), unit, rounds }
    }
}

/// The bound a row is held against: on the ratio where there is one, else on the figure.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// Shown to explain the others.
    Nothing,
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) job: &'static str,
    pub(crate) ours: Series,
    pub(crate) theirs: Option<Series>,
    pub(crate) wanted: Wanted,
}

impl Row {
    /// What the bound is about.
    fn judged(&self) -> Vec<f64> {
        match &self.theirs {
            Some(theirs) => ratios(&self.ours.rounds, &theirs.rounds),
            None => self.ours.rounds.clone(),
        }
    }

    /// Whether the middle of the rounds is within the bound; `None` without one.
    pub(crate) fn is_reached(&self) -> Option<bool> {
        let median = Spread::of(&self.judged()).map_or(f64::NAN, |spread| spread.median);
        match self.wanted {
            Wanted::AtLeast(bound) => Some(median >= bound),
            Wanted::AtMost(bound) => Some(median <= bound),
            Wanted::Nothing => None,
        }
    }

    fn markdown(&self) -> String {
        let ours = figure(&self.ours);
        let theirs = self.theirs.as_ref().map_or_else(|| "–".to_owned(), figure);
        let ratio = self.theirs.as_ref().map_or_else(|| "–".to_owned(), |_| spread(&self.judged(), 3));
        let unit = if self.theirs.is_some() { "" } else { self.ours.unit };
        let wanted = match self.wanted {
            Wanted::AtLeast(bound) => format!("≥ {bound} {unit}"),
            Wanted::AtMost(bound) => format!("≤ {bound} {unit}"),
            Wanted::Nothing => "–".to_owned(),
        };
        let reached = match self.is_reached() {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        let wanted = wanted.trim_end();
        format!("| {} | {ours} | {theirs} | {ratio} | {wanted} | {reached} |\n", self.job)
    }
}

const HEAD: &str = "\
| job | measured: median (min–max) | compared with: median (min–max) | ratio, round by round | wanted | reached |
| --- | --- | --- | --- | --- | --- |
";

/// The table, below the machine it was measured on.
pub(crate) fn markdown(machine: &Machine, rows: &[Row]) -> String {
    let lines: String = rows.iter().map(Row::markdown).collect();
    format!("{}\n{HEAD}{lines}", machine.markdown())
}

/// Everything, with each round.
pub(crate) fn json(machine: &Machine, rows: &[Row]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let spread = Spread::of(&row.judged());
            json!({ "row": row, "judged": spread, "reached": row.is_reached() })
        })
        .collect();
    json!({ "machine": machine, "rows": rows })
}

fn figure(series: &Series) -> String {
    format!("{}: {} {}", series.what, spread(&series.rounds, 1), series.unit).trim_end().to_owned()
}

/// A spread in a cell; a single round has none.
fn spread(rounds: &[f64], digits: usize) -> String {
    let digits = if rounds.iter().any(|figure| figure.abs() >= 1000.0) { 0 } else { digits };
    match Spread::of(rounds) {
        Some(Spread { min, median, max }) if rounds.len() > 1 => {
            format!("{median:.digits$} ({min:.digits$}–{max:.digits$})")
        }
        Some(Spread { median, .. }) => format!("{median:.digits$}"),
        None => "not measured".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: &[f64], theirs: Option<&[f64]>, wanted: Wanted) -> Row {
        Row {
            job: "sign-in",
            ours: Series::new("door", "/s", ours.to_vec()),
            theirs: theirs.map(|rounds| Series::new("raw", "/s", rounds.to_vec())),
            wanted,
        }
    }

    #[test]
    fn a_row_with_a_peer_is_judged_by_the_ratio() {
        let row = row(&[96.0, 98.0, 90.0], Some(&[100.0, 100.0, 100.0]), Wanted::AtLeast(0.95));
        assert_eq!(row.is_reached(), Some(true));
        assert_eq!(
            row.markdown(),
            "| sign-in | door: 96.0 (90.0–98.0) /s | raw: 100.0 (100.0–100.0) /s \
             | 0.960 (0.900–0.980) | ≥ 0.95 | yes |\n"
        );
    }

    #[test]
    fn a_row_alone_is_judged_by_its_figure() {
        let row = row(&[26.0], None, Wanted::AtMost(25.0));
        assert_eq!(row.markdown(), "| sign-in | door: 26.0 /s | – | – | ≤ 25 /s | **no** |\n");
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        assert_eq!(row(&[], None, Wanted::AtMost(25.0)).is_reached(), Some(false));
        assert_eq!(row(&[1.0], None, Wanted::Nothing).is_reached(), None);
    }
}
