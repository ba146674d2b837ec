//! The database is stopped and started again: once as it should be, once as if its machine had crashed.

use super::cluster::Cluster;
use super::traffic::survives;
use super::{own, share};
use doorward_testkit_postgres::Stop;

#[test]
fn the_database_is_stopped() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("database-stopped", &mut cluster, |_, progress| {
        for how in [Stop::Fast, Stop::Immediate] {
            progress.more(share(3));
            own.stop(how);
            progress.refused_at(&[0, 1, 2]);
            own.again();
            progress.served_at(&[0, 1, 2]);
        }
        progress.more(share(3));
    });
}
