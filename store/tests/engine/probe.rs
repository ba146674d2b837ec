//! A small table to try transactions on, and a way to hold the writer still.

use doorward_model::PoolId;
use doorward_store::{Db, Error, Statement, Statements, Tx, per_engine, sql};
use std::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub(crate) const POOL: PoolId = PoolId::new(Uuid::from_u128(1));

const CREATE: Statement = per_engine(
    "CREATE TABLE probe (n INTEGER NOT NULL PRIMARY KEY, note TEXT) STRICT",
    "CREATE TABLE probe (n BIGINT NOT NULL PRIMARY KEY, note TEXT)",
);
const INSERT: Statement = sql("INSERT INTO probe (n, note) VALUES ($1, $2)");
const LIST: Statement = sql("SELECT n FROM probe ORDER BY n");

/// Makes the table.
pub(crate) async fn create(db: &Db) {
    db.write_house(|tx| tx.execute(&CREATE, &[])).await.unwrap();
}

/// Adds a row.
pub(crate) fn insert(tx: &mut Tx<'_>, n: i64) -> Result<(), Error> {
    tx.execute(&INSERT, &[&n, &"some text"]).map(|_| ())
}

/// Which rows there are.
pub(crate) async fn rows(db: &Db) -> Vec<i64> {
    db.read(POOL, |tx| tx.rows(&LIST, &[], |row| row.get(0))).await.unwrap()
}

/// Which rows somebody else sees in the file.
pub(crate) fn rows_on_disk(path: &std::path::Path) -> Vec<i64> {
    let other = rusqlite::Connection::open(path).unwrap();
    let mut list = other.prepare("SELECT n FROM probe ORDER BY n").unwrap();
    list.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Keeps the writer inside a transaction until it is let go.
pub(crate) struct Held {
    go: Sender<()>,
    job: JoinHandle<Result<(), Error>>,
}

impl Held {
    pub(crate) async fn writer(db: &Db) -> Self {
        let (go, wait) = channel::<()>();
        let (inside, entered) = channel();
        let db = db.clone();
        // A job may be run again; it holds the writer once.
        let mut first = Some((inside, wait));
        let job = tokio::spawn(async move {
            db.write(POOL, move |_tx| {
                let Some((inside, wait)) = first.take() else { return Ok(()) };
                inside.send(()).map_err(|error| Error::Fault(error.to_string()))?;
                wait.recv().map_err(|error| Error::Fault(error.to_string()))
            })
            .await
        });
        tokio::task::spawn_blocking(move || entered.recv().unwrap()).await.unwrap();
        Self { go, job }
    }

    pub(crate) async fn let_go(self) {
        self.go.send(()).unwrap();
        self.job.await.unwrap().unwrap();
    }
}

/// Queues a write without waiting for it; returns when it is in the queue.
pub(crate) async fn queue<T: Send + 'static>(
    db: &Db,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> JoinHandle<Result<T, Error>> {
    let before = db.stats().waiting_interactive;
    let handle = db.clone();
    let job = tokio::spawn(async move { handle.write(POOL, work).await });
    while db.stats().waiting_interactive == before {
        tokio::task::yield_now().await;
    }
    job
}

/// The same in the bulk lane.
pub(crate) async fn queue_bulk<T: Send + 'static>(
    db: &Db,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> JoinHandle<Result<T, Error>> {
    let before = db.stats().waiting_bulk;
    let handle = db.clone();
    let job = tokio::spawn(async move { handle.write_bulk(POOL, work).await });
    while db.stats().waiting_bulk == before {
        tokio::task::yield_now().await;
    }
    job
}
