//! A database with so many live sessions and a few hundred keys, made by the core's own operations, and a server on it.
//!
//! Sessions are written as a sign-in writes them, without the hashing. Their tokens are computed from their number, so
//! that the load needs no list of them.

use crate::Result;
use crate::accounts::Account;
use crate::server_process::ServerProcess;
use bytes::Bytes;
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
use doorward_store::{Db, SqliteSettings};
use http::HeaderMap;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// The host of the sessions' door, and of the keys'.
pub(super) const COOKIE_HOST: &str = "load.crm.localhost";
pub(super) const KEY_HOST: &str = "api.keys.localhost";

/// Keys, as many as one person may have; none fills its window at two thousand calls a second.
const KEYS: usize = 100;
const KEY_RATE: RateLimit = RateLimit { calls: 10_000, window: Duration::from_secs(5) };

const EMAIL: &str = "ada.lovelace@load.example";
const PASSWORD: &str = "mild-otter-sings-4711";
/// Sessions of one transaction.
const TOGETHER: u64 = 2_000;
/// Neighbouring numbers become tokens that share nothing (2^128 divided by the golden ratio, odd).
const STRIDE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// A database to serve.
pub(crate) struct World {
    directory: TempDir,
    target: Target,
}

/// Whether answers carry a signed assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assertions {
    On,
    Off,
}

impl Assertions {
    const fn word(self) -> &'static str {
        match self {
            Self::On => "true",
            Self::Off => "false",
        }
    }
}

/// What the load asks about.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) sessions: u64,
    /// Names and secrets.
    pub(super) keys: Vec<(String, String)>,
}

impl World {
    /// Makes it.
    pub(crate) fn make(directory: &Path, sessions: u64) -> Result<Self> {
        let directory = TempDir::new_in(directory)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let keys = runtime.block_on(fill(directory.path(), sessions))?;
        Ok(Self { directory, target: Target { sessions, keys } })
    }

    pub(super) fn target(&self) -> Target {
        self.target.clone()
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Serves it, with so much memory for callers and one hashing thread.
    pub(crate) fn serve(&self, binary: &Path, memory: &str, assertions: Assertions) -> Result<ServerProcess> {
        ServerProcess::serve(
            binary,
            self.path(),
            &[
                ("DOORWARD_VERIFY__ASKERS", "127.0.0.0/8"),
                ("DOORWARD_VERIFY__ROUTES", "doors"),
                ("DOORWARD_VERIFY__MEMORY", memory),
                ("DOORWARD_VERIFY__ASSERTIONS", assertions.word()),
                ("DOORWARD_HASHING__THREADS", "1"),
            ],
        )
    }

    /// The sign-in of the one person who has a password.
    pub(crate) fn account(&self) -> Result<Account> {
        let body = json!({ "email_address": EMAIL, "password": PASSWORD });
        Ok(Account {
            door: "salesseek",
            host: COOKIE_HOST.to_owned(),
            path: "/api/login".to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_string()),
        })
    }
}

/// The token of a session's number.
pub(super) fn token(number: u64) -> Uuid {
    Uuid::from_u128((u128::from(number) + 1).wrapping_mul(STRIDE))
}

async fn fill(directory: &Path, sessions: u64) -> Result<Vec<(String, String)>> {
    let keyring = Keyring::create(&directory.join("doorward.keys"), 0, &Random::os())?;
    let db = Db::open(&SqliteSettings { path: directory.join("doorward.db"), readers: 1 })?;
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
    let person = person(&core, &caller, &branch).await?;
    let mut keys = Vec::new();
    for _ in 0..KEYS {
        let new = access_keys::NewKey {
            person: person.id,
            label: "load".to_owned(),
            rate: Some(KEY_RATE),
            expires_at: None,
        };
        let issued = access_keys::create(&core, &caller, &Actor::Operator, &branch, new).await?;
        keys.push((issued.key.name.as_str().to_owned(), issued.secret.expose().to_owned()));
    }
    let mut begin = 0;
    while begin < sessions {
        let end = (begin + TOGETHER).min(sessions);
        let opened: Vec<_> =
            (begin..end).map(|number| opened(&core, &keyring, &branch, &person, number)).collect();
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
    };
    Ok(installation::set_door(core, caller, &Actor::Operator, door).await?)
}

async fn person(core: &Core, caller: &Caller, branch: &Branch) -> Result<Person> {
    let new = NewPerson {
        email: Email::parse(EMAIL)?,
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
