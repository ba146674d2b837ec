//! What a token may be used for at the management API.

macro_rules! scopes {
    ($($name:ident = $word:literal: $about:literal,)+) => {
        /// One right. A scope that writes includes reading.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Scope {
            $(#[doc = $about] $name,)+
        }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Every scope's word.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word in a token.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What it is good for, in a few words.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }
        }
    };
}

scopes! {
    Everything = "manage": "everything below, and making administrators",
    TenantsRead = "manage:tenants:read": "reading tenants",
    TenantsWrite = "manage:tenants:write": "the same; making, changing, moving and closing tenants",
    PeopleRead = "manage:people:read": "reading people",
    PeopleWrite = "manage:people:write": "the same; making and changing people who administer nothing",
    MembershipsRead = "manage:memberships:read": "reading who has which place",
    MembershipsWrite = "manage:memberships:write": "the same; giving and taking places that administer nothing",
    ApplicationsRead = "manage:applications:read": "reading applications and their tokens",
    ApplicationsWrite = "manage:applications:write": "the same; making and changing applications and tokens",
    KeysRead = "manage:keys:read": "reading access keys",
    KeysWrite = "manage:keys:write": "the same; making and changing keys of people who administer nothing",
    SessionsRead = "manage:sessions:read": "reading who is signed in",
    SessionsWrite = "manage:sessions:write": "the same; signing people out",
    TermsRead = "manage:terms:read": "reading terms, and who consented to them",
    TermsWrite = "manage:terms:write": "the same; publishing terms",
    EventsRead = "manage:events:read": "reading what happened",
    MailsRead = "manage:mails:read": "reading how far mails got",
    MailsWrite = "manage:mails:write": "the same; having mails tried again",
    ExportsRead = "manage:exports:read": "how far exports got; taking those of what the token may read",
    ExportsWrite = "manage:exports:write": "the same; making and ending exports",
    DoorsRead = "manage:doors:read": "reading doors",
    DoorsWrite = "manage:doors:write": "the same; making, changing and removing doors",
    RegionsRead = "manage:regions:read": "reading regions",
    RegionsWrite = "manage:regions:write": "the same; making and changing regions",
    UsageRead = "manage:usage:read": "reading who still uses what, with people's names and e-mail addresses",
    PolicyRead = "manage:policy:read": "reading policies",
    PolicyWrite = "manage:policy:write": "the same; changing them, except the quotas, which are an operator's",
}

impl Scope {
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == word)
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
        let may: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| writing.include(*scope)).collect();
        assert_eq!(may, [Scope::PeopleRead, Scope::PeopleWrite]);
        assert!(Scope::ALL.iter().all(|scope| Scopes::of(["manage"]).include(*scope)));
        assert!(!Scope::ALL.iter().any(|scope| Scopes::of([]).include(*scope)));
    }

    #[test]
    fn words_that_look_like_ours_are_told_from_others() {
        for word in Scope::WORDS.iter().copied().chain(["manage:", "manage:people:delete"]) {
            assert!(is_ours(word), "{word}");
        }
        for word in ["management", "people:manage", "Manage", "managers:read"] {
            assert!(!is_ours(word), "{word}");
        }
    }
}
