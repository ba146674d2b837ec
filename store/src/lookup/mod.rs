//! Look-ups that cannot know the pool yet: by host name part, number, key or token. They return ids only; the caller
//! then binds a transaction to the pool and reads there.

pub mod access_keys;
pub mod app_ids;
pub mod application_keys;
pub mod application_tokens;
pub mod companies;
pub mod sessions;
pub mod slugs;
pub mod tickets;
