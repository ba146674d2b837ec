//! What the engines say of the same texts.
//!
//! `postgres.rs` has a real server parse and analyse each of them, `schema.rs` looks at what the migrations left there,
//! `heard.rs` compares what was read in the sources with what a server is sent, and `sqlite.rs` prepares the other half.

mod heard;
mod postgres;
mod schema;
mod sqlite;
