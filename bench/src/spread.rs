//! Many rounds in three numbers: the least, the middle and the greatest.
//!
//! A single figure of a shared machine says little; the spread says how much to believe it.

use serde::Serialize;

/// The spread of one figure over the rounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// `None` without rounds, or when a figure is no number.
    pub(crate) fn of(rounds: &[f64]) -> Option<Self> {
        if rounds.iter().any(|figure| figure.is_nan()) {
            return None;
        }
        let mut sorted = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Self { min, median: f64::midpoint(lower, upper), max })
    }
}

/// `ours ÷ theirs`, round by round: what was measured side by side is compared side by side.
pub(crate) fn ratios(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_odd_and_even_rounds() {
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), Some(Spread { min: 1.0, median: 2.0, max: 3.0 }));
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 3.0]), Some(Spread { min: 1.0, median: 2.5, max: 4.0 }));
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn rounds_are_compared_with_their_own_round() {
        // The machine was twice as slow in the second round, for both.
        assert_eq!(ratios(&[200.0, 100.0], &[100.0, 50.0]), [2.0, 2.0]);
    }
}
