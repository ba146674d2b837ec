//! Listing a tenant's people, a page at a time.

use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{Kind, Person, Role};

/// Which people, in which order, and which part of them.
#[derive(Clone, Debug)]
pub struct Wish {
    /// As what they belong to the tenant.
    pub kinds: &'static [Kind],
    /// Only those with this text in a name or the e-mail, in any case.
    pub search: Option<String>,
    /// In which order.
    pub order: OrderBy,
    /// Backwards.
    pub descending: bool,
    /// How many to skip.
    pub start: usize,
    /// How many to list at most.
    pub rows: usize,
}

/// What people are ordered by; the same twice, by when they came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderBy {
    /// When they were made.
    Created,
    /// When they last changed.
    Modified,
    /// Full name.
    Name,
    /// E-mail.
    Email,
}

/// One person of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// The strongest role of the places that were asked for.
    pub role: Role,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many the whole list has.
    pub total: usize,
    /// How many were skipped.
    pub start: usize,
}

/// The people who have a place in this tenant itself. Whoever has a role there may look.
pub async fn list(core: &Core, actor: &Actor, branch: &Branch, wish: Wish) -> Result<Page<Listed>> {
    let _ = (core, actor, branch, wish);
    Err(Error::Internal)
}
