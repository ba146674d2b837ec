//! Uses of sessions, written behind: a session that is used lives on, and nobody waits for that to be written.
//!
//! An idle end moves in steps and is rounded up, so a session is written once a step, however often it is used, and
//! never ends earlier than its span after its last use. What a crash loses is at most what [`flush`] had not written yet.

use crate::{Core, Result};
use doorward_model::{PoolId, SessionId, Timestamp};
use doorward_store::sessions;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A step of the idle end, as a fraction of its span: half an hour of a day, fifteen hours of a month.
const STEPS: u32 = 48;
/// Sessions that wait to be written. When so many do, the store is away; the next use of a session tries again.
const WAITING: usize = 65_536;
/// Sessions of one transaction: short enough that nobody waits behind it.
const TOGETHER: usize = 128;

/// The uses that are not written yet.
#[derive(Default)]
pub(crate) struct Touches(Mutex<HashMap<(PoolId, SessionId), Touch>>);

#[derive(Clone, Copy)]
struct Touch {
    used_at: Timestamp,
    idle_until: Timestamp,
}

/// The idle end of a session used now: a span away, rounded up to a step, never after its absolute end. `None` while the
/// one on record is good enough.
pub(crate) fn slid(
    on_record: Timestamp,
    span: Duration,
    ends_at: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let least = now.plus(span).min(ends_at);
    if on_record >= least {
        return None;
    }
    Some(now.plus(span + span / STEPS).min(ends_at))
}

impl Touches {
    /// Notes a use; `false` when too many wait.
    pub(super) fn note(
        &self,
        session: (PoolId, SessionId),
        used_at: Timestamp,
        idle_until: Timestamp,
    ) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = waiting.len() < WAITING || waiting.contains_key(&session);
        if has_room {
            let noted = waiting.entry(session).or_insert(Touch { used_at, idle_until });
            if noted.idle_until < idle_until {
                *noted = Touch { used_at, idle_until };
            }
        }
        has_room
    }

    fn take(&self) -> HashMap<(PoolId, SessionId), Touch> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the uses noted since the last call; what cannot be written now is noted again, unless used anew meanwhile.
pub async fn flush(core: &Core) -> Result<()> {
    let mut by_pool: HashMap<PoolId, Vec<(SessionId, Touch)>> = HashMap::new();
    for ((pool, session), touch) in core.memory().touches.take() {
        by_pool.entry(pool).or_default().push((session, touch));
    }
    let mut outcome = Ok(());
    for (pool, touched) in by_pool {
        for piece in touched.chunks(TOGETHER) {
            if let Err(fault) = write(core, pool, piece.to_vec()).await {
                for (session, touch) in piece {
                    core.memory().touches.note((pool, *session), touch.used_at, touch.idle_until);
                }
                outcome = Err(fault.into());
            }
        }
    }
    outcome
}

async fn write(
    core: &Core,
    pool: PoolId,
    touched: Vec<(SessionId, Touch)>,
) -> Result<(), doorward_store::Error> {
    core.db()
        .write_bulk(pool, move |tx| {
            for (session, touch) in &touched {
                sessions::touch(tx, *session, touch.used_at, touch.idle_until)?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_used_session_never_ends_earlier_than_its_span_after_the_use_and_is_written_once_a_step() {
        let start = Timestamp::from_micros(0);
        let end = start.plus(DAY * 30);
        let mut on_record = start.plus(DAY);
        let mut writes = 0;
        for minute in 0..2_880_u32 {
            let now = start.plus(Duration::from_secs(60) * minute);
            if let Some(later) = slid(on_record, DAY, end, now) {
                on_record = later;
                writes += 1;
            }
            assert!(on_record >= now.plus(DAY) && on_record <= now.plus(DAY + DAY / STEPS));
        }
        assert!((90..=97).contains(&writes), "{writes}");
    }

    /// What could not be written is noted again, after a use that came meanwhile.
    #[test]
    fn the_later_of_two_uses_stays_noted_in_whichever_order_they_come() {
        let at = Timestamp::from_micros;
        let session = (PoolId::new(uuid::Uuid::nil()), SessionId::new(uuid::Uuid::nil()));
        for uses in [[(1, 10), (2, 20)], [(2, 20), (1, 10)]] {
            let touches = Touches::default();
            for (used_at, idle_until) in uses {
                assert!(touches.note(session, at(used_at), at(idle_until)));
            }
            let noted = touches.take();
            assert_eq!((noted[&session].used_at, noted[&session].idle_until), (at(2), at(20)));
        }
    }

    #[test]
    fn nothing_slides_beyond_the_absolute_end() {
        let end = Timestamp::from_micros(0).plus(DAY);
        assert_eq!(slid(end, DAY, end, Timestamp::from_micros(5)), None);
    }
}
