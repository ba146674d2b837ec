//! The database takes no writes: because somebody said so, or because it became a standby.

use super::cluster::Cluster;
use super::traffic::survives;
use super::{own, share};
use doorward_testkit_postgres::{Pair, Stop, is_skipped};

const SETTING: &str = "default_transaction_read_only";

#[test]
fn the_database_is_read_only() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("database-read-only", &mut cluster, |_, progress| {
        progress.more(share(2));
        own.set(SETTING, "on");
        progress.refused_at(&[0, 1, 2]);
        own.set(SETTING, "off");
        progress.served_at(&[0, 1, 2]);
        progress.more(share(2));
    });
}

/// The standby is promoted, and the primary comes back as its standby.
#[test]
fn primary_and_standby_change_places() {
    if is_skipped() {
        return;
    }
    let pair = Pair::start("");
    let mut cluster = Cluster::start(&pair.url("postgres"));
    survives("switchover", &mut cluster, |_, progress| {
        progress.more(share(2));
        pair.primary.stop(Stop::Fast);
        pair.promote();
        pair.primary.follow(&pair.standby);
        pair.primary.again();
        progress.served_at(&[0, 1, 2]);
        // From now on commits wait for the old one.
        pair.standby.set("synchronous_standby_names", "*");
        progress.more(share(2));
    });
}
