//! Pictures of numbers, each for a glance, with its legend and the table it is drawn from: bars of things (`bars.rs`), columns over
//! time (`columns.rs`).
//!
//! Drawn in attributes, since the content policy allows no styles inside a page; colours and sizes come from the style sheet. A
//! picture is stretched to the page, so words stand beside it and not in it, where a narrow page would make them small.

mod bars;
mod columns;

pub(crate) use bars::Bars;
pub(crate) use columns::Columns;

use doorward_core::usage::Outcomes;

/// How high columns are and how long bars, in units of the picture.
const ROOM: u64 = 1_000;

/// One sort of what is counted: its class in the style sheet, its words in the legend, and its words over the table.
struct Series {
    class: &'static str,
    label: &'static str,
    head: &'static str,
}

/// How attempts to sign in end, as [`Outcomes`] has them.
const OUTCOMES: &[Series] = &[
    Series { class: "good", label: "let in", head: "Let in" },
    Series { class: "problem", label: "wrong password or account", head: "Wrong" },
    Series { class: "other", label: "slowed down, unavailable or refused", head: "Refused otherwise" },
];

/// How often each of [`OUTCOMES`] was.
fn counts(outcomes: &Outcomes) -> Vec<u64> {
    [outcomes.succeeded, outcomes.wrong, outcomes.refused].map(i64::unsigned_abs).to_vec()
}

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
    let some: Vec<_> = series.iter().zip(counts).filter(|(_, count)| **count > 0).collect();
    for (at, (Series { class, .. }, count)) in some.iter().enumerate() {
        let behind = LEAST.saturating_mul(u64::try_from(some.len() - at - 1).unwrap_or(0));
        let room = ROOM.saturating_sub(from + behind).max(LEAST);
        let length = count.saturating_mul(ROOM).checked_div(most).unwrap_or(0).clamp(LEAST, room);
        drawn.push(Piece { class, from, length });
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
        let most = [
            ("good", 0, ROOM - 2 * LEAST),
            ("problem", ROOM - 2 * LEAST, LEAST),
            ("other", ROOM - LEAST, LEAST),
        ];
        assert_eq!(ends(&[999_000, 500, 500], 1_000_000), most);
    }
}
