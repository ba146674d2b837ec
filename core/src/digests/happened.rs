//! What happened to somebody in a span that is over, line by line as a digest tells it.

use crate::actor::person_name;
use crate::outbox::Happened;
use crate::{Core, Result};
use doorward_model::{Event, EventId, Happening, PersonId, PoolId, Timestamp};
use doorward_store::events;
use uuid::Uuid;

/// Lines of a digest; more are counted.
const MOST_TOLD: usize = 50;
/// Events one read takes, and how many of them are looked through at most: a program may sign in all day in somebody's name.
const READ: i64 = 500;
const MOST_READ: usize = 10_000;

/// What happened to somebody from one moment until before another, the newest first, and how much more than is told. Nothing is
/// written into a span that is over, so each page is a read of its own and holds nobody up.
pub(super) async fn between(
    core: &Core,
    pool: PoolId,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> Result<(Vec<Happened>, usize)> {
    let (mut told, mut more, mut read) = (Vec::new(), 0, 0);
    let mut before = (until, EventId::new(Uuid::nil()));
    while read < MOST_READ {
        let page = core
            .db()
            .read(pool, move |tx| events::list_of_person_before(tx, person, before, from, READ))
            .await?;
        let goes_on = i64::try_from(page.len()).is_ok_and(|found| found >= READ);
        read += page.len();
        before = page.last().map_or(before, |last| (last.at, last.id));
        for (event, what) in page.iter().filter_map(|event| Some((event, Happening::of(event)?))) {
            if told.len() < MOST_TOLD { told.push(line(event, what)) } else { more += 1 }
        }
        if !goes_on {
            break;
        }
    }
    Ok((told, more))
}

fn line(event: &Event, what: Happening) -> Happened {
    Happened {
        what: what.as_str().to_owned(),
        at: event.at.micros(),
        address: event.address.filter(|_| is_by_themselves(event)).map(|address| address.to_string()),
    }
}

/// Whether the person did it, or a thief in their name. Where an administrator or a program did it is not the person's affair.
fn is_by_themselves(event: &Event) -> bool {
    event.actor.is_none() || event.actor == event.person.map(person_name)
}
