//! Finding people among a million: the first page of 50 of a search, in the median and at worst, and how much that is of a page
//! by primary key; on both engines, through the core's own operations. `crowd.rs` makes the people.
//!
//! PostgreSQL is the private server of the job `scale`.

mod crowd;

use crate::Result;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::scale::server::Server;
use crate::table::{Row, Series, Wanted};
use crate::verify::fill::patient;
use crowd::Crowd;
use doorward_core::Actor;
use doorward_core::people::{self, Search};
use doorward_model::PersonId;
use doorward_store::{Db, SqliteSettings};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

const JOB: &str = "search";
/// People on a page.
const PAGE: usize = 50;
/// What a first page may take in the median, in milliseconds.
const MOST: f64 = 50.0;

/// What somebody types: a few letters, a name, two words, an address, and nobody's.
const ASKED: [&str; 8] =
    ["mi", "kar", "lonasa", "Ta Ri", "mika lo", "person4711", "person1@crowd.example", "zzz"];

/// Measures both engines.
pub(crate) fn run(plan: &Plan, directory: &Path, progress: &Progress) -> Result<Vec<Row>> {
    let people = if plan.rounds > 1 { 1_000_000 } else { 10_000 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let home = TempDir::new_in(directory)?;
    let settings = SqliteSettings { path: home.path().join("bench.db"), readers: 1 };
    let mut rows = runtime.block_on(measured("SQLite", Db::open(&settings)?, people, plan, progress))?;
    progress.say("search: starting PostgreSQL");
    let server = Server::start(directory);
    let db = Db::open_postgres(&patient(&server.empty("search")))?;
    rows.extend(runtime.block_on(measured("PostgreSQL", db, people, plan, progress))?);
    Ok(rows)
}

async fn measured(engine: &str, db: Db, people: u32, plan: &Plan, progress: &Progress) -> Result<Vec<Row>> {
    progress.say(&format!("search: making {people} people in {engine}"));
    let crowd = Crowd::make(db, people).await?;
    let (mut searched, mut paged, mut worst) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress.say(&format!("search in {engine}, round {} of {}", round + 1, plan.rounds));
        let times = searches(&crowd, plan.span).await?;
        worst.push(times.last().copied().unwrap_or(f64::NAN));
        searched.push(median(&times));
        paged.push(median(&pages(&crowd, plan.span).await?));
    }
    crowd.core.db().close().await;
    let series = |what: &str, figures: &[f64]| {
        Series::new(format!("{engine}, {people} people, {what}"), "ms", figures.to_vec())
    };
    let row = |ours, theirs, wanted| Row { job: JOB, ours, theirs, wanted };
    let first = format!("the first page of {PAGE}, median");
    Ok(vec![
        row(series(&first, &searched), None, Wanted::AtMost(MOST)),
        row(series("the same, worst", &worst), None, Wanted::Nothing),
        row(
            series(&first, &searched),
            Some(series(&format!("a page of {PAGE} by primary key, median"), &paged)),
            Wanted::Nothing,
        ),
    ])
}

/// Milliseconds of each search for `span`, sorted.
async fn searches(crowd: &Crowd, span: Duration) -> Result<Vec<f64>> {
    let (mut times, mut any) = (Vec::new(), false);
    let began = Instant::now();
    for text in ASKED.iter().cycle() {
        let search = Search { text: (*text).to_owned(), after: None, rows: PAGE };
        let asked = Instant::now();
        let found = people::search(&crowd.core, &Actor::Operator, &crowd.branch, search).await?;
        times.push(asked.elapsed().as_secs_f64() * 1e3);
        any |= !found.people.is_empty();
        if began.elapsed() > span {
            break;
        }
    }
    if !any {
        return Err("no search found anybody".into());
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// Milliseconds of each page of the list by key for `span`, sorted.
async fn pages(crowd: &Crowd, span: Duration) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    let mut after = PersonId::new(Uuid::nil());
    let began = Instant::now();
    while began.elapsed() < span {
        let asked = Instant::now();
        let page = people::list_after(&crowd.core, &Actor::Operator, &crowd.branch, after, PAGE).await?;
        times.push(asked.elapsed().as_secs_f64() * 1e3);
        after = page.last().map_or(PersonId::new(Uuid::nil()), |it| it.person.id);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
