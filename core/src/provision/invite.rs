//! Inviting a person of a plan: the code and the mail with its link, inside the plan's transaction.

use super::step::Means;
use crate::links::{self, LinkForm};
use crate::{Branch, outbox, tickets};
use doorward_model::{MailKind, Person, Purpose, TenantId};
use doorward_store::{Error, Tx};

pub(super) fn write(
    tx: &mut Tx<'_>,
    means: &Means<'_>,
    entry: usize,
    person: &Person,
    tenant: TenantId,
) -> Result<(), Error> {
    let lost = || Error::Fault("an invitation without its entry or tenant".to_owned());
    let ready = means.prepared.people.get(entry).ok_or_else(lost)?;
    let branch = Branch::read(tx, tenant)?.ok_or_else(lost)?;
    let lifetime = branch.policy().invitation_lifetime;
    let ticket = tickets::issue(
        means.core,
        tx,
        means.caller,
        &ready.ticket,
        Purpose::Invitation,
        person,
        tenant,
        lifetime,
    )?;
    let mut content = outbox::content_for(person, &branch);
    let link = links::url(means.core, &LinkForm::INVITATION, person.id, &ready.ticket.code.secret);
    content.link = Some(link);
    content.details.insert("expires".to_owned(), ticket.expires_at.micros().to_string());
    outbox::queue(means.core, tx, &ready.mail, MailKind::Invitation, &content)
}
