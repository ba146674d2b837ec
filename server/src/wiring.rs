//! Where everything meets: one configuration becomes a core, its doors, the house and the background jobs.
//!
//! [`Wired::open`] reads the key file, opens the database and starts the hash threads; nothing listens yet, so that
//! the command line can use the same core without a server. The list of dialects is here, and nowhere else.

use crate::admin::Claim;
use crate::cell::Channel;
use crate::cli::Failure;
use crate::config::{Config, Verify};
use crate::house;
use crate::mail::{Carrier, Catcher, Counters, Mailer, Smtp, TemplateError, Templates};
use crate::places;
use doorward_bookingbug::Bookingbug;
use doorward_console::Knocker;
use doorward_core::cells::{AskHome, CellPlan};
use doorward_core::{Clock, Core, Parts, Settings};
use doorward_crypto::password::{Engine, HashQueue, HashQueueSettings, Params, Pepper};
use doorward_crypto::{CellKey, Keyring};
use doorward_entrance::Entrance;
use doorward_gate::{Gate, GateSettings};
use doorward_leadsquared::Leadsquared;
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_store::moving::Admitted;
use doorward_store::{Db, OpenError};
use doorward_web::{DoorRouter, Metrics, TrustedProxies, WebSettings, router};
use std::sync::Arc;
use url::Url;

/// A core with everything around it, not listening yet.
pub struct Wired {
    /// The operations.
    pub core: Core,
    /// Who delivers mails; `None` where none is configured and they wait in the outbox.
    pub mailer: Option<Arc<Mailer>>,
    /// The mailbox of the demo.
    pub catcher: Option<Catcher>,
    /// Figures.
    pub metrics: Arc<Metrics>,
    /// Figures of the mail job.
    pub mail_counters: Arc<Counters>,
    /// The way to the other cells, where there are any.
    pub(crate) channel: Option<Arc<Channel>>,
    /// Held until the database is closed.
    _claim: Option<Claim>,
}

/// What the database is opened for; a new one remembers it, and `demo` goes on with none but its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Serving for real.
    Serve,
    /// One command, while no server does.
    Command,
    /// Ending what a database would revive: one that was moved away may be opened for that.
    Restore,
    /// The demo: mails are caught.
    Demo,
}

impl Purpose {
    const fn made_by(self) -> &'static str {
        match self {
            Self::Serve | Self::Command | Self::Restore => "serve",
            Self::Demo => "demo",
        }
    }

    const fn admitted(self) -> Admitted {
        match self {
            Self::Serve | Self::Command | Self::Demo => Admitted::Usable,
            Self::Restore => Admitted::MovedAway,
        }
    }
}

impl Wired {
    /// Opens keys, database and hash threads.
    pub async fn open(config: &Config, purpose: Purpose) -> Result<Self, Failure> {
        let keys = keyring(config)?;
        let clock = Clock::system();
        let channel = channel(config, &keys, &clock)?;
        let claim = claim(config, purpose)?;
        let db = database(config, purpose)?;
        let parts = Parts {
            db,
            hashes: hash_queue(config)?,
            keys,
            clock,
            settings: Settings {
                public_url: public_url(config)?,
                region: config.node.region.clone(),
                verify_memory: config.verify.memory.as_u64(),
            },
        };
        let core =
            Core::start(parts, purpose.made_by()).await.map_err(|error| Failure::new(format!("{error}.")))?;
        match &channel {
            Some(channel) => join_cells(&core, config, channel).await?,
            None => core.leave_cells().await.map_err(|error| Failure::new(format!("{error}.")))?,
        }
        // Pages and mails come of these alone.
        if matches!(purpose, Purpose::Serve | Purpose::Demo) {
            places::open(&core, config).await;
        }
        let (mailer, catcher) = mailer(config, purpose)?;
        let (metrics, mail_counters) = (Arc::default(), Arc::default());
        Ok(Self { core, mailer, catcher, metrics, mail_counters, channel, _claim: claim })
    }

