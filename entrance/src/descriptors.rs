//! File descriptors: as many connections as the system lets us have, and some left for the database.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Descriptors that are no client connections: database files, sockets, logs, deliveries, with room to spare.
const RESERVED: usize = 128;

/// Raises this process's limit as far as `connections` need and the system allows; returns how many connections fit.
/// At the limit new clients then wait, where otherwise the database could open no file.
pub(crate) fn allow(connections: usize) -> usize {
    let wanted = u64::try_from(connections.saturating_add(RESERVED)).unwrap_or(u64::MAX);
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let before = limit;
        limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit = before;
        }
    }
    let Some(current) = limit.current.filter(|current| *current < wanted) else { return connections };
    let fitting = usize::try_from(current).unwrap_or(connections).saturating_sub(RESERVED).max(1);
    tracing::warn!(
        connections = fitting,
        wanted = connections,
        "the limit of open files allows fewer connections"
    );
    fitting
}
