//! What came of a plan: the changes in words, the secrets made on the way, or everything that is wrong with it.

use doorward_model::Secret;

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Every change, in the order of the plan's nouns; empty when everything was as it should be.
    pub changes: Vec<Change>,
    /// The secrets that were made; shown now and never again. Empty for a dry run.
    pub generated: Vec<Generated>,
}

/// One difference between the plan and what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// New, or changed.
    pub mark: Mark,
    /// Of which kind.
    pub noun: Noun,
    /// Which one, as its entry names it.
    pub name: String,
    /// What exactly, in words.
    pub details: Vec<String>,
}

/// Whether an entry is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was not there.
    Added,
    /// It was different.
    Changed,
}

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// A region.
    Region,
    /// A tenant.
    Tenant,
    /// A door.
    Door,
    /// An application.
    Application,
    /// A person.
    Person,
    /// An access key.
    Key,
    /// A version of terms.
    Terms,
}

impl Noun {
    /// The word an operator reads and writes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Tenant => "tenant",
            Self::Door => "door",
            Self::Application => "application",
            Self::Person => "person",
            Self::Key => "key",
            Self::Terms => "terms",
        }
    }
}

/// A secret that was made for an entry.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Of which kind the entry is.
    pub noun: Noun,
    /// Which one.
    pub name: String,
    /// What it is good for: `password`, `app_key`, `secret_key`.
    pub secret_name: &'static str,
    /// The public half that belongs to it: `app_id`, `access_key`.
    pub public: Option<(&'static str, String)>,
    /// The secret.
    pub secret: Secret,
}

/// What is wrong with one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of which kind the entry is.
    pub noun: Noun,
    /// Which one of its kind, from 0.
    pub index: usize,
    /// Which field.
    pub field: &'static str,
    /// What is wrong and what was expected. Never holds a secret.
    pub message: String,
    /// The names that would have been right, for "did you mean".
    pub known: Vec<String>,
}
