//! The directory: which cell a name lives in (docs/decisions/cells.md). It crosses pools.
//!
//! `own.rs` is what this cell tells the others, written by the transactions that make the names; `elsewhere.rs` is what the
//! others told. A database that is no cell's has no head, and then nothing is written here.

mod elsewhere;
mod own;

pub use elsewhere::{Page, Peer, Places, conflicts, forget_others, holder, list_peers, peer, take};
pub use own::{
    Before, Entry, Filled, HELD_ELSEWHERE, announce, begin, cell, fill, head, list_unannounced,
    names_of_pool, of_tenant, since,
};
pub(crate) use own::{claim, settle};

use doorward_model::{AccessKeyName, CompanyNumber, Slug};
use sha2::{Digest as _, Sha256};

/// What a name is a name of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A tenant, by its sub-domain.
    Slug,
    /// A tenant, by its number.
    Company,
    /// An access key, by the hash of its public half.
    AccessKey,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Slug, Self::Company, Self::AccessKey];

    /// The stored and told word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slug => "slug",
            Self::Company => "company",
            Self::AccessKey => "access-key",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Goes before an access key in its hash, so that no other hash of it is the same.
const KEY_DOMAIN: &[u8] = b"doorward/1/directory/access-key\0";

/// A name in the directory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    kind: Kind,
    text: String,
}

impl Name {
    /// Of a tenant.
    pub fn slug(slug: &Slug) -> Self {
        Self { kind: Kind::Slug, text: slug.as_str().to_owned() }
    }

    /// Of a tenant, too.
    pub fn company(number: CompanyNumber) -> Self {
        Self { kind: Kind::Company, text: number.to_string() }
    }

    /// Of an access key: SHA-256, since cells share no key that a keyed hash would need, and the 128 random bits of the public
    /// half are more than anybody guesses.
    pub fn access_key(name: &AccessKeyName) -> Self {
        let hash = Sha256::new().chain_update(KEY_DOMAIN).chain_update(name.as_str());
        Self { kind: Kind::AccessKey, text: hex::encode(hash.finalize()) }
    }

    /// As another cell told it; `None` for what no cell tells.
    pub fn parse(kind: &str, text: &str) -> Option<Self> {
        let kind = Kind::parse(kind)?;
        let is_name = match kind {
            Kind::Slug => Slug::parse(text).is_ok_and(|slug| slug.as_str() == text),
            Kind::Company => text
                .parse()
                .is_ok_and(|number| CompanyNumber::new(number).is_ok_and(|it| it.to_string() == text)),
            Kind::AccessKey => {
                text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            }
        };
        is_name.then(|| Self { kind, text: text.to_owned() })
    }

    /// What it is a name of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The text; of an access key, its hash.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_cell_tells_another_reads() {
        let key = AccessKeyName::parse("u$r000102030405060708090A0b0c0d0e0f").unwrap();
        let names = [
            Name::slug(&Slug::parse("north-wind").unwrap()),
            Name::company(CompanyNumber::new(10_001).unwrap()),
            Name::access_key(&key),
        ];
        for name in names {
            assert_eq!(Name::parse(name.kind().as_str(), name.text()), Some(name));
        }
    }

    #[test]
    fn what_is_no_name_is_not_taken_for_one() {
        for (kind, text) in [
            ("slug", "North"),
            ("slug", "a.b"),
            ("company", "0"),
            ("company", "+7"),
            ("company", "007"),
            ("access-key", "u$r000102030405060708090a0b0c0d0e0f"),
            ("access-key", &"A".repeat(64)),
            ("person", "ada"),
        ] {
            assert_eq!(Name::parse(kind, text), None, "{kind} {text}");
        }
    }
}
