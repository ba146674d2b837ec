//! Sign-ins by door, of all nodes and whether they were restarted or not; and how many are signed in.

use super::{Count, Window};
use crate::below::{Below, Source};
use crate::manage::Scope;
use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{DoorId, PoolId, TenantId, UseKind};
use doorward_store::uses::{self, HOUSE, Of};
use doorward_store::{Error as StoreError, Tx, sessions};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sessions counted at most.
const SESSIONS: i64 = 10_000;
/// Doors of a picture.
const DOORS: usize = 200;

/// Attempts to sign in at one door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoorSignIns {
    /// What the door is called; Doorward's own pages have none.
    pub door: Option<String>,
    /// Those that led in, key pairs that were accepted among them.
    pub succeeded: i64,
    /// Those with a wrong password, key or account.
    pub wrong: i64,
    /// Those that came to nothing for another reason.
    pub refused: i64,
}

impl DoorSignIns {
    fn sum(&self) -> i64 {
        self.succeeded.saturating_add(self.wrong).saturating_add(self.refused)
    }
}

/// Attempts to sign in within a window, by door, the most first: at a tenant and below it for its administrators, in the whole
/// installation for operators. A door that is gone is not told of.
///
/// Errors: [`Error::NotAllowed`], and [`Error::NotFound`] for another pool's tenant.
pub async fn sign_ins(
    core: &Core,
    actor: &Actor,
    branch: Option<&Branch>,
    window: Window,
) -> Result<Vec<DoorSignIns>> {
    let (pool, scope) = place(actor, branch)?;
    let first = window.first(core.now());
    let doors: Vec<(DoorId, String)> =
        core.doors().iter().map(|door| (door.id, door.name.clone())).take(DOORS).collect();
    let read = core.db().read(pool, move |tx| {
        let mut sums: BTreeMap<DoorId, [i64; 3]> = BTreeMap::new();
        let own = (DoorId::new(Uuid::nil()), String::new());
        for (door, _) in doors.iter().chain([&own]) {
            let subject = door.as_bytes();
            let kinds = [UseKind::SignIn, UseKind::SignInWrong, UseKind::SignInRefused];
            let mut sum = [0; 3];
            for (sum, kind) in sum.iter_mut().zip(kinds) {
                let days = uses::list_days(tx, Of { scope, kind, subject }, first)?;
                *sum = days.iter().map(|(_, count)| count).sum();
            }
            sums.insert(*door, sum);
        }
        let told = doors.iter().map(|(id, name)| (*id, Some(name.clone()))).chain([(own.0, None)]);
        Ok(told
            .filter_map(|(id, door)| {
                let [succeeded, wrong, refused] = *sums.get(&id)?;
                Some(DoorSignIns { door, succeeded, wrong, refused })
            })
            .collect::<Vec<_>>())
    });
    let mut told: Vec<DoorSignIns> = read.await?;
    // Every door is shown, and our own pages once somebody came there.
    told.retain(|it| it.door.is_some() || it.sum() > 0);
    if branch.is_some() {
        // A tenant's administrators know the doors that lead to them; others are nothing to them.
        told.retain(|it| it.sum() > 0);
    }
    told.sort_by_key(|it| (std::cmp::Reverse(it.sum()), it.door.clone()));
    Ok(told)
}

/// How many sessions are alive: at a tenant and below it, or in the whole installation. Errors: as [`sign_ins`].
pub async fn live_sessions(core: &Core, actor: &Actor, branch: Option<&Branch>) -> Result<Count> {
    let (pool, _) = place(actor, branch)?;
    let (now, most) = (core.now(), SESSIONS + 1);
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
    Ok(Count::up_to(SESSIONS, counted))
}

fn place(actor: &Actor, branch: Option<&Branch>) -> Result<(PoolId, TenantId)> {
    match branch {
        Some(branch) => actor.administers(branch).map(|_| (branch.pool(), branch.tenant().id)),
        None if actor.runs_house(Scope::UsageRead) => Ok(HOUSE),
        None => Err(Error::NotAllowed),
    }
}
