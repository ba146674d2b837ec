//! A part of an import: its lines become people, in one transaction with how far the import came.

use super::check::{reason, taken};
use super::line::{Line, Refused};
use super::{Wish, part, refusal};
use crate::invite::Invitation;
use crate::links::LinkForm;
use crate::people::Creation;
use crate::works::begin::caller_of;
use crate::works::maker::admit;
use crate::works::run::{Ending, stop};
use crate::works::sealed::{open, seal};
use crate::{Actor, Branch, Caller, Core, Error, Result, outbox};
use doorward_model::{Email, Role, Timestamp, Work, WorkState};
use doorward_store::{Error as StoreError, HouseTx, Tx, people, work_parts, work_refusals, works};
use std::time::Duration;

/// When an import goes on whose tree may cause no more mails for now: some of the hour they are counted in.
const QUOTA_PAUSE: Duration = Duration::from_secs(10 * 60);
const WAITS: &str = "it waits: half of the mails this tree may cause in an hour are on their way, and the others are left to \
                     people who reset their password";

/// Why an import ends whose lines are not there any more.
const LOST: &str = "lines of its file are missing: whom they name was not made";

/// A line with everything the transaction needs for it.
struct Ready {
    line: Line,
    made: Result<Made, String>,
}

struct Made {
    email: Email,
    role: Role,
    creation: Creation,
    invitation: Option<Invitation>,
}

/// Does the next part of an import, or ends it where there is none.
pub(in crate::works) async fn batch(core: &Core, work: Work) -> Result<()> {
    let (now, read) = (core.now(), work.clone());
    let found = core.db().read_house(move |tx| {
        let admitted = admit(tx, &read, now)?;
        let part = tx.in_pool(read.pool, |tx| work_parts::find_from(tx, read.id, 0))?;
        Ok((admitted, part))
    });
    let (admitted, found) = found.await?;
    let (actor, branch) = match admitted {
        Ok(admitted) => admitted,
        Err(why) => return stop(core, work, why).await,
    };
    let mut batch = Batch {
        core: core.clone(),
        ending: Ending::prepare(core, &work)?,
        number: None,
        lines: Vec::new(),
        is_last: true,
        now,
        work,
    };
    if let Some((number, sealed, next)) = found {
        let lines: Vec<Line> = open(core, part(&batch.work, number), &sealed)?;
        let (caller, wish) = (caller_of(&batch.work), Wish::of(&batch.work)?);
        for line in lines {
            batch.lines.push(ready(core, &caller, (&actor, &branch), line, wish).await?);
        }
        batch.number = Some(number);
        batch.is_last = next.is_none();
    }
    Ok(core.db().write_house_bulk(move |tx| batch.write(tx)).await?)
}

/// Errors: only what is no fault of the line.
async fn ready(
    core: &Core,
    caller: &Caller,
    (actor, branch): (&Actor, &Branch),
    line: Line,
    wish: Wish,
) -> Result<Ready> {
    let new = match line.person() {
        Ok(new) => new,
        Err(reason) => return Ok(Ready { line, made: Err(reason) }),
    };
    let (email, role) = (new.email.clone(), new.role);
    let creation = match Creation::prepare(core, caller, actor, branch, new).await {
        Ok(creation) => creation,
        Err(fault @ (Error::Unavailable { .. } | Error::Internal)) => return Err(fault),
        Err(refused) => return Ok(Ready { line, made: Err(reason(&refused)) }),
    };
    let invitation =
        wish.invite.then(|| Invitation::prepare(core, caller, actor, branch, LinkForm::INVITATION));
    Ok(Ready { line, made: Ok(Made { email, role, creation, invitation: invitation.transpose()? }) })
}

struct Batch {
    core: Core,
    work: Work,
    ending: Ending,
    number: Option<i64>,
    lines: Vec<Ready>,
    is_last: bool,
    now: Timestamp,
}

impl Batch {
    fn write(&self, tx: &mut HouseTx<'_>) -> Result<(), StoreError> {
        // Asked again where nobody can come between.
        let admitted = admit(tx, &self.work, self.now)?;
        tx.in_pool(self.work.pool, |tx| {
            let is_as_read = works::find(tx, self.work.id)?
                .is_some_and(|now| now.step == self.work.step && now.state == WorkState::Running);
            match admitted {
                // Somebody else did this part, or ended the work.
                _ if !is_as_read => Ok(()),
                Ok((actor, branch)) => self.write_lines(tx, &actor, &branch),
                Err(why) => self.ending.write(tx, self.work.clone(), WorkState::Stopped, Some(why)).map(drop),
            }
        })
    }

    fn write_lines(&self, tx: &mut Tx<'_>, actor: &Actor, branch: &Branch) -> Result<(), StoreError> {
        let mut work = Work { due_at: self.now, reason: None, ..self.work.clone() };
        let mut left = Vec::new();
        for ready in &self.lines {
            // What cannot be mailed now is done later, with everything behind it.
            if !left.is_empty() || self.must_wait(tx, branch, ready)? {
                left.push(ready.line.clone());
                continue;
            }
            match write_line(tx, actor, branch, ready)? {
                Ok(()) => work.done += 1,
                Err(reason) => {
                    work.refused += 1;
                    let (line, number) = (ready.line.clone(), ready.line.number);
                    let sealed = seal(&self.core, refusal(&work, number), &Refused { line, reason })?;
                    work_refusals::put(tx, work.id, number, &sealed)?;
                }
            }
        }
        match self.number {
            Some(number) if left.is_empty() => work_parts::delete(tx, work.id, number)?,
            Some(number) => {
                let sealed = seal(&self.core, part(&work, number), &left)?;
                work_parts::put(tx, work.id, number, &sealed)?;
                work = Work { due_at: self.now.plus(QUOTA_PAUSE), reason: Some(WAITS.to_owned()), ..work };
            }
            None => {}
        }
        let is_over = self.is_last && left.is_empty();
        let is_whole = work.total.is_none_or(|total| work.done.saturating_add(work.refused) >= total);
        let written = if is_over && !is_whole {
            self.ending.write(tx, work, WorkState::Stopped, Some(LOST))?
        } else if is_over {
            self.ending.write(tx, work, WorkState::Done, None)?
        } else {
            works::update(tx, &work)?
        };
        // Read in this very transaction, so nobody can have come between.
        if written {
            Ok(())
        } else {
            Err(StoreError::Fault("a work changed within a transaction".to_owned()))
        }
    }

    fn must_wait(&self, tx: &mut Tx<'_>, branch: &Branch, ready: &Ready) -> Result<bool, StoreError> {
        let mails = ready.made.as_ref().is_ok_and(|made| made.invitation.is_some());
        Ok(mails && outbox::is_over_half_quota(tx, &branch.policy(), self.now)?)
    }
}

/// Makes the person of a line, or says why not.
fn write_line(
    tx: &mut Tx<'_>,
    actor: &Actor,
    branch: &Branch,
    ready: &Ready,
) -> Result<Result<(), String>, StoreError> {
    let made = match &ready.made {
        Ok(made) => made,
        Err(reason) => return Ok(Err(reason.clone())),
    };
    if let Err(refused) = actor.grants(branch, made.role) {
        return Ok(Err(reason(&refused)));
    }
    if people::find_by_email(tx, &made.email)?.is_some() {
        return Ok(Err(taken()));
    }
    let (person, _) = made.creation.insert(tx)?;
    if let Some(invitation) = &made.invitation {
        invitation.write(tx, &person)?;
    }
    Ok(Ok(()))
}
