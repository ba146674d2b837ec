//! What is in a world: a tenant, two doors, people, keys and sessions, made by the core's own operations.

use super::world::{KEY_HOST, email, token};
use crate::Result;
use doorward_core::people::{self, NewPassword, NewPerson};
use doorward_core::tenants::{self, NewTenant};
use doorward_core::{
    Actor, Branch, Caller, Clock, Core, Parts, Settings, VERIFY_MEMORY, access_keys, installation,
};
use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
use doorward_crypto::{HashPurpose, Keyring, Random};
use doorward_model::{
    Dialect, Door, DoorSettings, Email, HostPattern, Kind, NotificationSettings, Person, Policy, Profile,
    RateLimit, Role, Secret, Session, SessionId, SessionScheme, Slug, Verified,
};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{Db, PostgresSettings, SqliteSettings};
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// Keys, as many as one person may have; none fills its window at two thousand calls a second.
const KEYS: usize = 100;
const KEY_RATE: RateLimit = RateLimit { calls: 10_000, window: Duration::from_secs(5) };

pub(super) const PASSWORD: &str = "mild-otter-sings-4711";
/// Sessions of one transaction.
const TOGETHER: u64 = 2_000;

/// How much of it there is.
#[derive(Clone, Copy)]
pub(super) struct Contents<'a> {
    pub(super) sessions: u64,
    /// People with a password; the sessions are all of the first one.
    pub(super) people: usize,
    /// The database's URL; a file in the directory where there is none.
    pub(super) postgres: Option<&'a str>,
}

/// A database that is filled, not measured: a slow disk may take its time.
pub(crate) fn patient(url: &str) -> PostgresSettings {
    let statement_timeout = Duration::from_secs(60);
    PostgresSettings { statement_timeout, ..PostgresSettings::new(Secret::new(url)) }
}

/// Fills an empty database, and makes the key file in the directory. Returns names and secrets of the keys.
pub(super) async fn fill(directory: &Path, contents: Contents<'_>) -> Result<Vec<(String, String)>> {
    let keyring = Keyring::create(&directory.join("doorward.keys"), 0, &Random::os())?;
    let db = match contents.postgres {
        None => Db::open(&SqliteSettings { path: directory.join("doorward.db"), readers: 1 })?,
        Some(url) => Db::open_postgres(&patient(url))?,
    };
    let core = Core::start(
        Parts {
            db,
            hashes: HashQueue::start(HashQueueSettings::sized(1, 64 << 20, Params::OWASP))?,
            keys: keyring.clone(),
            clock: Clock::system(),
            settings: Settings {
                public_url: "http://localhost".parse()?,
                region: None,
                verify_memory: VERIFY_MEMORY,
            },
        },
        "serve",
    )
    .await?;
    let caller = Caller::local("bench");
    let branch = tenant(&core, &caller).await?;
    door(&core, &caller, "{slug}.crm.localhost", Dialect::Salesseek).await?;
    door(&core, &caller, KEY_HOST, Dialect::Leadsquared).await?;
    let first = person(&core, &caller, &branch, 0).await?;
    for number in 1..contents.people {
        person(&core, &caller, &branch, number).await?;
    }
    let mut keys = Vec::new();
    for _ in 0..KEYS {
        let new = access_keys::NewKey {
            person: first.id,
            label: "load".to_owned(),
            rate: Some(KEY_RATE),
            expires_at: None,
        };
        let issued = access_keys::create(&core, &caller, &Actor::Operator, &branch, new).await?;
        keys.push((issued.key.name.as_str().to_owned(), issued.secret.expose().to_owned()));
    }
    let mut begin = 0;
    while begin < contents.sessions {
        let end = (begin + TOGETHER).min(contents.sessions);
        let opened: Vec<_> =
            (begin..end).map(|number| opened(&core, &keyring, &branch, &first, number)).collect();
        core.db()
            .write(branch.pool(), move |tx| {
                opened.iter().try_for_each(|session| sessions::insert(tx, session))
            })
            .await?;
        begin = end;
    }
    core.db().close().await;
    Ok(keys)
}

async fn tenant(core: &Core, caller: &Caller) -> Result<Branch> {
    let new = NewTenant {
        parent: None,
        slug: Slug::parse("load")?,
        number: None,
        display_name: "Load".to_owned(),
        region: None,
        policy: Policy {
            sign_ins_per_minute: Some(1_000_000),
            sessions_per_person: Some(u32::MAX),
            ..Policy::default()
        },
        profile: Vec::new(),
    };
    Ok(tenants::create(core, caller, &Actor::Operator, new).await?)
}

async fn door(core: &Core, caller: &Caller, host: &str, dialect: Dialect) -> Result<()> {
    let door = Door {
        id: installation::door_id(core)?,
        name: dialect.as_str().to_owned(),
        host: HostPattern::parse(host).map_err(|_| "a broken host")?,
        base_url: format!("http://{host}"),
        dialect,
        tenant: None,
        settings: DoorSettings::default(),
        version: 1,
    };
    Ok(installation::set_door(core, caller, &Actor::Operator, door).await?)
}

async fn person(core: &Core, caller: &Caller, branch: &Branch, number: usize) -> Result<Person> {
    let new = NewPerson {
        email: Email::parse(&email(number))?,
        profile: Profile {
            first_name: Some("Ada".to_owned()),
            last_name: Some("Lovelace".to_owned()),
            ..Profile::default()
        },
        kind: Kind::User,
        role: Role::Admin,
        standing: None,
        verified: Verified::ByAdministrator,
        password: NewPassword::Chosen(Secret::new(PASSWORD)),
        notifications: NotificationSettings::default(),
        language: None,
    };
    Ok(people::create(core, caller, &Actor::Operator, branch, new).await?.0)
}

fn opened(core: &Core, keys: &Keyring, branch: &Branch, person: &Person, number: u64) -> StoredSession {
    let (now, token) = (core.now(), token(number));
    let expires_at = now.plus(Duration::from_secs(30 * 24 * 60 * 60));
    StoredSession {
        session: Session {
            id: SessionId::new(Uuid::from_u128(token.as_u128().rotate_left(64))),
            pool: branch.pool(),
            person: person.id,
            tenant: branch.tenant().id,
            kind: Kind::User,
            application: None,
            door: None,
            scheme: SessionScheme::Cookie,
            signed_in_at: now,
            last_used_at: now,
            idle_until: expires_at,
            expires_at,
            address: None,
            agent: None,
        },
        token_hash: *keys.hash(HashPurpose::SessionToken, token.to_string().as_bytes()).bytes(),
        person_generation: person.auth_generation,
        tenant_generation: branch.tenant().auth_generation,
        epoch: 1,
    }
}
