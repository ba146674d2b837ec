//! The things at a tenant and below it that may be retired, by id, a page at a time.

use crate::below::{Below, Keyed, Source, and_one};
use crate::{Branch, Core};
use doorward_model::{
    AccessKey, AccessKeyId, Application, ApplicationId, Door, HashScheme, Person, TenantId, Timestamp,
};
use doorward_store::{Error as StoreError, Tx, access_keys, applications, people};
use uuid::Uuid;

/// Rows that one page looks at where most may be elsewhere: some ten milliseconds of reading.
const LOOKS: usize = 4_000;
/// Rows read at once there.
const STRIDE: usize = 500;

/// One of them as it is listed, before anything is known of its use.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Door(Box<Door>),
    Application(Box<Application>),
    Key(Box<AccessKey>, Box<Person>),
    /// Whether new passwords are made like this.
    Hash(HashScheme, bool),
}

impl Item {
    /// When it was used last by what was known before uses were counted, and since when it is there.
    pub(super) fn known(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        match self {
            Self::Door(door) => (None, made(door)),
            Self::Hash(..) => (None, None),
            Self::Application(it) => (it.last_used_at, Some(it.created_at)),
            Self::Key(it, _) => (it.last_used_at, Some(it.created_at)),
        }
    }
}

/// When a door was made, by its id (RFC 9562 §5.7): nothing else says so.
pub(super) fn made(door: &Door) -> Option<Timestamp> {
    let (seconds, nanos) =
        door.id.uuid().get_timestamp().filter(|_| door.id.uuid().get_version_num() == 7)?.to_unix();
    let micros =
        i64::try_from(seconds).ok()?.checked_mul(1_000_000)?.checked_add(i64::from(nanos / 1_000))?;
    Some(Timestamp::from_micros(micros))
}

/// Applications of a tenant and of those below it.
pub(super) fn applications(
    tx: &mut Tx<'_>,
    branch: &Branch,
    after: Uuid,
    rows: usize,
) -> Result<Keyed<Item, Uuid>, StoreError> {
    let found = own(tx, branch, after, rows, |tx, source, after, limit| {
        let after = ApplicationId::new(after);
        let listed = match source {
            Source::At(tenant) => applications::list_after(tx, tenant, after, limit)?,
            Source::Pool => applications::list_pool_after(tx, after, limit)?,
        };
        Ok(listed
            .into_iter()
            .map(|it| (it.application.id.uuid(), it.application.tenant, it.application))
            .collect())
    })?;
    Ok(found.map(|it| Item::Application(Box::new(it))))
}

/// Access keys of a tenant and of those below it, with whose they are.
pub(super) fn keys(
    tx: &mut Tx<'_>,
    branch: &Branch,
    after: Uuid,
    rows: usize,
) -> Result<Keyed<Item, Uuid>, StoreError> {
    let found = own(tx, branch, after, rows, |tx, source, after, limit| {
        let after = AccessKeyId::new(after);
        let listed = match source {
            Source::At(tenant) => access_keys::list_after(tx, tenant, after, limit)?,
            Source::Pool => access_keys::list_pool_after(tx, after, limit)?,
        };
        Ok(listed.into_iter().map(|it| (it.key.id.uuid(), it.key.tenant, it.key)).collect())
    })?;
    let mut items = Vec::new();
    for key in found.items {
        let person = people::find(tx, key.person)?;
        let person = person.ok_or_else(|| StoreError::Fault("an access key stands for nobody".to_owned()))?;
        items.push(Item::Key(Box::new(key), Box::new(person)));
    }
    Ok(Keyed { items, next: found.next })
}

/// An application or a key at or below a tenant.
pub(super) fn is_own(tx: &mut Tx<'_>, branch: &Branch, tenant: TenantId) -> Result<bool, StoreError> {
    Below::new(branch).contains(tx, Some(tenant))
}

/// How new passwords are hashed.
pub(super) fn current_scheme(core: &Core) -> HashScheme {
    core.hashes().scheme()
}

type Row<T> = (Uuid, TenantId, T);

/// Rows at a tenant and below it behind an id, by id.
fn own<T>(
    tx: &mut Tx<'_>,
    branch: &Branch,
    after: Uuid,
    rows: usize,
    read: impl Fn(&mut Tx<'_>, Source, Uuid, i64) -> Result<Vec<Row<T>>, StoreError>,
) -> Result<Keyed<T, Uuid>, StoreError> {
    let mut below = Below::new(branch);
    let sources = below.sources(tx)?;
    if below.leaves_out(&sources) {
        return picked(tx, &mut below, after, rows, &read);
    }
    let mut found = Vec::new();
    for source in &sources {
        found.extend(read(tx, *source, after, and_one(rows))?);
    }
    found.sort_by_key(|(id, ..)| *id);
    let page = Keyed::of(found, rows, |(id, ..)| *id);
    Ok(page.map(|(.., it)| it))
}

/// The same where the whole pool is read and most may be elsewhere.
fn picked<T>(
    tx: &mut Tx<'_>,
    below: &mut Below,
    after: Uuid,
    rows: usize,
    read: &impl Fn(&mut Tx<'_>, Source, Uuid, i64) -> Result<Vec<Row<T>>, StoreError>,
) -> Result<Keyed<T, Uuid>, StoreError> {
    let (mut items, mut last) = (Vec::new(), after);
    for _ in 0..LOOKS / STRIDE {
        let stretch = read(tx, Source::Pool, last, i64::try_from(STRIDE).unwrap_or(i64::MAX))?;
        let is_over = stretch.len() < STRIDE;
        for (id, tenant, it) in stretch {
            if below.contains(tx, Some(tenant))? {
                if items.len() == rows {
                    return Ok(Keyed { items, next: Some(last) });
                }
                items.push(it);
            }
            last = id;
        }
        if is_over {
            return Ok(Keyed { items, next: None });
        }
    }
    Ok(Keyed { items, next: Some(last) })
}
