//! Pictures of numbers: sign-ins by door as bars, and uses by day as columns, each for a glance, with the table it is drawn from.
//!
//! Drawn in attributes, since the content policy allows no styles inside a page; colours come from the style sheet.

use doorward_core::usage::DoorSignIns;
use doorward_model::Day;

/// A picture's width in its own units; the style sheet fits it to the page.
const WIDTH: u64 = 640;
/// Where bars begin: names stand before them.
const LEFT: u64 = 170;
/// From one bar to the next.
const STEP: u64 = 34;
/// How thick a bar is.
const THICK: u64 = 22;
/// Characters of a name before a bar; the table has the whole.
const NAME_CHARS: usize = 20;

/// How high columns may be.
const HIGH: u64 = 120;
/// More columns than these are drawn by the week.
const COLUMNS: usize = 100;
const WEEK: usize = 7;

/// A piece of a picture.
pub(crate) struct Bar {
    pub(crate) class: &'static str,
    pub(crate) x: u64,
    pub(crate) y: u64,
    pub(crate) width: u64,
    pub(crate) height: u64,
}

/// How long something of so many is drawn. Whatever happened is seen, be it ever so little of the whole.
fn drawn(count: u64, most: u64, room: u64) -> u64 {
    count.saturating_mul(room).checked_div(most).unwrap_or(0).max(u64::from(count > 0) * 2)
}

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
    pub(crate) middle: u64,
    pub(crate) bars: Vec<Bar>,
    /// Let in, wrong, refused otherwise.
    pub(crate) counts: [u64; 3],
}

impl Chart {
    /// `None` where nobody has tried to sign in yet.
    pub(crate) fn of(sign_ins: &[DoorSignIns]) -> Option<Self> {
        let counted: Vec<(String, [u64; 3])> = sign_ins.iter().map(counts).collect();
        let sums = counted.iter().map(|(_, counts)| counts.iter().sum::<u64>());
        let most = sums.max().filter(|most| *most > 0)?;
        let rows: Vec<Row> =
            (0..).zip(counted).map(|(at, (name, counts))| Row::of(name, counts, at, most)).collect();
        let height = STEP * u64::try_from(rows.len()).unwrap_or(0);
        Some(Self { rows, width: WIDTH, height })
    }
}

fn counts(it: &DoorSignIns) -> (String, [u64; 3]) {
    let name = it.door.clone().unwrap_or_else(|| "Doorward's pages".to_owned());
    (name, [it.succeeded, it.wrong, it.refused].map(i64::unsigned_abs))
}

impl Row {
    fn of(name: String, counts: [u64; 3], at: u64, most: u64) -> Self {
        let mut x = LEFT;
        let mut bars = Vec::new();
        for (class, count) in ["good", "problem", "other"].into_iter().zip(counts) {
            let width = drawn(count, most, WIDTH - LEFT);
            if width > 0 {
                bars.push(Bar { class, x, y: at * STEP + 6, width, height: THICK });
            }
            x += width;
        }
        let short = name.chars().take(NAME_CHARS).collect();
        Self { name, short, middle: at * STEP + THICK, bars, counts }
    }
}

/// Columns, one a day, or one a week where there are many days.
pub(crate) struct Days {
    pub(crate) bars: Vec<Bar>,
    /// Day, or the week's first, and how often.
    pub(crate) rows: Vec<(String, u64)>,
    pub(crate) by_week: bool,
    /// The first and the last of them. They stand below the picture, and not in it, where a narrow page would make them small.
    pub(crate) ends: (String, String),
    pub(crate) most: u64,
    pub(crate) width: u64,
    pub(crate) height: u64,
    /// Where the columns stand.
    pub(crate) ground: u64,
}

impl Days {
    /// `None` where nothing was used.
    pub(crate) fn of(days: &[(Day, i64)]) -> Option<Self> {
        let by_week = days.len() > COLUMNS;
        let rows: Vec<(String, u64)> = days
            .rchunks(if by_week { WEEK } else { 1 })
            .rev()
            .filter_map(|some| {
                let uses = some.iter().map(|(_, uses)| uses.unsigned_abs()).sum();
                some.first().map(|(day, _)| (day.date(), uses))
            })
            .collect();
        let most = rows.iter().map(|(_, uses)| *uses).max().filter(|most| *most > 0)?;
        let step = WIDTH / u64::try_from(rows.len()).unwrap_or(1).max(1);
        let bars = (0..).zip(&rows).filter(|(_, (_, uses))| *uses > 0).map(|(at, (_, uses))| {
            let height = drawn(*uses, most, HIGH);
            Bar {
                class: "good",
                x: at * step,
                y: HIGH - height,
                width: step.saturating_sub(1).max(1),
                height,
            }
        });
        let end = |row: Option<&(String, u64)>| row.map(|(day, _)| day.clone()).unwrap_or_default();
        Some(Self {
            bars: bars.collect(),
            by_week,
            ends: (end(rows.first()), end(rows.last())),
            most,
            width: step * u64::try_from(rows.len()).unwrap_or(0),
            height: HIGH + 1,
            ground: HIGH,
            rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_room_and_the_least_count_is_seen() {
        let longest = Row::of("a".to_owned(), [900, 100, 0], 0, 1000);
        let ends = longest.bars.last().map(|bar| bar.x + bar.width);
        assert_eq!(ends, Some(WIDTH));
        let least = Row::of("b".to_owned(), [0, 1, 0], 1, 1_000_000);
        assert_eq!(least.bars.iter().map(|bar| (bar.class, bar.width)).collect::<Vec<_>>(), [("problem", 2)]);
        assert_eq!(least.bars[0].y, STEP + 6);
    }

    fn days(number: i64, uses: impl Fn(i64) -> i64) -> Vec<(Day, i64)> {
        (0..number).map(|at| (Day::new(20_000 + at), uses(at))).collect()
    }

    #[test]
    fn every_day_has_a_column_until_there_are_too_many() {
        let month = Days::of(&days(30, |at| i64::from(at == 29) * 5)).unwrap();
        assert_eq!((month.rows.len(), month.bars.len(), month.by_week), (30, 1, false));
        assert_eq!((month.bars[0].height, month.bars[0].y), (HIGH, 0));
        let year = Days::of(&days(365, |_| 1)).unwrap();
        assert_eq!((year.rows.len(), year.by_week), (53, true));
        assert_eq!((year.rows[0].1, year.rows[52].1), (1, 7), "the last week is whole");
        assert!(Days::of(&days(30, |_| 0)).is_none());
    }
}
