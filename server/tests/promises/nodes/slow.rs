//! Everything the database says takes long: longer than usual, then longer than a node waits.

use super::cluster::Cluster;
use super::traffic::survives;
use super::{own, share};
use doorward_testkit_postgres::Wire;
use std::time::Duration;

/// Each way; another continent's.
const FAR: Duration = Duration::from_millis(20);
/// Each way; there and back takes longer than an answer is waited for.
const HOPELESS: Duration = Duration::from_secs(4);

#[test]
fn the_database_is_slow() {
    let Some(own) = own("") else { return };
    let wire = Wire::to(own.socket());
    let mut cluster = Cluster::start(&wire.url("postgres"));
    survives("database-slow", &mut cluster, |_, progress| {
        progress.more(share(3));
        wire.delay(FAR);
        progress.more(share(3));
        wire.delay(HOPELESS);
        progress.refused_at(&[0, 1, 2]);
        wire.delay(Duration::ZERO);
        progress.served_at(&[0, 1, 2]);
        progress.more(share(3));
    });
}
