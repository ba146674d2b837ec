//! Rosters: a tenant's people, searched, ordered and cut by the database.
//!
//! Searched and ordered is what the program folded (`name_key`, `known_as_key`, `email_key`), so every engine finds the
//! same people in the same order.

use crate::people::{self, PERSON_COLUMNS, person_columns};
use crate::{Error, Part, Statement, Statements, Tx, sql};
use doorward_model::{Kind, Person, PersonId, PersonStatus, Role, TenantId};

/// Who is sought.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Living people with a place in this tenant itself.
    pub tenant: TenantId,
    /// Of one of these kinds.
    pub kinds: &'a [Kind],
    /// With this folded text in a name or the e-mail; the empty text is in everybody's.
    pub text: &'a str,
}

/// What a roster is ordered by; the same twice, by when they came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// When they were made.
    Created,
    /// When they last changed.
    Modified,
    /// Full name, folded.
    Name,
    /// E-mail, folded.
    Email,
}

/// Longer than any folded name or e-mail; a longer text is nobody's. Engines limit patterns, too.
const LONGEST_TEXT: usize = 2_000;

macro_rules! kinds {
    () => {
        "m.pool = $1 AND m.tenant = $3 AND m.kind IN ($4, $5, $6, $7)"
    };
}

macro_rules! sought {
    () => {
        concat!(
            "FROM people p WHERE p.pool = $1 AND p.status <> $2 AND p.id IN (SELECT m.person FROM memberships m WHERE ",
            kinds!(),
            ") AND (p.name_key LIKE $8 ESCAPE '!' OR p.known_as_key LIKE $8 ESCAPE '!' \
             OR p.email_key LIKE $8 ESCAPE '!')"
        )
    };
}

macro_rules! order {
    ($column:literal, $direction:literal) => {
        concat!(" ORDER BY ", $column, $direction, ", p.created_at", $direction, ", p.id", $direction)
    };
}

/// A row for each place of each person on the page.
macro_rules! page {
    ($column:literal, $direction:literal) => {
        sql(concat!(
            "SELECT ",
            person_columns!(),
            ", m.role FROM (SELECT p.* ",
            sought!(),
            order!($column, $direction),
            " LIMIT $9 OFFSET $10) p JOIN memberships m ON m.person = p.id AND ",
            kinds!(),
            order!($column, $direction)
        ))
    };
}

const BY_CREATED: [Statement; 2] = [page!("p.created_at", " ASC"), page!("p.created_at", " DESC")];
const BY_MODIFIED: [Statement; 2] = [page!("p.modified_at", " ASC"), page!("p.modified_at", " DESC")];
const BY_NAME: [Statement; 2] = [page!("p.name_key", " ASC"), page!("p.name_key", " DESC")];
const BY_EMAIL: [Statement; 2] = [page!("p.email_key", " ASC"), page!("p.email_key", " DESC")];
/// Where the role stands, behind a person's columns.
const ROLE: usize = PERSON_COLUMNS;

/// A part of a roster: each person once, with the strongest role of the places that were sought.
pub fn list(
    tx: &mut Tx<'_>,
    sought: Sought<'_>,
    (order, descending): (Order, bool),
    part: Part,
) -> Result<Vec<(Person, Role)>, Error> {
    let Some(pattern) = pattern(sought.text) else { return Ok(Vec::new()) };
    let [ascending, backwards] = match order {
        Order::Created => &BY_CREATED,
        Order::Modified => &BY_MODIFIED,
        Order::Name => &BY_NAME,
        Order::Email => &BY_EMAIL,
    };
    let statement = if descending { backwards } else { ascending };
    let [one, two, three, four] = words(sought.kinds);
    let rows = tx.rows(
        statement,
        &[
            &tx.pool(),
            &PersonStatus::Deleted.as_str(),
            &sought.tenant,
            &one,
            &two,
            &three,
            &four,
            &pattern,
            &part.rows,
            &part.start,
        ],
        |row| Ok((people::read(row)?, row.parsed(ROLE, Role::parse)?)),
    )?;
    Ok(merged(rows))
}

const COUNT: Statement = sql(concat!("SELECT COUNT(*) ", sought!()));

/// How many people a whole roster has.
pub fn count(tx: &mut Tx<'_>, sought: Sought<'_>) -> Result<i64, Error> {
    let Some(pattern) = pattern(sought.text) else { return Ok(0) };
    let [one, two, three, four] = words(sought.kinds);
    let deleted = PersonStatus::Deleted.as_str();
    let counted = tx.row(
        &COUNT,
        &[&tx.pool(), &deleted, &sought.tenant, &one, &two, &three, &four, &pattern],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

const LIST_AFTER: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", m.role FROM memberships m JOIN people p ON p.pool = m.pool AND p.id = m.person \
     WHERE m.pool = $1 AND m.tenant = $2 AND m.person > $3 AND p.status <> $4 ORDER BY m.person, m.kind LIMIT $5"
));
/// Places of one person in one tenant: one of each kind.
const KINDS: i64 = 4;

/// Living people of this tenant itself behind an id, by id, at most `limit`: each once, with their strongest role.
pub fn list_after(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: PersonId,
    limit: usize,
) -> Result<Vec<(Person, Role)>, Error> {
    // Enough for all places of so many, whoever has how many.
    let rows = i64::try_from(limit).unwrap_or(i64::MAX).saturating_mul(KINDS);
    let deleted = PersonStatus::Deleted.as_str();
    let found = tx.rows(&LIST_AFTER, &[&tx.pool(), &tenant, &after, &deleted, &rows], |row| {
        Ok((people::read(row)?, row.parsed(ROLE, Role::parse)?))
    })?;
    let mut people = merged(found);
    people.truncate(limit);
    Ok(people)
}

/// Rows of one person follow each other.
fn merged(rows: Vec<(Person, Role)>) -> Vec<(Person, Role)> {
    let mut merged: Vec<(Person, Role)> = Vec::new();
    let mut last: Option<PersonId> = None;
    for (person, role) in rows {
        match merged.last_mut().filter(|_| last == Some(person.id)) {
            Some((_, strongest)) => *strongest = role.min(*strongest),
            None => {
                last = Some(person.id);
                merged.push((person, role));
            }
        }
    }
    merged
}

/// There are four kinds; nothing is of the kind of the empty word.
fn words(kinds: &[Kind]) -> [&'static str; 4] {
    [0, 1, 2, 3].map(|place| kinds.get(place).map_or("", |kind| kind.as_str()))
}

/// What `LIKE` calls any text with this one in it.
fn pattern(text: &str) -> Option<String> {
    if text.chars().count() > LONGEST_TEXT {
        return None;
    }
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Some(pattern)
}
