//! Mail: templates with hostile input, sending to a real SMTP server on loopback, rounds of the worker.

mod batches;
mod fixture;
mod sending;
mod templates;
