//! Terms and consent: a tenant publishes versions, a person consents to the one that is current.
//!
//! Current is the latest version of the tenant itself, or of the nearest ancestor that has terms. The first consent to
//! a version stays the evidence; a new version asks everybody again. `evidence.rs` is what administrators read of it.

mod evidence;

pub use evidence::{
    COLUMNS, Evidence, Published, cells, list_consents_of, list_consents_to, list_published, published,
};

use crate::installation::taken;
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Identity, Result, Speaker};
use doorward_model::{Consent, ConsentId, Event, EventKind, PersonId, TenantId, Terms, TermsId, Timestamp};
use doorward_store::{Error as StoreError, Tx, events, terms};
use url::Url;
use uuid::Uuid;

/// A version's name is shown in a line of a form.
const VERSION_CHARS: usize = 100;

/// A version of terms to be published.
#[derive(Clone, Debug)]
pub struct NewTerms {
    /// The version as people name it; each once in a tenant.
    pub version: String,
    /// Where the text is.
    pub url: Option<Url>,
    /// From when it is current.
    pub effective_at: Timestamp,
}

/// Publishes a version of a tenant's terms.
///
/// Errors: [`Error::Conflict`] for a version the tenant has already; [`Error::Invalid`] for a version that is no line, and for
/// an address that is no web page.
pub async fn publish(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewTerms,
) -> Result<Terms> {
    actor.administers(branch)?;
    let version = version(&new.version)?;
    let url = new.url.map(web_page).transpose()?;
    let (now, pool, tenant) = (core.now(), branch.pool(), branch.tenant().id);
    let published = Terms {
        id: TermsId::new(core.uuid(now)?),
        tenant,
        version,
        url: url.map(String::from),
        effective_at: new.effective_at,
    };
    let event = Event {
        detail: Some(published.version.clone()),
        ..core.act(caller, actor, EventKind::TermsPublished, (pool, tenant), now)?
    };
    let written = published.clone();
    let write = core.db().write(pool, move |tx| {
        terms::insert(tx, &written, now)?;
        events::insert(tx, &event)
    });
    write.await.map_err(|fault| taken(fault, "version", "this version is published already"))?;
    Ok(published)
}

/// The terms that hold at a tenant now, if it or an ancestor has any.
pub async fn current(core: &Core, branch: &Branch) -> Result<Option<Terms>> {
    let (now, nodes) = (core.now(), upwards(branch));
    Ok(core.db().read(branch.pool(), move |tx| nearest(tx, &nodes, now)).await?)
}

/// Whether a person consented to the terms that hold at a tenant now. `false` where there are none: nothing was
/// consented to.
pub async fn is_given(core: &Core, branch: &Branch, person: PersonId) -> Result<bool> {
    let (now, nodes) = (core.now(), upwards(branch));
    let given = core.db().read(branch.pool(), move |tx| match nearest(tx, &nodes, now)? {
        Some(current) => Ok(terms::consented_at(tx, person, current.id)?.is_some()),
        None => Ok(false),
    });
    Ok(given.await?)
}

/// A consent that was given, with what it was given to.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The version.
    pub terms: Terms,
    /// When.
    pub at: Timestamp,
}

/// More versions than anybody is asked to agree to.
const MOST: i64 = 1_000;

/// What somebody consented to, the version published last first, for themselves.
pub async fn list_own(core: &Core, identity: &Identity) -> Result<Vec<Given>> {
    let person = identity.person.id;
    let given = core.db().read(identity.pool(), move |tx| {
        let mut given = Vec::new();
        for consent in terms::list_consents_of(tx, person, TermsId::new(Uuid::max()), MOST)? {
            if let Some(terms) = terms::find(tx, consent.terms)? {
                given.push(Given { terms, at: consent.at });
            }
        }
        Ok(given)
    });
    Ok(given.await?)
}

/// Records a person's consent to the terms that hold now, and says which; once more is no second consent.
///
/// Errors: as of [`Speaker`]; [`Error::Invalid`] where nobody published terms.
pub async fn give(
    core: &Core,
    caller: &Caller,
    speaker: &Speaker,
    branch: &Branch,
    person: PersonId,
) -> Result<Terms> {
    consented(core, caller, speaker, branch, person, None).await
}

/// As [`give`], for a person who was shown one version: that one is consented to or none.
///
/// Errors: as [`give`]; [`Error::Conflict`] where another version holds by now, which they have not seen.
pub async fn give_to(
    core: &Core,
    caller: &Caller,
    speaker: &Speaker,
    branch: &Branch,
    person: PersonId,
    shown: TermsId,
) -> Result<Terms> {
    consented(core, caller, speaker, branch, person, Some(shown)).await
}

async fn consented(
    core: &Core,
    caller: &Caller,
    speaker: &Speaker,
    branch: &Branch,
    person: PersonId,
    shown: Option<TermsId>,
) -> Result<Terms> {
    let person = speaker.speaks_for(core, branch, person).await?;
    let (now, nodes, door) = (core.now(), upwards(branch), caller.door);
    let id = ConsentId::new(core.uuid(now)?);
    let event = speaker.sign(core.event(caller, EventKind::ConsentGiven, now)?);
    let event = Event { tenant: Some(branch.tenant().id), ..about(event, &person) };
    core.db()
        .write(branch.pool(), move |tx| {
            let Some(current) = nearest(tx, &nodes, now)? else {
                return Ok(Err(Error::invalid("terms", "nobody has published terms to consent to")));
            };
            // Compared here, where it is written: a version may be published between a page and its form.
            if shown.is_some_and(|shown| shown != current.id) {
                return Ok(Err(Error::conflict("terms", "another version holds by now")));
            }
            let given = Consent { id, person: person.id, terms: current.id, door, at: now };
            if terms::consent(tx, &given)? {
                events::insert(tx, &Event { detail: Some(current.version.clone()), ..event.clone() })?;
            }
            Ok(Ok(current))
        })
        .await?
}

/// The name of a version: one line, of at most 100 characters.
///
/// Errors: [`Error::Invalid`].
pub fn version(text: &str) -> Result<String> {
    let is_line = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if is_line && text.chars().count() <= VERSION_CHARS {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid("version", format!("expected a line of at most {VERSION_CHARS} characters")))
    }
}

/// The address of a text: pages lead people there, and a browser that is led to any other scheme may run what it names.
///
/// Errors: [`Error::Invalid`].
pub fn web_page(url: Url) -> Result<Url> {
    if matches!(url.scheme(), "https" | "http") {
        Ok(url)
    } else {
        Err(Error::invalid("url", "expected http:// or https://"))
    }
}

fn upwards(branch: &Branch) -> Vec<TenantId> {
    branch.upwards().map(|node| node.id).collect()
}

fn nearest(tx: &mut Tx<'_>, nodes: &[TenantId], now: Timestamp) -> Result<Option<Terms>, StoreError> {
    for node in nodes {
        if let Some(current) = terms::find_current(tx, *node, now)? {
            return Ok(Some(current));
        }
    }
    Ok(None)
}
