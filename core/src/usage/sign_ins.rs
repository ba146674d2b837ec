//! Sign-ins by door and by day, of all nodes and whether they were restarted or not; and how many are signed in.

use super::{Count, Window};
use crate::below::{Below, Source};
use crate::manage::Scope;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{Day, DoorId, PoolId, TenantId, UseKind};
use doorward_store::uses::{self, HOUSE, Of};
use doorward_store::{Error as StoreError, Tx, sessions};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sessions counted at most.
pub(crate) const SESSIONS_COUNTED: i64 = 10_000;
/// Doors of a picture.
const DOORS: usize = 200;
/// Doors of which anything is known, living and removed, that are added up, by age: more than any installation has within the days
/// kept. Behind them only living ones are.
const SUBJECTS: usize = 1_000;
/// What stands for a door where somebody came through our own pages.
const PAGES: DoorId = DoorId::new(Uuid::nil());

/// How attempts to sign in ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcomes {
    /// Those that led in, key pairs that were accepted among them.
    pub succeeded: i64,
    /// Those with a wrong password, key or account.
    pub wrong: i64,
    /// Those that came to nothing for another reason.
    pub refused: i64,
}

impl Outcomes {
    /// All of them.
    pub fn sum(&self) -> i64 {
        self.succeeded.saturating_add(self.wrong).saturating_add(self.refused)
    }

    fn of(&mut self, kind: Outcome) -> &mut i64 {
        match kind {
            Outcome::Succeeded => &mut self.succeeded,
            Outcome::Wrong => &mut self.wrong,
            Outcome::Refused => &mut self.refused,
        }
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Succeeded,
    Wrong,
    Refused,
}

const OUTCOMES: [(Outcome, UseKind); 3] = [
    (Outcome::Succeeded, UseKind::SignIn),
    (Outcome::Wrong, UseKind::SignInWrong),
    (Outcome::Refused, UseKind::SignInRefused),
];

/// Through what somebody tried to sign in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Through {
    /// The door of this name.
    Door(String),
    /// Doorward's own pages.
    Pages,
    /// Doors that were removed since, all of them together.
    Removed,
}

/// Attempts to sign in within a window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignIns {
    /// By door, the most first.
    pub doors: Vec<(Through, Outcomes)>,
    /// The same by day, each day of the window, the first first.
    pub days: Vec<(Day, Outcomes)>,
}

/// Attempts to sign in within a window: at a tenant and below it for its administrators, in the whole installation for
/// operators.
///
/// Errors: [`Error::NotAllowed`], and [`Error::NotFound`] for another pool's tenant.
pub async fn sign_ins(
    core: &Core,
    actor: &Actor,
    branch: Option<&Branch>,
    window: Window,
) -> Result<SignIns> {
    let (pool, scope) = place(actor, branch)?;
    let now = core.now();
    let (first, last) = (window.first(now), Day::of(now));
    let there = core.doors();
    let through = move |subject: &[u8]| {
        let door = there.iter().find(|door| door.id.as_bytes()[..] == *subject);
        match door {
            Some(door) => Through::Door(door.name.clone()),
            None if subject == PAGES.as_bytes() => Through::Pages,
            None => Through::Removed,
        }
    };
    let doors: Vec<(Vec<u8>, Through)> = core
        .doors()
        .iter()
        .map(|door| (door.id.as_bytes().to_vec(), Through::Door(door.name.clone())))
        .collect();
    let read = core.db().read(pool, move |tx| {
        let mut days: BTreeMap<Day, Outcomes> =
            (first.number()..=last.number()).map(|day| (Day::new(day), Outcomes::default())).collect();
        // Every door is told of, also one that nobody came through.
        let mut told: BTreeMap<Through, Outcomes> =
            doors.iter().map(|(_, through)| (through.clone(), Outcomes::default())).collect();
        for (outcome, kind) in OUTCOMES {
            let mut subjects = uses::list_subjects(tx, scope, kind, SUBJECTS)?;
            if subjects.len() >= SUBJECTS {
                let known = subjects.last().cloned().unwrap_or_default();
                subjects.extend(doors.iter().map(|(door, _)| door.clone()).filter(|door| *door > known));
            }
            for subject in subjects {
                let sum = told.entry(through(&subject)).or_default();
                for (day, count) in uses::list_days(tx, Of { scope, kind, subject: &subject }, first)? {
                    *sum.of(outcome) += count;
                    *days.entry(day).or_default().of(outcome) += count;
                }
            }
        }
        Ok::<_, StoreError>(SignIns { doors: told.into_iter().collect(), days: days.into_iter().collect() })
    });
    let mut told = read.await?;
    // Every door is shown, and our own pages once somebody came there. A tenant's administrators know the doors that lead to
    // them; others are nothing to them.
    told.doors.retain(|(through, outcomes)| {
        (matches!(through, Through::Door(_)) && branch.is_none()) || outcomes.sum() > 0
    });
    told.doors.sort_by_key(|(through, outcomes)| (std::cmp::Reverse(outcomes.sum()), through.clone()));
    told.doors.truncate(DOORS);
    Ok(told)
}

/// How many sessions are alive: at a tenant and below it, or in the whole installation. Errors: as [`sign_ins`].
pub async fn live_sessions(core: &Core, actor: &Actor, branch: Option<&Branch>) -> Result<Count> {
    let (pool, _) = place(actor, branch)?;
    let (now, most) = (core.now(), SESSIONS_COUNTED + 1);
    let counted = match branch.cloned() {
        None => core.db().read_house(move |tx| sessions::count_live_up_to(tx, now, most)).await?,
        Some(branch) => {
            let count = move |tx: &mut Tx<'_>| {
                let below = Below::new(&branch);
                let sources = below.sources(tx)?;
                if below.leaves_out(&sources) {
                    return Ok(None);
                }
                let mut counted = 0_i64;
                for source in sources {
                    counted += match source {
                        Source::Pool => sessions::count_live_of_pool(tx, now, most)?,
                        Source::At(tenant) => sessions::count_live_at(tx, tenant, now, most)?,
                    };
                }
                Ok::<_, StoreError>(Some(counted))
            };
            // Of a part of a large tree nobody knows without looking through all of it.
            core.db().read(pool, count).await?.unwrap_or(most)
        }
    };
    Ok(Count::up_to(SESSIONS_COUNTED, counted))
}

fn place(actor: &Actor, branch: Option<&Branch>) -> Result<(PoolId, TenantId)> {
    match branch {
        Some(branch) => actor.administers(branch).map(|_| (branch.pool(), branch.tenant().id)),
        None if actor.runs_house(Scope::UsageRead) => Ok(HOUSE),
        None => Err(Error::NotAllowed),
    }
}
