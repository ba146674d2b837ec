//! Pictures of numbers, each for a glance, with its legend and the table it is drawn from: bars of things (`bars.rs`), columns over
//! time (`columns.rs`).
//!
//! Drawn in attributes, since the content policy allows no styles inside a page; colours and sizes come from the style sheet. A
//! picture is stretched to the page, so words stand beside it and not in it, where a narrow page would make them small.

mod bars;
mod columns;

pub(crate) use bars::Bars;
pub(crate) use columns::Columns;

/// How high columns are and how long bars, in units of the picture.
const ROOM: u64 = 1_000;

/// One sort of what is counted: its class in the style sheet, its words in the legend, and its words over the table.
pub(crate) struct Series {
    pub(crate) class: &'static str,
    pub(crate) label: &'static str,
    pub(crate) head: &'static str,
}

/// How attempts to sign in end, as [`doorward_core::usage::Outcomes`] has them.
pub(crate) const OUTCOMES: &[Series] = &[
    Series { class: "good", label: "let in", head: "Let in" },
    Series { class: "problem", label: "wrong password or account", head: "Wrong" },
    Series { class: "other", label: "slowed down, unavailable or refused", head: "Refused otherwise" },
];

/// A piece of a picture: where it begins, and how long it is.
struct Piece {
    class: &'static str,
    from: u64,
    length: u64,
}

/// The pieces of so many of each series, one behind the other. Whatever happened is seen, be it ever so little of the whole.
fn pieces(series: &'static [Series], counts: &[u64], most: u64) -> Vec<Piece> {
    let mut from = 0;
    let mut drawn = Vec::new();
    for (Series { class, .. }, count) in series.iter().zip(counts) {
        let least = if *count > 0 { LEAST } else { 0 };
        let length = count.saturating_mul(ROOM).checked_div(most).unwrap_or(0).max(least).min(ROOM - from);
        if length > 0 {
            drawn.push(Piece { class, from, length });
        }
        from += length;
    }
    drawn
}

/// As little of [`ROOM`] as is seen.
const LEAST: u64 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_fills_the_room_and_the_least_count_is_seen() {
        let ends = |counts, most| {
            let drawn = pieces(OUTCOMES, counts, most);
            drawn.iter().map(|it| (it.class, it.from, it.length)).collect::<Vec<_>>()
        };
        assert_eq!(ends(&[900, 100, 0], 1_000), [("good", 0, 900), ("problem", 900, 100)]);
        assert_eq!(ends(&[0, 1, 0], 1_000_000), [("problem", 0, LEAST)]);
        assert_eq!(ends(&[999_999, 1, 0], 1_000_000), [("good", 0, 999), ("problem", 999, 1)]);
    }
}
