//! What a token may be used for at the management API.

/// One right. A scope that writes includes reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Everything, and making administrators.
    Everything,
    /// Reading tenants.
    TenantsRead,
    /// Reading people.
    PeopleRead,
    /// Making people who administer nothing.
    PeopleWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Everything, Self::TenantsRead, Self::PeopleRead, Self::PeopleWrite];

    /// The word in a token.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "manage",
            Self::TenantsRead => "manage:tenants:read",
            Self::PeopleRead => "manage:people:read",
            Self::PeopleWrite => "manage:people:write",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// What it is good for, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Everything => "everything below, and making administrators",
            Self::TenantsRead => "reading tenants",
            Self::PeopleRead => "reading people",
            Self::PeopleWrite => "reading people, and making some who administer nothing",
        }
    }

    /// Whether who has this scope has that one, too.
    const fn includes(self, other: Self) -> bool {
        match self {
            Self::Everything => true,
            Self::TenantsRead => matches!(other, Self::TenantsRead),
            Self::PeopleRead => matches!(other, Self::PeopleRead),
            Self::PeopleWrite => matches!(other, Self::PeopleRead | Self::PeopleWrite),
        }
    }
}

/// The rights of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Those among a token's words that mean something here; others are for other services.
    pub(crate) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self(words.into_iter().filter_map(Scope::parse).collect())
    }

    /// Whether a token with these may do what this scope is needed for.
    pub fn include(&self, scope: Scope) -> bool {
        self.0.iter().any(|own| own.includes(scope))
    }
}

/// Whether a word is said as if it were a scope of the management API, known or not.
pub(crate) fn is_ours(word: &str) -> bool {
    word.strip_prefix(Scope::Everything.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_writes_includes_reading_and_nothing_else() {
        let writing = Scopes::of(["people:read", "manage:people:write", "manage:unheard-of"]);
        let may = Scope::ALL.map(|scope| writing.include(scope));
        assert_eq!(may, [false, false, true, true]);
        assert!(Scope::ALL.into_iter().all(|scope| Scopes::of(["manage"]).include(scope)));
        assert!(!Scope::ALL.into_iter().any(|scope| Scopes::of([]).include(scope)));
    }

    #[test]
    fn words_that_look_like_ours_are_told_from_others() {
        for word in Scope::ALL.map(Scope::as_str).into_iter().chain(["manage:", "manage:people:delete"]) {
            assert!(is_ours(word), "{word}");
        }
        for word in ["management", "people:manage", "Manage", "managers:read"] {
            assert!(!is_ours(word), "{word}");
        }
    }
}
