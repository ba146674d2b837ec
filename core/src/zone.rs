//! Whose clock somebody lives by: as they say, else as their tenant says. The mails they get and the pages of their account tell the
//! time by it.

use crate::Branch;
use doorward_model::Person;
use jiff::tz::TimeZone;

/// Names under which dialects keep a zone of a person or a tenant: LeadSquared's, BookingBug's.
const NAMES: [&str; 2] = ["TimeZone", "timezone"];

/// A zone as people are told which it is, `Europe/Berlin`: three letters mean several.
pub fn name(zone: &TimeZone) -> String {
    zone.iana_name().map_or_else(|| "UTC".to_owned(), |name| name.replace('_', " "))
}

/// Somebody's zone; UTC when nobody said.
pub(crate) fn of(person: &Person, branch: &Branch) -> TimeZone {
    known(person, branch).unwrap_or(TimeZone::UTC)
}

/// Somebody's zone if it is known. A name that is none says nothing.
pub(crate) fn known(person: &Person, branch: &Branch) -> Option<TimeZone> {
    let own = NAMES.into_iter().filter_map(|name| person.profile.extra(name));
    let theirs = NAMES.into_iter().filter_map(|name| branch.profile(name));
    own.chain(theirs).find_map(|name| TimeZone::get(name).ok())
}
