//! What a node tells of its database: health and figures.

use super::sections;
use crate::operations::Site;
use crate::process::Ask;
use doorward_testkit_postgres::{Own, Stop, is_skipped};

#[test]
fn readiness_follows_the_server_and_figures_tell_of_its_connections() {
    if is_skipped() {
        return;
    }
    let own = Own::start("");
    let node = Site::bare_with(&sections(&own.url("postgres")));
    node.done(&["init"]);
    let server = node.serve();
    let status = |path: &str| server.send(&Ask::get("localhost", path)).status;
    assert_eq!((status("/healthz"), status("/readyz")), (200, 200));
    let page = server.send(&Ask::get("localhost", "/metrics")).text();
    assert!(page.contains("doorward_store_info{engine=\"postgres\"} 1\n"), "{page}");
    assert_eq!(server.figure("doorward_store_connections_most "), 8);
    assert!((1..=8).contains(&server.figure("doorward_store_connections ")));
    assert_eq!(server.figure("doorward_store_failed_connects_total "), 0);

    own.stop(Stop::Fast);
    assert_eq!((status("/healthz"), status("/readyz")), (200, 503));
    assert!(server.figure("doorward_store_failed_connects_total ") >= 1);
    own.again();
    assert_eq!(status("/readyz"), 200);
    assert!(server.figure("doorward_store_connections ") >= 1);
}

#[test]
fn the_embedded_database_has_a_name_and_no_connections() {
    let site = Site::new();
    let page = site.serve().send(&Ask::get("localhost", "/metrics")).text();
    assert!(page.contains("doorward_store_info{engine=\"sqlite\"} 1\n"), "{page}");
    assert!(!page.contains("doorward_store_connections"), "{page}");
}
