//! Columns over time, from the earliest to now.

use super::{OUTCOMES, Piece, ROOM, Series, counts, pieces};
use crate::admin::when::date;
use askama::Template;
use doorward_core::pulse::{self, Beat};
use doorward_core::usage::Outcomes;
use doorward_model::{Day, Timestamp};

/// More days than these are drawn by the week.
const DAYS: usize = 100;
const WEEK: usize = 7;
/// From one column to the next, in units of the picture, and how much of it a column fills.
const STEP: u64 = 10;
const THICK: u64 = 8;

/// Columns for `{{ columns|safe }}`.
#[derive(Template)]
#[template(path = "console/columns.html")]
pub(crate) struct Columns {
    /// Names the picture within its page.
    id: &'static str,
    /// What it shows, and what it is read aloud as.
    what: String,
    about: String,
    /// What the first column of the table is called.
    head: &'static str,
    series: &'static [Series],
    columns: Vec<Column>,
    /// How many of them the highest column stands for.
    most: u64,
    /// What stands below the picture, at its left and its right.
    ends: (String, String),
    width: u64,
    thick: u64,
    room: u64,
}

/// One column.
struct Column {
    when: String,
    counts: Vec<u64>,
    x: u64,
    pieces: Vec<Piece>,
}

const USES: &[Series] = &[Series { class: "good", label: "used", head: "Uses" }];
const SESSIONS: &[Series] = &[Series { class: "good", label: "signed in", head: "Signed in" }];
const MAILS: &[Series] = &[Series { class: "other", label: "waiting", head: "Waiting" }];
const HASHES: &[Series] = &[
    Series { class: "good", label: "computed", head: "Computed" },
    Series { class: "other", label: "waiting at its end", head: "Waiting" },
    Series { class: "problem", label: "refused: the queue was full", head: "Refused" },
];

impl Columns {
    /// How often something was used by day, or by week where there are many days; `None` where it was not.
    pub(crate) fn of_uses(days: &[(Day, i64)]) -> Option<Self> {
        let days = days.iter().map(|(day, uses)| (*day, vec![uses.unsigned_abs()])).collect::<Vec<_>>();
        Self::of_days("uses", "Uses", USES, &days)
    }

    /// Sign-ins by day; `None` where nobody tried.
    pub(crate) fn of_sign_ins(days: &[(Day, Outcomes)]) -> Option<Self> {
        let days = days.iter().map(|(day, outcomes)| (*day, counts(outcomes))).collect::<Vec<_>>();
        Self::of_days("days", "Sign-ins", OUTCOMES, &days)
    }

    /// How many were signed in, minute by minute.
    pub(crate) fn of_sessions(beats: &[Beat]) -> Option<Self> {
        // Of so many that they are not counted to the end, a picture would show a plain.
        if beats.iter().any(|it| it.sessions.is_more) {
            return None;
        }
        Self::of_beats("sessions", "Sessions alive", SESSIONS, beats, |it| {
            vec![it.sessions.counted.unsigned_abs()]
        })
    }

    /// What the hash queue did, minute by minute.
    pub(crate) fn of_hashes(beats: &[Beat]) -> Option<Self> {
        Self::of_beats("hashes", "Password hashes", HASHES, beats, |it| {
            vec![it.hashed, u64::try_from(it.waiting).unwrap_or(u64::MAX), it.refused]
        })
    }

    /// How many mails waited, minute by minute.
    pub(crate) fn of_mails(beats: &[Beat]) -> Option<Self> {
        Self::of_beats("mails", "Mails that wait", MAILS, beats, |it| vec![it.mails.unsigned_abs()])
    }

    fn of_days(
        id: &'static str,
        what: &str,
        series: &'static [Series],
        days: &[(Day, Vec<u64>)],
    ) -> Option<Self> {
        let (size, by) = if days.len() > DAYS { (WEEK, "week") } else { (1, "day") };
        let sums = |some: &[(Day, Vec<u64>)]| {
            let sum = |at: usize| some.iter().filter_map(|(_, counts)| counts.get(at)).sum();
            (0..series.len()).map(sum).collect::<Vec<u64>>()
        };
        let chunks = days.rchunks(size).rev().filter_map(|some| some.first().map(|day| (day.0, sums(some))));
        let counted: Vec<_> = (0..).zip(chunks).map(|(at, (day, sums))| (at, day.date(), sums)).collect();
        let places = counted.len();
        let head = if size == 1 { "Day (UTC)" } else { "Week from (UTC)" };
        let end = |row: Option<&(Day, Vec<u64>)>| row.map(|(day, _)| date(*day)).unwrap_or_default();
        let ends = (end(days.first()), end(days.last()));
        Self::of(id, format!("{what} by {by}"), head, series, counted, ends, places)
    }

