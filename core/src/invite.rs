//! Inviting: a person without a password, a code and a mail with the link that sets it, in one transaction.

use crate::links::{self, LinkForm};
use crate::once::{Done, Once};
use crate::people::{Creation, NewPassword, NewPerson, administered, email_taken};
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result, outbox, tickets};
use doorward_model::{Event, EventKind, MailKind, Membership, Person, PersonId, Purpose, Timestamp};
use doorward_store::{self as store, Tx, events, people};
use std::time::Duration;

/// What an administrator is told to wait when the pool's mails for this hour are used up: some of it.
const QUOTA_WAIT: Duration = Duration::from_secs(600);

/// Makes a person and mails them an invitation. They get no password but the one they choose.
///
/// Errors as [`crate::people::create`]; [`Error::Throttled`] when the pool has caused its mails for this hour.
pub async fn invite(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    link: LinkForm,
) -> Result<(Person, Membership)> {
    match make(core, caller, actor, branch, new, link, None).await? {
        Done::Now(made) => Ok(made),
        Done::Before(_) => {
            Err(Error::internal("a person", &"was invited before by a request without a name"))
        }
    }
}

/// The same for a request that names itself: sent again, nobody is made and nothing is mailed.
///
/// Errors: also [`Error::Conflict`] where another request has the name.
pub async fn invite_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    link: LinkForm,
    once: Once,
) -> Result<Done<(Person, Membership)>> {
    make(core, caller, actor, branch, new, link, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    link: LinkForm,
    once: Option<Once>,
) -> Result<Done<(Person, Membership)>> {
    let new = NewPerson { password: NewPassword::None, ..new };
    let creation = Creation::prepare(core, caller, actor, branch, new).await?;
    let invitation = Invitation::prepare(core, caller, actor, branch, link)?;
    let written = core.db().write(branch.pool(), move |tx| {
        if let Err(refused) = invitation.may_be_sent(tx)? {
            return Ok(Err(refused));
        }
        match once.as_ref().map(|once| once.claim(tx, creation.person().uuid())).transpose()? {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(before))) => return Ok(Ok(Done::Before(before))),
            Some(Err(taken)) => return Ok(Err(taken)),
        }
        let (person, membership) = creation.insert(tx)?;
        invitation.write(tx, &person)?;
        Ok(Ok(Done::Now((person, membership))))
    });
    written.await.map_err(email_taken)?
}

/// Mails another invitation; the code of the one before is void. [`Error::Conflict`] once they have a password.
pub async fn again(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    link: LinkForm,
) -> Result<()> {
    let invitation = Invitation::prepare(core, caller, actor, branch, link)?;
    let (actor, here) = (actor.clone(), branch.clone());
    let written = core.db().write(branch.pool(), move |tx| {
        let account = match administered(tx, &actor, &here, person)? {
            Ok(account) => account,
            Err(refused) => return Ok(Err(refused)),
        };
        if people::find_password(tx, person)?.is_some() {
            return Ok(Err(Error::conflict("person", "they have a password already")));
        }
        if let Err(refused) = invitation.may_be_sent(tx)? {
            return Ok(Err(refused));
        }
        invitation.write(tx, &account.person).map(Ok)
    });
    written.await?
}

/// Everything the transaction that invites needs, made before it.
pub(crate) struct Invitation {
    core: Core,
    caller: Caller,
    branch: Branch,
    link: LinkForm,
    ticket: tickets::Prepared,
    mail: outbox::Prepared,
    event: Event,
    now: Timestamp,
}

impl Invitation {
    pub(crate) fn prepare(
        core: &Core,
        caller: &Caller,
        actor: &Actor,
        branch: &Branch,
        link: LinkForm,
    ) -> Result<Self> {
        let now = core.now();
        Ok(Self {
            core: core.clone(),
            caller: caller.clone(),
            branch: branch.clone(),
            link,
            ticket: tickets::random(core, now)?,
            mail: outbox::Prepared::new(core, now)?,
            event: core.act(
                caller,
                actor,
                EventKind::PersonInvited,
                (branch.pool(), branch.tenant().id),
                now,
            )?,
            now,
        })
    }

    fn may_be_sent(&self, tx: &mut Tx<'_>) -> Result<Result<()>, store::Error> {
        let is_over = outbox::is_over_quota(tx, &self.branch.policy(), self.now)?;
        Ok(if is_over { Err(Error::Throttled { retry_after: QUOTA_WAIT }) } else { Ok(()) })
    }

    pub(crate) fn write(&self, tx: &mut Tx<'_>, person: &Person) -> Result<(), store::Error> {
        let tenant = self.branch.tenant().id;
        let lifetime = self.branch.policy().invitation_lifetime;
        let purpose = Purpose::Invitation;
        let ticket =
            tickets::issue(&self.core, tx, &self.caller, &self.ticket, purpose, person, tenant, lifetime)?;
        let mut content = outbox::content_for(person, &self.branch);
        content.link = Some(links::url(&self.core, &self.link, person.id, &self.ticket.code.secret));
        content.details.insert("expires".to_owned(), ticket.expires_at.micros().to_string());
        outbox::queue(&self.core, tx, &self.mail, MailKind::Invitation, &content)?;
        events::insert(tx, &about(self.event.clone(), person))
    }
}
