//! A line of a file, and the person it asks for.

use crate::people::{NewPassword, NewPerson};
use doorward_model::{Email, Kind, Language, NotificationSettings, Profile, Role, Verified};
use serde::{Deserialize, Serialize};

/// What the columns of a file may be called, in the order of a line's cells. New ones come last: lines of a version before have
/// fewer cells.
pub const COLUMNS: [&str; 7] = ["email", "first_name", "last_name", "known_as", "kind", "role", "language"];

/// A line with a cell for each of [`COLUMNS`], empty where the file says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it stands in the file, from 1.
    pub number: i64,
    /// What it says.
    pub cells: Vec<String>,
}

/// A line that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The line, as far as it could be read.
    pub line: Line,
    /// Why, in words.
    pub reason: String,
}

const KINDS: [Kind; 4] = [Kind::Administrator, Kind::Member, Kind::Contact, Kind::User];
const ROLES: [Role; 4] = [Role::Owner, Role::Admin, Role::User, Role::Callcentre];

impl Line {
    /// What stands in a column.
    pub fn cell(&self, column: &str) -> &str {
        let at = COLUMNS.iter().position(|known| *known == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// The person, or what is wrong with the line.
    pub(super) fn person(&self) -> Result<NewPerson, String> {
        let name = |column| Some(self.cell(column).to_owned()).filter(|name| !name.is_empty());
        let email = match self.cell("email") {
            "" => return Err("email: is missing".to_owned()),
            text => Email::parse(text).map_err(|fault| format!("email: {fault}"))?,
        };
        Ok(NewPerson {
            email,
            profile: Profile {
                first_name: name("first_name"),
                last_name: name("last_name"),
                known_as: name("known_as"),
                extra: Vec::new(),
            },
            kind: self.word("kind", Kind::User, Kind::parse, &KINDS.map(Kind::as_str))?,
            role: self.word("role", Role::User, Role::parse, &ROLES.map(Role::as_str))?,
            standing: None,
            verified: Verified::No,
            password: NewPassword::None,
            notifications: NotificationSettings::default(),
            language: self.word(
                "language",
                None,
                |tag| Language::parse(tag).map(Some),
                &Language::ALL.map(Language::as_str),
            )?,
        })
    }

    fn word<T>(
        &self,
        column: &str,
        usual: T,
        parse: impl Fn(&str) -> Option<T>,
        words: &[&str],
    ) -> Result<T, String> {
        match self.cell(column) {
            "" => Ok(usual),
            text => {
                parse(&text.to_lowercase()).ok_or_else(|| format!("{column}: expected {}", words.join(", ")))
            }
        }
    }
}
