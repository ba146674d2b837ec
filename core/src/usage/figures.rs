//! How often one thing was used within a window, in the last days and in those before, and day by day.

use super::Window;
use doorward_model::{Day, Timestamp};
use doorward_store::uses::{self, Of};
use doorward_store::{Error as StoreError, Tx};

/// The days compared with as many before them.
const TREND: i64 = 30;

/// What is counted under one tenant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    /// How often within the window.
    pub(super) uses: i64,
    /// How often in the last 30 days, and in the 30 before.
    pub(super) trend: (i64, i64),
    /// When last, as far as days are kept.
    pub(super) last_at: Option<Timestamp>,
}

/// Reads them.
pub(super) fn figures(
    tx: &mut Tx<'_>,
    of: Of<'_>,
    window: Window,
    now: Timestamp,
) -> Result<Figures, StoreError> {
    let last_at = uses::find_last(tx, of)?;
    figures_until(tx, of, last_at, window, now)
}

/// The same where the last use is known.
pub(super) fn figures_until(
    tx: &mut Tx<'_>,
    of: Of<'_>,
    last_at: Option<Timestamp>,
    window: Window,
    now: Timestamp,
) -> Result<Figures, StoreError> {
    let (today, first) = (Day::of(now), window.first(now));
    let (this, before) = (today.before(TREND - 1), today.before(2 * TREND - 1));
    let days = uses::list_days(tx, of, before.min(first))?;
    let sum = |from: Day, to: Day| {
        days.iter().filter(|(day, _)| *day >= from && *day < to).map(|(_, count)| count).sum::<i64>()
    };
    let end = today.before(-1);
    Ok(Figures { uses: sum(first, end), trend: (sum(this, end), sum(before, this)), last_at })
}

/// Every day of the window, the earliest first, also those without a use.
pub(super) fn each_day(
    tx: &mut Tx<'_>,
    of: Of<'_>,
    window: Window,
    now: Timestamp,
) -> Result<Vec<(Day, i64)>, StoreError> {
    let first = window.first(now);
    let found = uses::list_days(tx, of, first)?;
    let count = |day: Day| found.iter().find(|(it, _)| *it == day).map_or(0, |(_, count)| *count);
    Ok((0..window.days()).map(|at| first.before(-at)).map(|day| (day, count(day))).collect())
}
