//! The management API as its callers see it. A file per noun; `files.rs` keeps the document and the page fresh.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails in a test's own preparations fails the test"
)]

mod applications;
mod desk;
mod doors;
mod events;
mod exports;
mod files;
mod hostile;
mod imports;
mod keys;
mod mails;
mod memberships;
mod people;
mod people_changes;
mod people_search;
mod postman;
mod refusals;
mod sessions;
mod tenants;
mod terms;
mod usage;