    /// The service a listener runs.
    pub fn service(&self, config: &Config) -> Entrance {
        let settings = WebSettings {
            trusted_proxies: TrustedProxies { networks: config.listen.trusted_proxies.clone() },
            allow_plain_http: config.listen.allow_plain_http,
            house_hosts: config.house.hosts.clone(),
            body_bytes: config.limits.body.as_usize(),
            metrics: Arc::clone(&self.metrics),
        };
        let core = self.core.clone();
        let doors = Arc::new(move || core.doors());
        let dialects = dialects(&self.core);
        let gate = gate(&self.core, &config.verify, dialects.clone());
        // The console tries doors that are served beside it.
        let knocker = Knocker::default();
        let house = house::router(self, config, &gate, knocker.clone());
        let front = doorward_web::service(settings, doors, dialects, house);
        knocker.lead_to(front.clone());
        Entrance::new(gate, front)
    }
}

/// The way to the other cells; `None` where the configuration lists none.
pub(crate) fn channel(
    config: &Config,
    keys: &Keyring,
    clock: &Clock,
) -> Result<Option<Arc<Channel>>, Failure> {
    let Some(name) = config.node.region.clone().filter(|_| !config.cell.peers.is_empty()) else {
        return Ok(None);
    };
    let broken = |error: &dyn std::fmt::Display| Failure::new(format!("{error}."));
    let key = CellKey::of(keys).map_err(|error| broken(&error))?;
    Channel::new(name, key, &config.cell, clock.clone()).map(Some).map_err(|error| broken(&error))
}

async fn join_cells(core: &Core, config: &Config, channel: &Arc<Channel>) -> Result<(), Failure> {
    let Some(name) = config.node.region.clone() else { return Ok(()) };
    let plan = CellPlan { name, peers: channel.cells(), first_company: config.cell.first_company };
    let way = Arc::clone(channel);
    let ask: AskHome = Arc::new(move |home, question| {
        let way = Arc::clone(&way);
        Box::pin(async move { way.account(&home, &question).await })
    });
    core.join_cells(plan, ask).await.map_err(|error| Failure::new(format!("{error}.")))
}

fn gate(core: &Core, verify: &Verify, dialects: [DoorRouter; 4]) -> Gate {
    let settings = GateSettings {
        askers: verify.askers.clone(),
        routes: verify.routes.clone(),
        headers: verify.names.clone(),
        basic: verify.basic,
        assertions: verify.assertions,
        owns: Arc::new(move |door, path| {
            let router = dialects.iter().find(|router| router.name() == door.door.dialect.as_str());
            router.is_some_and(|router| router.owns(path))
        }),
    };
    Gate::new(core.clone(), settings)
}

/// Every dialect there is.
fn dialects(core: &Core) -> [DoorRouter; 4] {
    let core = Arc::new(core.clone());
    [
        router::<Salesseek>(Arc::clone(&core)),
        router::<Bookingbug>(Arc::clone(&core)),
        router::<Rubicrm>(Arc::clone(&core)),
        router::<Leadsquared>(core),
    ]
}

/// Opens the database that is configured.
pub(crate) fn database(config: &Config, purpose: Purpose) -> Result<Db, Failure> {
    let opened = match &config.store.postgres {
        None => Db::open_as(&config.store.sqlite, purpose.admitted()),
        Some(server) => Db::open_postgres_as(server, purpose.admitted()),
    };
    opened.map_err(|error| unopened(&error))
}

/// The embedded database has a lock of its own.
fn claim(config: &Config, purpose: Purpose) -> Result<Option<Claim>, Failure> {
    if config.store.postgres.is_none() {
        return Ok(None);
    }
    let socket = &config.admin.socket;
    match purpose {
        Purpose::Serve | Purpose::Demo => Claim::for_server(socket).map(Some),
        Purpose::Command | Purpose::Restore => Claim::for_command(socket).map(Some),
    }
}

