//! One node after the other is asked to end and started again, as for an upgrade.

use super::cluster::{Cluster, NODES};
use super::progress::Progress;
use super::traffic::survives;
use super::{own, share};

/// What the first node of a next version does to the tables that every request comes by, and says of it: who knows no more
/// than we do may serve on. Each by itself, so that it meets a transaction in one table only.
const EXPAND: [&str; 6] = [
    "ALTER TABLE people ADD COLUMN next_versions BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN next_versions TEXT",
    "ALTER TABLE events ADD COLUMN next_versions BIGINT NOT NULL DEFAULT 0",
    "CREATE TABLE next_versions (pool BYTEA NOT NULL PRIMARY KEY)",
    "UPDATE serving SET oldest = (SELECT max(version) FROM migrations)",
    "INSERT INTO migrations (version, name, checksum) SELECT max(version) + 1, 'next', 1 FROM migrations",
];

#[test]
fn nodes_are_restarted_one_by_one() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("rolling-restart", &mut cluster, |cluster, progress| {
        for number in 0..NODES {
            restart(cluster, progress, number);
        }
    });
}

/// Nodes that have served over the old schema serve on over the new one, and so do those that are started over it.
#[test]
fn nodes_are_restarted_over_a_schema_that_a_newer_version_expands() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("rolling-upgrade", &mut cluster, |cluster, progress| {
        restart(cluster, progress, 0);
        for statement in EXPAND {
            own.sql("postgres", statement);
        }
        for number in 1..NODES {
            restart(cluster, progress, number);
        }
    });
}

fn restart(cluster: &mut Cluster, progress: &Progress, number: usize) {
    progress.more(share(2 * NODES));
    cluster.stop(number);
    progress.more(share(2 * NODES));
    cluster.again(number);
    progress.served_at(&[number]);
}
