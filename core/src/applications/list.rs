//! A tenant's own applications, a page at a time, as administrators see them.

use crate::{Actor, Branch, Core, Error, Result};
use doorward_model::{Application, ApplicationId, Timestamp};
use doorward_store::applications::{self, StoredApplication};

/// An application as administrators see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The application.
    pub application: Application,
    /// Until when the key before the current one is good, too.
    pub previous_until: Option<Timestamp>,
}

/// The applications of this tenant itself behind an id, by id, at most `rows`. For administrators.
///
/// Errors: [`Error::NotAllowed`], and [`Error::NotFound`] for another pool's tenant.
pub async fn list_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    after: ApplicationId,
    rows: usize,
) -> Result<Vec<Listed>> {
    actor.administers(branch)?;
    let (tenant, rows, now) = (branch.tenant().id, i64::try_from(rows).unwrap_or(i64::MAX), core.now());
    let found = core.db().read(branch.pool(), move |tx| applications::list_after(tx, tenant, after, rows));
    Ok(found.await?.into_iter().map(|stored| listed(stored, now)).collect())
}

/// One application of this tenant itself. For administrators.
///
/// Errors: [`Error::NotAllowed`] without the right; [`Error::NotFound`] for any other, wherever it may be.
pub async fn one_of(core: &Core, actor: &Actor, branch: &Branch, id: ApplicationId) -> Result<Listed> {
    actor.administers(branch)?;
    let (tenant, now) = (branch.tenant().id, core.now());
    let found = core.db().read(branch.pool(), move |tx| applications::find(tx, id)).await?;
    let stored = found.filter(|stored| stored.application.tenant == tenant).ok_or(Error::NotFound)?;
    Ok(listed(stored, now))
}

fn listed(stored: StoredApplication, now: Timestamp) -> Listed {
    let previous_until = stored.previous.map(|(_, until)| until).filter(|until| now < *until);
    Listed { application: stored.application, previous_until }
}
