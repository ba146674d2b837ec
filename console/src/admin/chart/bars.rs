//! A bar for each thing, with its name before it and its number behind it.

use super::{OUTCOMES, Piece, ROOM, Series, counts, pieces};
use askama::Template;
use doorward_core::usage::{Outcomes, Through};

/// Bars, one a thing, for `{{ bars|safe }}`.
#[derive(Template)]
#[template(path = "console/bars.html")]
pub(crate) struct Bars {
    /// What the picture shows.
    what: &'static str,
    /// What the first column of the table is called.
    head: &'static str,
    series: &'static [Series],
    rows: Vec<Row>,
    room: u64,
}

struct Row {
    name: String,
    pieces: Vec<Piece>,
    sum: u64,
    counts: Vec<u64>,
}

impl Bars {
    /// Sign-ins by door; `None` where nobody has tried to sign in yet.
    pub(crate) fn of_doors(doors: &[(Through, Outcomes)]) -> Option<Self> {
        let counted = doors.iter().map(|(through, outcomes)| {
            let name = match through {
                Through::Door(name) => name.as_str(),
                Through::Pages => "Doorward's pages",
                Through::Removed => "Removed doors",
            };
            (name.to_owned(), counts(outcomes))
        });
        Self::of("Sign-ins by door", "Door", OUTCOMES, counted.collect())
    }

    fn of(
        what: &'static str,
        head: &'static str,
        series: &'static [Series],
        counted: Vec<(String, Vec<u64>)>,
    ) -> Option<Self> {
        let sums = counted.iter().map(|(_, counts)| counts.iter().sum::<u64>());
        let most = sums.max().filter(|most| *most > 0)?;
        let row = |(name, counts): (String, Vec<u64>)| Row {
            name,
            pieces: pieces(series, &counts, most),
            sum: counts.iter().sum(),
            counts,
        };
        Some(Self { what, head, series, rows: counted.into_iter().map(row).collect(), room: ROOM })
    }
}
