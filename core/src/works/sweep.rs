//! Forgetting works: their rows soon after the end, their figures later.

use super::REMEMBERED;
use super::run::Ending;
use crate::{Core, Result};
use doorward_model::{PoolId, Timestamp, Work, WorkId, WorkState};
use doorward_store::{Error as StoreError, Tx, work_parts, work_refusals, works};

/// Works that are looked at at once.
const AT_ONCE: i64 = 50;
/// Parts that one write deletes: each holds up to some hundred KiB.
const PARTS: i64 = 20;
/// Refused lines that one write deletes.
const LINES: i64 = 500;

/// Why works end that nobody ended in time.
const UNSTARTED: &str = "nobody started it in time";
const OVERDUE: &str = "it was still going on when its rows could not be kept any longer";

pub(crate) async fn sweep(core: &Core, now: Timestamp) -> Result<()> {
    loop {
        let over = core.db().read_house(move |tx| works::list_over(tx, now, AT_ONCE)).await?;
        if over.is_empty() {
            return Ok(());
        }
        for (pool, id) in over {
            forget(core, pool, id, now).await?;
        }
    }
}

async fn forget(core: &Core, pool: PoolId, id: WorkId, now: Timestamp) -> Result<()> {
    let Some(work) = core.db().read(pool, move |tx| works::find(tx, id)).await? else { return Ok(()) };
    let ending = Ending::prepare(core, &work)?;
    loop {
        let ending = ending.clone();
        if !core.db().write_bulk(pool, move |tx| forget_some(tx, &ending, id, now)).await? {
            return Ok(());
        }
    }
}

/// Ends, erases or forgets; `true` if there is more to do. Somebody may start a work until it is ended here, so nothing of one
/// is erased before, nor in a transaction that did not look.
fn forget_some(tx: &mut Tx<'_>, ending: &Ending, id: WorkId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(work) = works::find(tx, id)?.filter(|work| work.erase_at <= now) else { return Ok(false) };
    if work.is_erased {
        return works::delete(tx, id).map(|()| false);
    }
    let end = match work.state {
        WorkState::Checked => Some((WorkState::Canceled, Some(UNSTARTED))),
        WorkState::Running => Some((WorkState::Stopped, Some(OVERDUE))),
        WorkState::Done | WorkState::Stopped | WorkState::Canceled => None,
    };
    if let Some(end) = end {
        return ending.write_until(tx, work, end, now).map(|_| true);
    }
    if work_parts::erase(tx, id, PARTS)? || work_refusals::erase(tx, id, LINES)? {
        return Ok(true);
    }
    works::rewrite(tx, &figures(work, now)).map(|_| false)
}

/// What is told of a work for a while longer: nothing that names a person. The audit trail says who began it.
fn figures(work: Work, now: Timestamp) -> Work {
    // An import's says whether people were invited; an export's may name one.
    let wish = if work.kind.is_export() { "{}".to_owned() } else { work.wish };
    Work {
        is_erased: true,
        erase_at: now.plus(REMEMBERED),
        actor: unnamed(&work.actor),
        maker: "{}".to_owned(),
        wish,
        address: None,
        place: None,
        ..work
    }
}

/// "person", "operator", or "application crm".
fn unnamed(actor: &str) -> String {
    let words = if actor.starts_with("application ") { 2 } else { 1 };
    actor.split(' ').take(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::unnamed;

    #[test]
    fn programs_stay_named_and_people_do_not() {
        assert_eq!(unnamed("application crm token 3"), "application crm");
        assert_eq!(unnamed("person 4"), "person");
        assert_eq!(unnamed("operator 1 session 2"), "operator");
        assert_eq!(unnamed("operator"), "operator");
    }
}
