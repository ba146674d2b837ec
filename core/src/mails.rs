//! The outbox as administrators see it: how far mails got, and trying one again. What a mail says, and to whom, stays
//! sealed; once it is sent or given up it is erased, and nobody can send it again (P20).

use crate::below::{Keyed, and_one};
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{Event, EventKind, MailId, MailState};
use doorward_store::{events, mails};
use uuid::Uuid;

pub use doorward_store::mails::Seen;

/// The mails of a pool that were caused before one, newest first, at most `rows`; all, or those of one state. For
/// administrators of the pool's top: a mail belongs to the pool.
///
/// Errors: [`Error::Invalid`] at a tenant that is not the top; [`Error::NotAllowed`]; [`Error::NotFound`] outside the actor's
/// pool.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    state: Option<MailState>,
    before: Option<MailId>,
    rows: usize,
) -> Result<Keyed<Seen, MailId>> {
    may_look(actor, branch)?;
    let before = before.unwrap_or(MailId::new(Uuid::max()));
    let found =
        core.db().read(branch.pool(), move |tx| mails::list_before(tx, state, before, and_one(rows))).await?;
    Ok(Keyed::of(found, rows, |mail| mail.id))
}

/// One mail of a pool. [`Error::NotFound`] for one of another; else as [`list`].
pub async fn find(core: &Core, actor: &Actor, branch: &Branch, id: MailId) -> Result<Seen> {
    may_look(actor, branch)?;
    core.db().read(branch.pool(), move |tx| mails::find(tx, id)).await?.ok_or(Error::NotFound)
}

/// Has a waiting mail tried at the outbox's next round instead of after its pause.
///
/// Errors: as of [`find`]; [`Error::Conflict`] for one that is being delivered now, and for one that was sent or given up: its
/// contents are erased.
pub async fn try_again(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: MailId,
) -> Result<Seen> {
    may_look(actor, branch)?;
    let (now, pool) = (core.now(), branch.pool());
    let event = core.act(caller, actor, EventKind::MailRetried, (pool, branch.tenant().id), now)?;
    core.db()
        .write(pool, move |tx| {
            let Some(mail) = mails::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
            // A lease that ran out is nobody's: its mail is due already.
            if mail.state == MailState::Queued && mail.is_claimed && mail.due_at > now {
                return Ok(Err(Error::conflict("mail", "it is being delivered at this moment")));
            }
            if let Some(refusal) = over(mail.state) {
                return Ok(Err(refusal));
            }
            mails::due_now(tx, id, now)?;
            let detail = Some(format!("{} {id}", mail.kind));
            events::insert(tx, &Event { detail, ..event.clone() })?;
            Ok(Ok(Seen { due_at: now, ..mail }))
        })
        .await?
}

fn over(state: MailState) -> Option<Error> {
    let why = match state {
        MailState::Queued => return None,
        MailState::Sent => "it was sent, and what it said is erased: have a new one caused",
        MailState::Failed => "it was given up, and what it said is erased: have a new one caused",
    };
    Some(Error::conflict("mail", why))
}

fn may_look(actor: &Actor, branch: &Branch) -> Result<()> {
    actor.administers(branch)?;
    if branch.parent().is_some() {
        return Err(Error::invalid("tenant", "mails belong to the top of a tree: ask there"));
    }
    Ok(())
}
