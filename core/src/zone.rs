//! Whose clock somebody lives by: as they say, else as their tenant says. The mails they get and the pages of their account tell the
//! time by it.

use crate::Branch;
use crate::branch::own;
use doorward_model::Person;
use jiff::Zoned;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

/// Names under which dialects keep a zone of a person or a tenant: LeadSquared's, BookingBug's.
const NAMES: [&str; 2] = ["TimeZone", "timezone"];

/// The names there are. What the system has besides, `localtime`, is the clock of a machine and not the same on every node.
static KNOWN: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone by its IANA name; `None` for a name that is none.
pub fn named(name: &str) -> Option<TimeZone> {
    KNOWN.get(name).ok()?;
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

/// A zone as people are told which it is, `Europe/Berlin`: three letters mean several.
pub fn name(zone: &TimeZone) -> String {
    zone.iana_name().map_or_else(|| "UTC".to_owned(), |name| name.replace('_', " "))
}

/// Which of two a moment is in the hour that a clock shows twice, because it is put back: `UTC+02`. `None` for every other moment.
pub fn which(time: &Zoned) -> Option<String> {
    let is_twice = time.time_zone().to_ambiguous_zoned(time.datetime()).is_ambiguous();
    is_twice.then(|| format!("UTC{}", time.offset()))
}

/// Somebody's zone; UTC when nobody said.
pub(crate) fn of(person: &Person, branch: &Branch) -> TimeZone {
    known(person, branch).unwrap_or(TimeZone::UTC)
}

/// Somebody's zone if it is known: what they say themselves goes first, then what is said nearest above them. A name that is none
/// says nothing.
pub(crate) fn known(person: &Person, branch: &Branch) -> Option<TimeZone> {
    let theirs_own = NAMES.into_iter().filter_map(|name| person.profile.extra(name));
    let theirs = branch.upwards().flat_map(|node| NAMES.into_iter().filter_map(move |name| own(node, name)));
    theirs_own.chain(theirs).find_map(named)
}
