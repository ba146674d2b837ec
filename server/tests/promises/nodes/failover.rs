//! The synchronous standby takes over: from a primary that crashed, and from one that only stopped answering.

use super::cluster::Cluster;
use super::progress::Progress;
use super::share;
use super::traffic::survives;
use doorward_testkit_postgres::{Pair, Stop, is_skipped};

#[test]
fn the_primary_is_killed() {
    fails_over("failover-killed", |pair| pair.primary.stop(Stop::Immediate));
}

/// Its connections stay open. It must not come back as a primary: whoever reached only that one would hear nothing of
/// the other.
#[test]
fn the_primary_is_frozen() {
    fails_over("failover-frozen", |pair| pair.primary.freeze());
}

fn fails_over(name: &'static str, falls: impl FnOnce(&Pair)) {
    if is_skipped() {
        return;
    }
    let pair = Pair::start("");
    let mut cluster = Cluster::start(&pair.url("postgres"));
    survives(name, &mut cluster, |_, progress: &Progress| {
        progress.more(share(2));
        falls(&pair);
        pair.promote();
        progress.served_at(&[0, 1, 2]);
        progress.more(share(2));
    });
}