fn unopened(error: &OpenError) -> Failure {
    let failure = Failure::new(format!("{error}."));
    match error {
        OpenError::Locked { .. } => failure.locked(),
        OpenError::DatabaseUrl { .. } | OpenError::ForeignDatabase { .. } | OpenError::Database { .. } => {
            failure
                .hint("`url` in [store.postgres] says where the database is, and as whom Doorward uses it.")
        }
        OpenError::Leaving { .. } => failure.hint(
            "Run the same `doorward move` again to finish it, or give it up: add --abandon to the same command.",
        ),
        OpenError::Left { .. } => failure.hint(
            "[store] in the configuration says where the database is: name the new place. `doorward move --abandon` takes back \
             a move whose new place nobody has used; `doorward restore --in-place` uses the old one all the same, and ends \
             every session and what else may have been revoked since.",
        ),
        OpenError::Arriving { .. } => {
            failure.hint("Run the same `doorward move` again: it goes on where it stopped.")
        }
        OpenError::NotADatabase { .. }
        | OpenError::NewerSchema { .. }
        | OpenError::ChangedMigration { .. }
        | OpenError::ReadOnly { .. }
        | OpenError::Permission { .. }
        | OpenError::DirectoryMissing { .. }
        | OpenError::SqliteTooOld { .. }
        | OpenError::Failed { .. } => failure,
    }
}

fn public_url(config: &Config) -> Result<Url, Failure> {
    let text = &config.house.public_url;
    Url::parse(text).map_err(|error| Failure::new(format!("house.public_url: {text}: {error}.")))
}

/// The server's own keys.
pub(crate) fn keyring(config: &Config) -> Result<Keyring, Failure> {
    let loaded = match &config.keys.text {
        Some(text) => Keyring::from_text(text),
        None => Keyring::load(&config.keys.file),
    };
    loaded.map_err(|error| {
        Failure::new(format!("{error}.")).hint("`doorward init` makes the key file of a new installation.")
    })
}

/// What goes into every hash besides the password.
pub(crate) fn pepper(config: &Config) -> Result<Option<Pepper>, Failure> {
    let given = config.hashing.pepper.clone().map(Pepper::new).transpose();
    given.map_err(|error| Failure::new(format!("hashing.pepper: {error}.")))
}

fn hash_queue(config: &Config) -> Result<HashQueue, Failure> {
    let hashing = &config.hashing;
    let broken = |error: &dyn std::fmt::Display| Failure::new(format!("[hashing]: {error}."));
    let params =
        Params::new(hashing.memory_kib, hashing.passes, hashing.lanes).map_err(|error| broken(&error))?;
    let pepper = pepper(config)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let sized = HashQueueSettings::sized(cores, u64::from(hashing.memory_limit_mib) * 1024 * 1024, params);
    let settings = HashQueueSettings {
        threads: hashing.threads.unwrap_or(sized.threads),
        waiting: hashing.waiting,
        engine: if hashing.vectors { sized.engine } else { Engine::plain() },
        pepper,
        ..sized
    };
    HashQueue::start(settings).map_err(|error| broken(&error))
}

/// The mail templates as the configuration's folder has them now.
pub(crate) fn templates(config: &Config) -> Result<Templates, TemplateError> {
    config.mail.templates_dir.as_deref().map_or_else(Templates::built_in, Templates::load)
}

fn mailer(config: &Config, purpose: Purpose) -> Result<(Option<Arc<Mailer>>, Option<Catcher>), Failure> {
    let templates = templates(config).map_err(|error| Failure::new(format!("[mail]: {error}.")))?;
    match (purpose, &config.mail.smtp) {
        (Purpose::Demo, _) => {
            let catcher = Catcher::default();
            let mailer = Mailer::new(templates, Carrier::Catcher(catcher.clone()));
            Ok((Some(Arc::new(mailer)), Some(catcher)))
        }
        (Purpose::Serve | Purpose::Command | Purpose::Restore, Some(smtp)) => {
            let smtp = Smtp::new(smtp).map_err(|error| Failure::new(format!("[mail.smtp]: {error}.")))?;
            Ok((Some(Arc::new(Mailer::new(templates, Carrier::Smtp(Box::new(smtp))))), None))
        }
        (Purpose::Serve | Purpose::Command | Purpose::Restore, None) => Ok((None, None)),
    }
}
