//! The server `doorward`: the only place where everything meets.
//!
//! `config` reads one file and the environment, `cli` is the command line, `logging` the log lines, `telemetry` the traces, `reload` what SIGHUP reads again, `wiring` the list of
//! dialects, `jobs` what runs behind, `demo` the fixture. What a request means is decided elsewhere: `doorward_web` and the dialects.

pub mod admin;
pub mod apply;
pub mod cell;
pub mod cli;
pub mod config;
mod demo;
mod house;
mod jobs;
pub mod logging;
pub mod mail;
mod places;
mod reload;
mod serve;
pub mod telemetry;
pub mod wiring;
