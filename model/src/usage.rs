//! Who still uses what: the things an administrator may want to retire, and what is counted of them.

use crate::{AccessKeyId, ApplicationId, DoorId, HashScheme, Timestamp};
use uuid::Uuid;

/// What is counted, by day and tenant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UseKind {
    /// Uses of a door: sign-ins through it, and calls with what was opened there.
    Door,
    /// Sign-ins through a door; of Doorward's own pages under the nil id.
    SignIn,
    /// Attempts to sign in with a wrong password or an unknown account.
    SignInWrong,
    /// Attempts that came to nothing for another reason: slowed down, a full queue, a store that was away.
    SignInRefused,
    /// Calls in which a program named itself.
    Application,
    /// Sign-ins with a password whose hash is of a kind.
    Hash,
    /// Calls with an access key.
    Key,
    /// Moves of a tenant to below another: what it used before stands where it was.
    Moved,
}

impl UseKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Door,
        Self::SignIn,
        Self::SignInWrong,
        Self::SignInRefused,
        Self::Application,
        Self::Hash,
        Self::Key,
        Self::Moved,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::SignIn => "sign_in",
            Self::SignInWrong => "sign_in_wrong",
            Self::SignInRefused => "sign_in_refused",
            Self::Application => "application",
            Self::Hash => "hash",
            Self::Key => "key",
            Self::Moved => "moved",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A sort of things.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sort {
    /// Doors.
    Doors,
    /// Applications.
    Applications,
    /// Kinds of password hashes.
    Hashes,
    /// Access keys.
    Keys,
}

impl Sort {
    /// Every sort, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Doors, Self::Applications, Self::Hashes, Self::Keys];

    /// The printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Doors => "doors",
            Self::Applications => "applications",
            Self::Hashes => "hashes",
            Self::Keys => "keys",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// Something that may be retired.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Thing {
    /// A door.
    Door(DoorId),
    /// An application.
    Application(ApplicationId),
    /// A kind of password hash.
    Hash(HashScheme),
    /// An access key.
    Key(AccessKeyId),
}

impl Thing {
    /// Reads what [`Thing::name`] wrote.
    pub fn parse(sort: Sort, name: &str) -> Option<Self> {
        match sort {
            Sort::Doors => DoorId::parse(name).map(Self::Door),
            Sort::Applications => ApplicationId::parse(name).map(Self::Application),
            Sort::Hashes => Some(Self::Hash(HashScheme::named(name))),
            Sort::Keys => AccessKeyId::parse(name).map(Self::Key),
        }
    }

    /// Its sort.
    pub const fn sort(&self) -> Sort {
        match self {
            Self::Door(_) => Sort::Doors,
            Self::Application(_) => Sort::Applications,
            Self::Hash(_) => Sort::Hashes,
            Self::Key(_) => Sort::Keys,
        }
    }

    /// What tells it from others of its sort.
    pub fn name(&self) -> String {
        match self {
            Self::Door(id) => id.to_string(),
            Self::Application(id) => id.to_string(),
            Self::Hash(scheme) => scheme.to_string(),
            Self::Key(id) => id.to_string(),
        }
    }

    /// As what its uses are counted.
    pub const fn kind(&self) -> UseKind {
        match self {
            Self::Door(_) => UseKind::Door,
            Self::Application(_) => UseKind::Application,
            Self::Hash(_) => UseKind::Hash,
            Self::Key(_) => UseKind::Key,
        }
    }

    /// How the store names it: the id's bytes, or the text.
    pub fn subject(&self) -> Vec<u8> {
        let id = |id: Uuid| id.as_bytes().to_vec();
        match self {
            Self::Door(it) => id(it.uuid()),
            Self::Application(it) => id(it.uuid()),
            Self::Hash(scheme) => scheme.as_str().as_bytes().to_vec(),
            Self::Key(it) => id(it.uuid()),
        }
    }
}

/// Microseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// A day in UTC, counted from 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i64);

impl Day {
    /// The day of a moment.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.micros().div_euclid(DAY))
    }

    /// As it is stored.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// As it is stored.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// When it begins.
    pub const fn begins(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_mul(DAY))
    }

    /// As a calendar writes it: `2026-11-22`.
    pub fn date(self) -> String {
        self.begins().civil().strftime("%Y-%m-%d").to_string()
    }

    /// So many days before.
    #[must_use]
    pub const fn before(self, days: i64) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_by_its_sort_and_name() {
        let id = Uuid::from_u128(7);
        for thing in [
            Thing::Door(DoorId::new(id)),
            Thing::Application(ApplicationId::new(id)),
            Thing::Hash(HashScheme::named("2b$12")),
            Thing::Key(AccessKeyId::new(id)),
        ] {
            let sort = Sort::parse(thing.sort().as_str()).unwrap();
            assert_eq!(Thing::parse(sort, &thing.name()), Some(thing));
        }
        assert_eq!(Thing::parse(Sort::Keys, "no id"), None);
    }

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        let at = Timestamp::from_micros(-1);
        assert_eq!(Day::of(at).number(), -1);
        assert_eq!(Day::of(Day::new(20_784).begins()), Day::new(20_784));
        assert_eq!(Day::new(20_784).date(), "2026-11-27");
    }
}
