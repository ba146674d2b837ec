//! The dates in a person's calendar: what this server knows will happen to them, and when they came.

use crate::{Branch, Core, Result};
use doorward_model::{AccessKeyId, Person, PersonId, Purpose, TenantId, Terms, TermsId, TicketId, Timestamp};
use doorward_store::access_keys::StoredAccessKey;
use doorward_store::{self as store, Tx, access_keys, memberships, terms, tickets};

/// One date.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedDate {
    /// What happens.
    pub what: What,
    /// When.
    pub at: Timestamp,
    /// Since when that is known.
    pub known_since: Timestamp,
}

/// What happens at a date.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The account was made.
    Joined(PersonId),
    /// An invitation that was not accepted expires.
    InvitationExpires(TicketId),
    /// An access key stops working.
    KeyExpires {
        /// Which.
        key: AccessKeyId,
        /// What people call it.
        label: String,
    },
    /// The secret that an access key had before its rotation stops working.
    OldSecretExpires {
        /// Which.
        key: AccessKeyId,
        /// What people call it.
        label: String,
    },
    /// A version of the terms begins to hold.
    TermsBegin {
        /// Which.
        terms: TermsId,
        /// Its name.
        version: String,
        /// Where the text is.
        url: Option<String>,
    },
}

/// The dates of one person, as far as they are ahead; never empty, because a calendar must not be (RFC 5545 §3.6).
pub(super) async fn of(core: &Core, person: &Person) -> Result<Vec<FeedDate>> {
    let (now, epoch, person) = (core.now(), core.epoch(), person.clone());
    let found = core.db().read(person.pool, move |tx| {
        let joined = What::Joined(person.id);
        let mut dates =
            vec![FeedDate { what: joined, at: person.created_at, known_since: person.created_at }];
        for ticket in tickets::list_open(tx, person.id, Purpose::Invitation, now, epoch)? {
            let what = What::InvitationExpires(ticket.id);
            dates.push(FeedDate { what, at: ticket.expires_at, known_since: ticket.created_at });
        }
        for stored in access_keys::list_by_person(tx, person.id)? {
            let is_good = stored.generation == person.auth_generation && !stored.key.disabled;
            dates.extend(is_good.then(|| of_key(&stored)).into_iter().flatten());
        }
        dates.extend(of_terms(tx, &person)?);
        dates.retain(|date| matches!(date.what, What::Joined(_)) || date.at > now);
        Ok(dates)
    });
    Ok(found.await?)
}

fn of_key(stored: &StoredAccessKey) -> impl Iterator<Item = FeedDate> + use<> {
    let (key, label, known_since) = (stored.key.id, stored.key.label.clone(), stored.key.created_at);
    let expires = stored.key.expires_at.map(|at| (What::KeyExpires { key, label: label.clone() }, at));
    let retires = stored.key.previous_until.map(|at| (What::OldSecretExpires { key, label }, at));
    let dates = [expires, retires].into_iter().flatten();
    dates.map(move |(what, at)| FeedDate { what, at, known_since })
}

/// The terms of every tenant the person has a place in or below.
fn of_terms(tx: &mut Tx<'_>, person: &Person) -> Result<Vec<FeedDate>, store::Error> {
    let mut tenants: Vec<TenantId> = Vec::new();
    for place in memberships::list_by_person(tx, person.id)? {
        let branch = Branch::read(tx, place.tenant)?;
        tenants.extend(branch.iter().flat_map(Branch::nodes).map(|node| node.id));
    }
    tenants.sort_unstable();
    tenants.dedup();
    let mut dates = Vec::new();
    for tenant in tenants {
        dates.extend(terms::list(tx, tenant)?.into_iter().map(begin));
    }
    Ok(dates)
}

fn begin(terms: Terms) -> FeedDate {
    let Terms { id, version, url, effective_at, .. } = terms;
    FeedDate {
        what: What::TermsBegin { terms: id, version, url },
        at: effective_at,
        known_since: effective_at,
    }
}
