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
    /// Making and changing people who administer nothing.
    PeopleWrite,
    /// Reading what happened.
    EventsRead,
    /// Reading terms and who consented to them.
    TermsRead,
    /// Publishing terms.
    TermsWrite,
    /// Reading who is signed in.
    SessionsRead,
    /// Signing people out.
    SessionsWrite,
    /// Reading how far mails got.
    MailsRead,
    /// Having mails tried again.
    MailsWrite,
    /// Reading doors.
    DoorsRead,
    /// Making and changing doors.
    DoorsWrite,
    /// Reading regions.
    RegionsRead,
    /// Making and changing regions.
    RegionsWrite,
    /// Reading policies.
    PolicyRead,
    /// Making, changing, moving and closing tenants.
    TenantsWrite,
    /// Reading who has which place.
    MembershipsRead,
    /// Giving, changing and taking places that administer nothing.
    MembershipsWrite,
    /// Reading applications and their tokens.
    ApplicationsRead,
    /// Making and changing applications and their tokens.
    ApplicationsWrite,
    /// Reading access keys.
    KeysRead,
    /// Making and changing access keys of people who administer nothing.
    KeysWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 23] = [
        Self::Everything,
        Self::TenantsRead,
        Self::PeopleRead,
        Self::PeopleWrite,
        Self::EventsRead,
        Self::TermsRead,
        Self::TermsWrite,
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::MailsRead,
        Self::MailsWrite,
        Self::DoorsRead,
        Self::DoorsWrite,
        Self::RegionsRead,
        Self::RegionsWrite,
        Self::PolicyRead,
        Self::TenantsWrite,
        Self::MembershipsRead,
        Self::MembershipsWrite,
        Self::ApplicationsRead,
        Self::ApplicationsWrite,
        Self::KeysRead,
        Self::KeysWrite,
    ];

    /// The word in a token.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "manage",
            Self::TenantsRead => "manage:tenants:read",
            Self::PeopleRead => "manage:people:read",
            Self::PeopleWrite => "manage:people:write",
            Self::EventsRead => "manage:events:read",
            Self::TermsRead => "manage:terms:read",
            Self::TermsWrite => "manage:terms:write",
            Self::SessionsRead => "manage:sessions:read",
            Self::SessionsWrite => "manage:sessions:write",
            Self::MailsRead => "manage:mails:read",
            Self::MailsWrite => "manage:mails:write",
            Self::DoorsRead => "manage:doors:read",
            Self::DoorsWrite => "manage:doors:write",
            Self::RegionsRead => "manage:regions:read",
            Self::RegionsWrite => "manage:regions:write",
            Self::PolicyRead => "manage:policy:read",
            Self::TenantsWrite => "manage:tenants:write",
            Self::MembershipsRead => "manage:memberships:read",
            Self::MembershipsWrite => "manage:memberships:write",
            Self::ApplicationsRead => "manage:applications:read",
            Self::ApplicationsWrite => "manage:applications:write",
            Self::KeysRead => "manage:keys:read",
            Self::KeysWrite => "manage:keys:write",
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
            Self::EventsRead => "reading what happened",
            Self::TermsRead => "reading terms, and who consented to them",
            Self::TermsWrite => "the same, and publishing terms",
            Self::SessionsRead => "reading who is signed in",
            Self::SessionsWrite => "the same, and signing people out",
            Self::MailsRead => "reading how far mails got",
            Self::MailsWrite => "the same, and having mails tried again",
            Self::DoorsRead => "reading doors",
            Self::DoorsWrite => "the same, and making, changing and removing doors",
            Self::RegionsRead => "reading regions",
            Self::RegionsWrite => "the same, and making and changing regions",
            Self::PolicyRead => "reading policies",
            Self::PeopleWrite => "reading people; making and changing those who administer nothing",
            Self::TenantsWrite => "reading tenants; making, changing, moving and closing them",
            Self::MembershipsRead => "reading who has which place",
            Self::MembershipsWrite => "reading places; giving and taking those that administer nothing",
            Self::ApplicationsRead => "reading applications and their tokens",
            Self::ApplicationsWrite => "reading applications and tokens; making and changing them",
            Self::KeysRead => "reading access keys",
            Self::KeysWrite => "reading keys; making and changing those of people who administer nothing",
        }
    }

    /// Whether who has this scope has that one, too.
    fn includes(self, other: Self) -> bool {
        self == Self::Everything || self == other || other.is_read_with(self)
    }

    /// Whether this is the reading of what that one writes.
    fn is_read_with(self, writing: Self) -> bool {
        let noun = writing.as_str().strip_suffix(":write");
        noun.is_some() && noun == self.as_str().strip_suffix(":read")
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
        let may: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| writing.include(*scope)).collect();
        assert_eq!(may, [Scope::PeopleRead, Scope::PeopleWrite]);
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
