//! The question every API asks, answered from memory: a session's token in, [`Who`] out, and no read of the database
//! while nothing it hangs on was revoked. What is not remembered is read by key, once for all who wait for it.

use super::caller::Found;
use super::callers::{Callers, TokenHash};
use super::life::Death;
use super::memory::Memory;
use super::reading::{Remembered, lead};
use super::touches::slid;
use super::way::Method;
use super::who::Who;
use super::{Reason, session::write_down};
use crate::Core;
use crate::usage::noted::{minute, next_due, soon};
use doorward_crypto::HashPurpose;
use doorward_model::{Secret, SessionId, SessionScheme, Timestamp};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Who holds a session token of this scheme. A token of another scheme is nobody's.
///
/// `from` is the client's address, if it is known, for counting tokens that are nobody's.
pub async fn by_session(
    core: &Core,
    from: Option<IpAddr>,
    scheme: SessionScheme,
    token: &Secret,
) -> Result<Arc<Who>, Reason> {
    core.verified().counted(find(core, from, scheme, token).await)
}

async fn find(
    core: &Core,
    from: Option<IpAddr>,
    scheme: SessionScheme,
    token: &Secret,
) -> Result<Arc<Who>, Reason> {
    let now = core.now();
    let who = lead::<Who>(core, from, token, now).await?;
    usable(core, who, scheme, now)
}

fn usable(core: &Core, who: Arc<Who>, scheme: SessionScheme, now: Timestamp) -> Result<Arc<Who>, Reason> {
    if who.method() != Method::Session(scheme) {
        return Err(Reason::Invalid);
    }
    if who.must_reset() {
        return Err(Reason::PasswordResetRequired);
    }
    slide(core, &who, now);
    who.count();
    note(core, &who, now);
    Ok(who)
}

/// Notes once a day who this is; one that finds no room is tried again in a minute.
fn note(core: &Core, who: &Who, now: Timestamp) {
    let (this, due) = (minute(now), who.note_from.load(Ordering::Relaxed));
    if this < due {
        return;
    }
    let next = next_due(who.subject(), this);
    // Of those who come at once one does it.
    if who.note_from.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    let at = (who.pool(), who.tenant().id);
    let with = (who.door().map(|door| door.id), who.application().map(|program| program.id));
    if !core.note_who(at, with, who.person, now) {
        who.note_from.store(soon(this), Ordering::Relaxed);
    }
}

/// Lets the session live on. Nobody waits for that; a use that finds no room is noted by the next one.
fn slide(core: &Core, who: &Who, now: Timestamp) {
    let on_record = who.idle_until();
    let Some(later) = slid(on_record, who.way.idle, who.ends_at, now) else { return };
    if core.memory().touches.note((who.pool(), SessionId::new(who.subject())), now, later) {
        who.idle_until.fetch_max(later.micros(), Ordering::Relaxed);
    }
}

impl Remembered for Who {
    const PURPOSE: HashPurpose = HashPurpose::SessionToken;

    fn who(&self) -> &Who {
        self
    }

    fn place(memory: &Memory) -> &Callers<Self> {
        &memory.callers
    }

    async fn read(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Arc<Self>, Reason> {
        match core.memory().outages.noted(Found::read(core, hash, now).await)? {
            Found::Caller(who) => Ok(Arc::new(*who)),
            Found::Nobody => Err(Reason::Invalid),
            Found::Dead(pool, id, death) => {
                if death == Death::Expired {
                    write_down(core, pool, id, now).await;
                }
                Err(death.into())
            }
            Found::ProgramOff => Err(Reason::ApplicationDisabled),
        }
    }
}
