//! Sign-ins by door and outcome, as bars: a picture for a glance, with the table it is drawn from.
//!
//! Drawn in attributes, since the content policy allows no styles inside a page; colours come from the style sheet.

use doorward_model::Door;
use doorward_web::{Metrics, SignInOutcome};
use std::sync::Arc;

/// The picture's width in its own units; the style sheet fits it to the page.
const WIDTH: u64 = 640;
/// Where bars begin: names stand before them.
const LEFT: u64 = 170;
/// From one bar to the next.
const STEP: u64 = 34;
/// Characters of a name before a bar; the table has the whole.
const NAME_CHARS: usize = 20;

/// Bars, one a door.
pub(crate) struct Chart {
    pub(crate) rows: Vec<Row>,
    pub(crate) width: u64,
    pub(crate) height: u64,
}

/// A door.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) short: String,
    pub(crate) y: u64,
    pub(crate) middle: u64,
    pub(crate) bars: Vec<Bar>,
    /// In the order of [`SignInOutcome::ALL`].
    pub(crate) counts: Vec<u64>,
}

/// A piece of a bar.
pub(crate) struct Bar {
    pub(crate) class: &'static str,
    pub(crate) x: u64,
    pub(crate) width: u64,
}

impl Chart {
    /// `None` where nobody has tried to sign in yet.
    pub(crate) fn of(metrics: &Metrics, doors: &[Arc<Door>]) -> Option<Self> {
        let counts = |door: &Arc<Door>| SignInOutcome::ALL.map(|outcome| metrics.sign_ins(door, outcome));
        let counted: Vec<_> = doors.iter().map(|door| (door.name.clone(), counts(door))).collect();
        let most =
            counted.iter().map(|(_, counts)| counts.iter().sum::<u64>()).max().filter(|most| *most > 0)?;
        let rows: Vec<Row> =
            (0..).zip(counted).map(|(at, (name, counts))| Row::of(name, counts, at, most)).collect();
        let height = STEP * u64::try_from(rows.len()).unwrap_or(0);
        Some(Self { rows, width: WIDTH, height })
    }
}

impl Row {
    fn of(name: String, counts: [u64; 5], at: u64, most: u64) -> Self {
        let mut x = LEFT;
        let mut bars = Vec::new();
        for (outcome, count) in SignInOutcome::ALL.into_iter().zip(counts) {
            // Whatever happened is seen, be it ever so little of the whole.
            let width = (count * (WIDTH - LEFT) / most).max(u64::from(count > 0) * 2);
            if width > 0 {
                bars.push(Bar { class: class(outcome), x, width });
            }
            x += width;
        }
        let short = name.chars().take(NAME_CHARS).collect();
        Self { name, short, y: at * STEP + 6, middle: at * STEP + 22, bars, counts: counts.to_vec() }
    }
}

const fn class(outcome: SignInOutcome) -> &'static str {
    match outcome {
        SignInOutcome::Succeeded => "good",
        SignInOutcome::WrongCredentials => "problem",
        SignInOutcome::Throttled | SignInOutcome::Unavailable | SignInOutcome::Refused => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_room_and_the_least_count_is_seen() {
        let longest = Row::of("a".to_owned(), [900, 100, 0, 0, 0], 0, 1000);
        let ends = longest.bars.last().map(|bar| bar.x + bar.width);
        assert_eq!(ends, Some(WIDTH));
        let least = Row::of("b".to_owned(), [0, 1, 0, 0, 0], 1, 1_000_000);
        assert_eq!(least.bars.iter().map(|bar| (bar.class, bar.width)).collect::<Vec<_>>(), [("problem", 2)]);
        assert_eq!(least.y, STEP + 6);
    }
}