    fn of_beats(
        id: &'static str,
        what: &str,
        series: &'static [Series],
        beats: &[Beat],
        counts: impl Fn(&Beat) -> Vec<u64>,
    ) -> Option<Self> {
        let now = beats.last().map(|it| it.at)?;
        let counted = (1..).zip(beats).filter_map(|(number, beat)| {
            // Minutes that nobody noted, of a node that is young or whose database was away, are room; now has a place of its own.
            let ago = now.since(beat.at).as_micros() / pulse::INTERVAL.as_micros();
            let ago = usize::try_from(ago).ok()?;
            let place =
                if number == beats.len() { pulse::KEPT } else { (pulse::KEPT - 1).checked_sub(ago)? };
            Some((place, minute(beat.at), counts(beat)))
        });
        let ends = ("an hour ago".to_owned(), "now".to_owned());
        Self::of(
            id,
            format!("{what} by minute"),
            "Minute (UTC)",
            series,
            counted.collect(),
            ends,
            pulse::KEPT + 1,
        )
    }

    fn of(
        id: &'static str,
        what: String,
        head: &'static str,
        series: &'static [Series],
        counted: Vec<(usize, String, Vec<u64>)>,
        ends: (String, String),
        places: usize,
    ) -> Option<Self> {
        let most = counted.iter().map(|(_, _, counts)| counts.iter().sum()).max().filter(|most| *most > 0)?;
        let units = |places: usize| u64::try_from(places).unwrap_or(u64::MAX).saturating_mul(STEP);
        let column = |(place, when, counts): (usize, String, Vec<u64>)| Column {
            when,
            pieces: pieces(series, &counts, most),
            counts,
            x: units(place).saturating_add((STEP - THICK) / 2),
        };
        Some(Self {
            id,
            about: format!("{what}, {most} at most; the table below has the numbers"),
            what,
            head,
            series,
            columns: counted.into_iter().map(column).collect(),
            most,
            ends,
            width: units(places),
            thick: THICK,
            room: ROOM,
        })
    }
}

fn minute(at: Timestamp) -> String {
    at.civil().strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(number: i64, uses: impl Fn(i64) -> i64) -> Vec<(Day, i64)> {
        (0..number).map(|at| (Day::new(20_000 + at), uses(at))).collect()
    }

    #[test]
    fn every_day_has_a_column_until_there_are_too_many() {
        let month = Columns::of_uses(&days(30, |at| i64::from(at == 29) * 5)).unwrap();
        assert_eq!((month.columns.len(), month.most, month.width), (30, 5, 300));
        assert_eq!(month.ends, ("4 Oct 2024".to_owned(), "2 Nov 2024".to_owned()));
        assert!(month.about.starts_with("Uses by day, 5 at most"), "{}", month.about);
        let year = Columns::of_uses(&days(365, |_| 1)).unwrap();
        assert!(year.about.starts_with("Uses by week, 7 at most"), "{}", year.about);
        assert_eq!(
            (year.columns.len(), &year.columns[0].counts, &year.columns[52].counts),
            (53, &vec![1], &vec![7])
        );
        assert!(Columns::of_uses(&days(30, |_| 0)).is_none());
    }

    #[test]
    fn minutes_that_nobody_noted_are_room() {
        let beat = |minute: i64| Beat {
            at: Timestamp::from_micros(minute * 60_000_000),
            sessions: doorward_core::usage::Count { counted: 3, is_more: false },
            hashed: 1,
            refused: 0,
            waiting: 0,
            mails: 0,
        };
        let beats = [beat(1), beat(30), beat(89), beat(90)];
        let sessions = Columns::of_sessions(&beats).unwrap();
        assert_eq!(sessions.ends, ("an hour ago".to_owned(), "now".to_owned()));
        let places: Vec<u64> = sessions.columns.iter().map(|it| it.x / STEP).collect();
        assert_eq!(places, [58, 60], "an hour back, and now");
        assert_eq!(sessions.columns.last().map(|it| it.x + THICK + 1), Some(sessions.width));
        assert!(Columns::of_mails(&beats).is_none(), "nothing waits");
    }
}
