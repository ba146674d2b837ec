//! A core to test against, on either engine: everything real but the disk, the clock and the price of a hash.

use crate::Client;
use doorward_core::people::{self, NewPassword, NewPerson};
use doorward_core::tenants::{self, NewTenant};
use doorward_core::{Actor, Branch, Caller, Clock, Core, Parts, Settings, installation, usage};
use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
use doorward_crypto::{Keyring, Random};
use doorward_model::{
    CompanyNumber, Dialect, Door, DoorSettings, Email, HostPattern, Kind, NotificationSettings, Person,
    Policy, Profile, RegionCode, Role, Secret, Slug, Timestamp, Verified,
};
use doorward_store::{Db, Statements as _, sql};
use doorward_testkit_postgres::Database;

/// Everybody's password in tests.
pub const PASSWORD: &str = "mild-otter-sings-4711";

/// 2026-11-22T10:00:00.123456Z.
const START: i64 = 1_795_341_600_123_456;

/// A core of its own, with the operator to make things.
pub struct House {
    /// The operations.
    pub core: Core,
    /// Stands still until it is moved.
    pub clock: Clock,
    /// This machine.
    pub caller: Caller,
    /// May do everything.
    pub operator: Actor,
    /// Goes after the core.
    _database: Option<Database>,
}

impl House {
    /// Starts one; it ends with the test.
    pub async fn start() -> Self {
        Self::in_region(None).await
    }

    /// Starts one that serves a region.
    pub async fn in_region(region: Option<&str>) -> Self {
        let clock = Clock::manual(Timestamp::from_micros(START));
        Self::of(clock, Keyring::ephemeral(&Random::os()).expect("keys"), region).await
    }

    /// Starts one with a clock and the text of a key file: for what others check, who have clocks of their own.
    pub async fn with_keys(clock: Clock, keys: &str) -> Self {
        Self::of(clock, Keyring::from_text(&Secret::new(keys)).expect("keys"), None).await
    }

    /// Another node of the same installation, with the same clock and the text of the same key file; `None` on an engine
    /// that is one process's own.
    pub async fn beside(&self, keys: &str) -> Option<Self> {
        let db = crate::engine::again(self._database.as_ref())?;
        let keys = Keyring::from_text(&Secret::new(keys)).expect("keys");
        Some(Self::on((db, None), self.clock.clone(), keys, None).await)
    }

    async fn of(clock: Clock, keys: Keyring, region: Option<&str>) -> Self {
        Self::on(crate::engine::database(), clock, keys, region).await
    }

    async fn on(
        (db, _database): (Db, Option<Database>),
        clock: Clock,
        keys: Keyring,
        region: Option<&str>,
    ) -> Self {
        let hashing =
            HashQueueSettings { threads: 2, waiting: 256, ..HashQueueSettings::sized(2, 0, Params::cheap()) };
        let parts = Parts {
            db,
            hashes: HashQueue::start(hashing).expect("hash threads"),
            keys,
            clock: clock.clone(),
            settings: Settings {
                public_url: "https://id.example".parse().expect("a URL"),
                region: region.and_then(RegionCode::parse),
                verify_memory: doorward_core::VERIFY_MEMORY,
            },
        };
        let core = Core::start(parts, "test").await.expect("a core");
        people::fill_search(&core).await.expect("nobody was here before");
        usage::fill(&core).await.expect("nobody was here before");
        Self { _database, ..Self::around(core, clock) }
    }

    /// One around a core that somebody else keeps a database for.
    pub fn around(core: Core, clock: Clock) -> Self {
        Self { core, clock, caller: Caller::local("test"), operator: Actor::Operator, _database: None }
    }

    /// A pool of one tenant.
    pub async fn pool(&self, slug: &str) -> Branch {
        self.tenant(slug, None, None, Policy::default()).await
    }

    /// A tenant below another.
    pub async fn child(&self, slug: &str, parent: &Branch) -> Branch {
        self.tenant(slug, None, Some(parent), Policy::default()).await
    }

    /// A tenant with a number and a policy of its own.
    pub async fn tenant(
        &self,
        slug: &str,
        number: Option<i64>,
        parent: Option<&Branch>,
        policy: Policy,
    ) -> Branch {
        let mut display_name = slug.replace('-', " ");
        display_name[..1].make_ascii_uppercase();
        let new = NewTenant {
            parent: parent.map(|parent| (parent.pool(), parent.tenant().id)),
            slug: Slug::parse(slug).expect("a slug"),
            number: number.map(|number| CompanyNumber::new(number).expect("a number")),
            display_name,
            region: None,
            policy,
            profile: Vec::new(),
        };
        tenants::create(&self.core, &self.caller, &self.operator, new).await.expect("a tenant")
    }

    /// A verified person with [`PASSWORD`] and the names Ada Example.
    pub async fn person(&self, at: &Branch, email: &str, kind: Kind, role: Role) -> Person {
        self.person_with(at, email, kind, role, |_| ()).await
    }

    /// The same, changed before it is made.
    pub async fn person_with(
        &self,
        at: &Branch,
        email: &str,
        kind: Kind,
        role: Role,
        change: impl FnOnce(&mut NewPerson),
    ) -> Person {
        let mut new = NewPerson {
            email: Email::parse(email).expect("an e-mail"),
            profile: Profile {
                first_name: Some("Ada".to_owned()),
                last_name: Some("Example".to_owned()),
                known_as: None,
                extra: Vec::new(),
            },
            kind,
            role,
            standing: None,
            verified: Verified::ByAdministrator,
            password: NewPassword::Chosen(Secret::new(PASSWORD)),
            notifications: NotificationSettings::default(),
            language: None,
        };
        change(&mut new);
        people::create(&self.core, &self.caller, &self.operator, at, new).await.expect("a person").0
    }

    /// A door with ordinary settings at `http://<host>`.
    pub async fn door(&self, dialect: Dialect, host: &str, tenant: Option<&Branch>) {
        self.door_with(dialect, host, tenant, DoorSettings::default()).await;
    }

    /// A door.
    pub async fn door_with(
        &self,
        dialect: Dialect,
        host: &str,
        tenant: Option<&Branch>,
        settings: DoorSettings,
    ) {
        let door = Door {
            id: installation::door_id(&self.core).expect("an id"),
            name: host.to_owned(),
            host: HostPattern::parse(host).expect("a host pattern"),
            base_url: format!("http://{host}"),
            dialect,
            tenant: tenant.map(|branch| (branch.pool(), branch.tenant().id)),
            settings,
            version: 1,
        };
        installation::set_door(&self.core, &self.caller, &self.operator, door).await.expect("a door");
    }

    /// Everything behind the doors of one dialect, as a client on this machine sees it.
    pub fn client<D: doorward_web::Dialect>(&self) -> Client {
        Client::new::<D>(&self.core)
    }

    /// Pages of the house at `host`, as a browser on this machine sees them.
    pub fn pages(&self, host: &str, pages: axum::Router) -> Client {
        Client::pages(&self.core, host, pages)
    }

    /// Writes into everybody's row what no version of this program writes: the fault of ours behind a 500.
    pub async fn spoil_people(&self) {
        let spoil = sql("UPDATE people SET status = 'spoiled'");
        self.core.db().write_house(move |tx| tx.execute(&spoil, &[])).await.expect("people");
    }

    /// The mails that wait in the outbox, claimed by this call.
    pub async fn mails(&self) -> Vec<doorward_core::outbox::Letter> {
        doorward_core::outbox::claim(&self.core).await.expect("an outbox").1
    }
}
