//! Events as a table.

use super::Told;

/// What the columns are called.
pub const COLUMNS: &[&str] = &[
    "at",
    "kind",
    "sentence",
    "tenant",
    "tenant_name",
    "person",
    "person_name",
    "actor",
    "session",
    "door",
    "application",
    "address",
    "detail",
    "id",
];

/// A row of the table, in the order of [`COLUMNS`].
pub fn cells(told: &Told) -> Vec<Option<String>> {
    let Told { event, names } = told;
    vec![
        Some(event.at.civil().to_string()),
        Some(event.kind.as_str().to_owned()),
        Some(told.sentence()),
        event.tenant.map(|id| id.to_string()),
        names.tenant.clone(),
        event.person.map(|id| id.to_string()),
        names.person.clone(),
        event.actor.clone(),
        event.session.map(|id| id.to_string()),
        event.door.map(|id| id.to_string()),
        event.application.map(|id| id.to_string()),
        event.address.map(|address| address.to_string()),
        event.detail.clone(),
        Some(event.id.to_string()),
    ]
}
