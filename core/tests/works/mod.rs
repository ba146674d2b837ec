//! Long work: begun, left, gone on with, ended, forgotten.

mod ends;
mod export;
mod forgotten;
mod import;
mod makers;
mod room;

use doorward_core::once::Done;
use doorward_core::works::{self, Export, Import, Refused, Row, Sheet};
use doorward_core::{Actor, Branch, Error};
use doorward_model::{Work, WorkState};
use doorward_store::works as store;
use doorward_testkit::House;

/// A file with a line for each of these, from line 2 on.
fn sheet(header: &[&str], rows: &[&[&str]]) -> Sheet {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let rows = (2..).zip(rows).map(|(number, cells)| Row { number, cells: Ok(texts(cells)) });
    Sheet { header: texts(header), rows: rows.collect() }
}

/// So many good lines.
fn crowd(people: usize) -> Sheet {
    let rows = (0..people).map(|n| Row {
        number: i64::try_from(n).unwrap() + 2,
        cells: Ok(vec![format!("person{n}@crowd.example")]),
    });
    Sheet { header: vec!["email".to_owned()], rows: rows.collect() }
}

fn plainly(sheet: Sheet) -> Import {
    Import { sheet, invite: false, only_check: false }
}

async fn begin(house: &House, actor: &Actor, branch: &Branch, import: Import) -> Result<Work, Error> {
    match works::import(&house.core, &house.caller, actor, branch, import, None).await? {
        Done::Now(work) => Ok(work),
        Done::Before(id) => unreachable!("{id} was made before"),
    }
}

/// Only looks a file through.
async fn check(house: &House, branch: &Branch, sheet: Sheet) -> Result<Work, Error> {
    begin(house, &house.operator, branch, Import { sheet, invite: false, only_check: true }).await
}

async fn cancel(house: &House, branch: &Branch, work: &Work) -> Work {
    works::cancel(&house.core, &house.caller, &house.operator, branch, work.id).await.unwrap()
}

async fn export(house: &House, actor: &Actor, branch: &Branch, export: Export) -> Result<Work, Error> {
    match works::export(&house.core, &house.caller, actor, branch, export, None).await? {
        Done::Now(work) => Ok(work),
        Done::Before(id) => unreachable!("{id} was made before"),
    }
}

/// Puts something else in its place in the database, as another version, or somebody who writes there, might.
async fn rewrite(house: &House, work: Work) {
    let written = house.core.db().write(work.pool, move |tx| store::rewrite(tx, &work)).await;
    assert_eq!(written, Ok(true));
}

/// Forgets what is not kept any longer.
async fn sweep(house: &House) {
    doorward_core::sweep::sweep(&house.core, &mut doorward_core::sweep::Walks::of(1)).await.unwrap();
}

async fn now(house: &House, branch: &Branch, work: &Work) -> Work {
    works::find(&house.core, &house.operator, branch, work.id).await.unwrap()
}

/// Lets it go on to its end.
async fn to_the_end(house: &House, branch: &Branch, work: &Work) -> Work {
    while works::go_on(&house.core).await.unwrap() {}
    let ended = now(house, branch, work).await;
    assert!(!ended.state.is_open(), "{ended:?}");
    ended
}

async fn refused(house: &House, branch: &Branch, work: &Work) -> Vec<(i64, String)> {
    let found = works::refused(&house.core, &house.operator, branch, work.id, 0, 200).await.unwrap();
    found.items.into_iter().map(|Refused { line, reason }| (line.number, reason)).collect()
}

/// How it stands: state, done, refused.
fn figures(work: &Work) -> (WorkState, i64, i64) {
    (work.state, work.done, work.refused)
}
