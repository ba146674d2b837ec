//! The synchronous standby takes over: from a primary that crashed, and from one that only stopped answering.

use super::cluster::{Cluster, NODES, Place};
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

/// Nobody shut the old one off, and it is all that one of the nodes can reach: that one serves nobody, and the others find
/// the new one.
#[test]
fn the_primary_that_was_replaced_lives_on() {
    const LEFT_BEHIND: usize = 2;
    if is_skipped() {
        return;
    }
    let pair = Pair::start("");
    let (old, both) = (pair.primary.url("postgres"), pair.url("postgres"));
    let url_of = |number| if number == LEFT_BEHIND { &old } else { &both };
    let places = (0..NODES).map(|number| Place::here(url_of(number))).collect();
    let mut cluster = Cluster::start_at(&both, places);
    survives("failover-unfenced", &mut cluster, |cluster, progress| {
        progress.more(share(3));
        pair.promote();
        progress.refused_at(&[LEFT_BEHIND]);
        progress.served_at(&[0, 1]);
        progress.more(share(3));
        cluster.stop(LEFT_BEHIND);
        cluster.again_over(LEFT_BEHIND, &both);
        progress.served_at(&[0, 1, 2]);
        progress.more(share(3));
    });
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
