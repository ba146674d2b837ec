//! Everything a plan may need that is made outside the transaction: ids, secrets and the hashes of given ones.

use super::plan::{ApplicationPlan, KeyPlan, KeyWish, PersonPlan, Plan};
use crate::mint::Minted;
use crate::{Core, Result, outbox, tickets};
use doorward_crypto::{HashPurpose, hex};
use doorward_model::{
    AccessKeyId, AccessKeyName, AppId, ApplicationId, DoorId, MembershipId, PersonId, RegionId, Secret,
    TenantId, TermsId, Timestamp,
};

/// Random bytes of a public id: it need not be secret, only its own.
const APP_ID_BYTES: usize = 8;
/// 80 bits: typed once from a terminal, then changed by its owner.
const PASSWORD_BYTES: usize = 10;
/// How a generated password is cut to be read aloud.
const PASSWORD_GROUP: usize = 5;

/// One item per entry of the plan, in its order, whether it will be needed or not.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) now: Timestamp,
    pub(super) epoch: i64,
    pub(super) regions: Vec<RegionId>,
    pub(super) doors: Vec<DoorId>,
    pub(super) tenants: Vec<TenantId>,
    pub(super) applications: Vec<ForApplication>,
    pub(super) people: Vec<ForPerson>,
    pub(super) keys: Vec<ForKey>,
    pub(super) terms: Vec<TermsId>,
}

#[derive(Clone)]
pub(super) struct ForApplication {
    pub(super) id: ApplicationId,
    pub(super) app_id: AppId,
    pub(super) key: Minted,
    /// The given key under every key of the ring, the current one first.
    pub(super) given: Vec<[u8; 32]>,
}

#[derive(Clone)]
pub(super) struct ForPerson {
    pub(super) id: PersonId,
    pub(super) places: Vec<MembershipId>,
    pub(super) password: Secret,
    pub(super) ticket: tickets::Prepared,
    pub(super) mail: outbox::Prepared,
    /// Whether the given password is the one they have.
    pub(super) has_given_password: bool,
}

#[derive(Clone)]
pub(super) struct ForKey {
    pub(super) id: AccessKeyId,
    pub(super) name: AccessKeyName,
    pub(super) secret: Minted,
    /// The given secret under every key of the ring, the current one first.
    pub(super) given: Vec<[u8; 32]>,
}

impl Prepared {
    pub(super) fn new(core: &Core, plan: &Plan) -> Result<Self> {
        let now = core.now();
        let ids = |count: usize| (0..count).map(|_| core.uuid(now)).collect::<Result<Vec<_>>>();
        Ok(Self {
            now,
            epoch: core.epoch(),
            regions: ids(plan.regions.len())?.into_iter().map(RegionId::new).collect(),
            doors: ids(plan.doors.len())?.into_iter().map(DoorId::new).collect(),
            tenants: ids(plan.tenants.len())?.into_iter().map(TenantId::new).collect(),
            applications: each(&plan.applications, |entry| application(core, entry, now))?,
            people: each(&plan.people, |entry| person(core, entry, now))?,
            keys: each(&plan.keys, |entry| key(core, entry, now))?,
            terms: ids(plan.terms.len())?.into_iter().map(TermsId::new).collect(),
        })
    }
}

fn each<T, P>(entries: &[T], prepare: impl FnMut(&T) -> Result<P>) -> Result<Vec<P>> {
    entries.iter().map(prepare).collect()
}

fn application(core: &Core, entry: &ApplicationPlan, now: Timestamp) -> Result<ForApplication> {
    let made_up = hex(&core.random::<APP_ID_BYTES>()?);
    let app_id = entry.app_id.clone().or_else(|| AppId::parse(&made_up));
    let given = match &entry.key {
        Some(KeyWish::Given(key)) => hashes(core, HashPurpose::ApplicationKey, key),
        Some(KeyWish::Generated | KeyWish::None) | None => Vec::new(),
    };
    Ok(ForApplication {
        id: ApplicationId::new(core.uuid(now)?),
        app_id: app_id.ok_or(crate::Error::Internal)?,
        key: core.mint_application_key()?,
        given,
    })
}

fn person(core: &Core, entry: &PersonPlan, now: Timestamp) -> Result<ForPerson> {
    let places = entry.places.iter().map(|_| core.uuid(now).map(MembershipId::new)).collect::<Result<_>>()?;
    Ok(ForPerson {
        id: PersonId::new(core.uuid(now)?),
        places,
        password: password(core)?,
        ticket: tickets::random(core, now)?,
        mail: outbox::Prepared::new(core, now)?,
        has_given_password: false,
    })
}

fn key(core: &Core, entry: &KeyPlan, now: Timestamp) -> Result<ForKey> {
    let name = match &entry.name {
        Some(name) => name.clone(),
        None => AccessKeyName::from_bytes(core.random()?),
    };
    let given = entry.secret.as_ref().map(|secret| hashes(core, HashPurpose::AccessKeySecret, secret));
    Ok(ForKey {
        id: AccessKeyId::new(core.uuid(now)?),
        name,
        secret: core.mint_key_secret()?,
        given: given.unwrap_or_default(),
    })
}

fn hashes(core: &Core, purpose: HashPurpose, secret: &Secret) -> Vec<[u8; 32]> {
    core.keys().hashes(purpose, secret.expose().as_bytes()).map(|hash| *hash.bytes()).collect()
}

fn password(core: &Core) -> Result<Secret> {
    let digits: Vec<char> = hex(&core.random::<PASSWORD_BYTES>()?).chars().collect();
    let groups: Vec<String> = digits.chunks(PASSWORD_GROUP).map(|group| group.iter().collect()).collect();
    Ok(Secret::new(groups.join("-")))
}
