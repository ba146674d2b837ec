//! A write that may or may not be kept: until that is settled, nothing is answered from memory.

use super::{
    hasty,
    nodes::{HOUR, SOON, node, session, until, wait_for},
    own,
};
use crate::engine::probe::POOL;
use doorward_model::Secret;
use doorward_store::{Error, Invalidation, PostgresSettings, Statements};
use doorward_testkit_postgres::{Prank, Wire};
use std::time::Duration;

#[tokio::test]
async fn what_is_read_while_a_write_is_in_doubt_is_not_believed_and_is_forgotten_after() {
    let Some(server) = own("") else { return };
    let wire = Wire::to(server.socket());
    for bound in [HOUR, Duration::from_millis(200)] {
        let url = Secret::new(wire.url("postgres"));
        let settings =
            PostgresSettings { url, revocation_poll: SOON, revocation_bound: bound, ..hasty(&server) };
        let (db, told) = node(&settings);
        until(|| db.hearing().is_current());
        wire.play(Prank::Cut);
        let answer = db
            .write(POOL, |tx| {
                tx.invalidate(session(1));
                Ok(())
            })
            .await;
        assert!(matches!(answer, Err(Error::Unavailable { .. })), "{answer:?}");
        wait_for(&told, session(1));
        if bound == HOUR {
            assert!(!db.hearing().is_current(), "the write may still come");
        } else {
            until(|| db.hearing().is_current());
            wait_for(&told, Invalidation::Everything);
        }
        db.close().await;
    }
}
