//! A person's places, as little as an API must know of them.

use doorward_model::{CompanyNumber, Kind, Role};
use std::fmt;

/// One of a person's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The tenant's number.
    pub tenant: u32,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    /// Whether it reaches the tenant they are signed in to: it is there or above.
    pub reaches: bool,
}

/// Nearly everybody has one place, which then needs no memory of its own.
#[derive(Debug)]
pub(super) enum Places {
    One(Place),
    Several(Box<[Place]>),
}

impl Place {
    pub(super) fn at(number: CompanyNumber, kind: Kind, role: Role, reaches: bool) -> Self {
        Self { tenant: u32::try_from(number.get()).unwrap_or(u32::MAX), kind, role, reaches }
    }
}

/// `kind:role`, as headers and assertions say it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In pieces: headers are written for every answer.
        f.write_str(self.kind.as_str())?;
        f.write_str(":")?;
        f.write_str(self.role.as_str())
    }
}

impl FromIterator<Place> for Places {
    fn from_iter<I: IntoIterator<Item = Place>>(places: I) -> Self {
        let places: Vec<Place> = places.into_iter().collect();
        match (places.len(), places.first()) {
            (1, Some(only)) => Self::One(*only),
            _ => Self::Several(places.into_boxed_slice()),
        }
    }
}
