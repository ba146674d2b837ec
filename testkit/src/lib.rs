//! What tests of this workspace share. Dev only.

pub mod smtp;
