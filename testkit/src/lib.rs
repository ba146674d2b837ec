//! What tests of this workspace share. Dev only.
//!
//! [`House`] is a core of its own on a database in memory, with a clock that stands still and cheap hashing, and
//! short words for making tenants and people. [`Client`] sends whole exchanges through one dialect's doors, over a real socket.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where its fixture fails")]

mod client;
mod engine;
mod house;
mod places;
pub mod postman;
mod served;
pub mod smtp;

pub use client::{Answer, Client, Request};
pub use house::{House, PASSWORD};
pub use places::{Names, location_database};
pub use served::Serves;
