//! The choices of forms: as what somebody belongs to a tenant, and with which rights.

use doorward_core::{Actor, Branch, Error, Result};
use doorward_model::{Kind, Language, Role};

/// A choice of a form: its value, its words, and whether it is the one that was chosen.
pub(in crate::admin) struct Choice {
    pub(in crate::admin) value: &'static str,
    pub(in crate::admin) label: &'static str,
    pub(in crate::admin) is_chosen: bool,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::User, "User of the platform"),
    (Kind::Administrator, "Administrator"),
    (Kind::Member, "Member (a customer who signs in)"),
    (Kind::Contact, "Contact"),
];

const ROLES: [(Role, &str); 4] = [
    (Role::User, "Uses it"),
    (Role::Callcentre, "Call centre"),
    (Role::Admin, "Administers people and keys"),
    (Role::Owner, "Owns the tenant"),
];

fn choice(value: &'static str, label: &'static str, chosen: &str) -> Choice {
    Choice { value, label, is_chosen: value == chosen }
}

/// As what.
pub(in crate::admin) fn kinds(chosen: &str) -> Vec<Choice> {
    KINDS.iter().map(|(it, label)| choice(it.as_str(), label, chosen)).collect()
}

/// With which rights, of those that somebody may give.
pub(in crate::admin) fn roles(actor: &Actor, branch: &Branch, chosen: &str) -> Vec<Choice> {
    let given = ROLES.iter().filter(|(it, _)| actor.grants(branch, *it).is_ok());
    given.map(|(it, label)| choice(it.as_str(), label, chosen)).collect()
}

/// As what somebody belongs, in a few words: their rights are said where they are more than a user's.
pub(in crate::admin) fn belonging(kind: Kind, role: Role) -> String {
    match role {
        Role::User => kind.as_str().to_owned(),
        Role::Callcentre => format!("{}, call centre", kind.as_str()),
        Role::Admin | Role::Owner => format!("{}, {}", kind.as_str(), role.as_str()),
    }
}

/// The language that was chosen; `None` is as the tenant says.
pub(in crate::admin) fn language(chosen: &str) -> Result<Option<Language>> {
    let parse =
        |tag| Language::parse(tag).ok_or_else(|| Error::invalid("language", "choose one of the list"));
    Some(chosen).filter(|tag| !tag.is_empty()).map(parse).transpose()
}

/// The languages that mails are written in.
pub(in crate::admin) fn languages(chosen: &str) -> Vec<Choice> {
    Language::ALL.iter().map(|it| choice(it.as_str(), it.own_name(), chosen)).collect()
}
