//! Operations of the core as their callers see them, on a database in memory with a clock that stands still.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its own functions too")]

mod access_keys;
mod application_tokens;
mod applications;
mod attempts;
mod browser;
mod cells;
mod consent;
mod digests;
mod email_change;
mod events;
mod languages;
mod mail_limits;
mod manage;
mod memberships;
mod moving;
mod nodes;
mod outbox;
mod passwords;
mod people;
mod places;
mod provision;
mod pulse;
mod sessions;
mod sweep;
mod tenants;
mod tree;
mod usage;
mod works;
