//! Ours: concurrent clients of `doorward-store`, whose one writer commits together what waits together.

use super::session::{POOL, fresh};
use crate::Result;
use crate::rate::Rate;
use doorward_crypto::Random;
use doorward_store::{Db, SqliteSettings, sessions};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// `clients` insert for `span`, each waiting for its own to be durable.
pub(super) fn measure(at: &SqliteSettings, clients: usize, span: Duration) -> Result<Rate> {
    measure_in(Db::open(at)?, clients, span)
}

/// The same in a database of either engine.
pub(crate) fn measure_in(db: Db, clients: usize, span: Duration) -> Result<Rate> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for _ in 0..clients {
            running.spawn(client(db.clone(), span));
        }
        let mut rate = Rate::default();
        while let Some(client) = running.join_next().await {
            rate.add(client??);
        }
        db.close().await;
        Ok(rate)
    })
}

async fn client(db: Db, span: Duration) -> Result<Rate> {
    let random = Random::os();
    let began = Instant::now();
    let (mut done, mut worst) = (0_u32, Duration::ZERO);
    while began.elapsed() < span {
        let opened = fresh(&random)?;
        let asked = Instant::now();
        db.write(POOL, move |tx| sessions::insert(tx, &opened)).await?;
        worst = worst.max(asked.elapsed());
        done += 1;
    }
    Ok(Rate { worst_wait: worst.as_secs_f64(), ..Rate::of(done, began.elapsed()) })
}
