//! The verbs of Doorward: what anyone may ask for, whatever dialect they speak.
//!
//! An operation takes the [`Core`] and the [`Caller`], decides, and returns an outcome or one of the meanings of
//! [`Error`]. It knows no HTTP and no SQL: doors parse and render, `store` remembers. Start with `sign_in/`.

pub mod access_keys;
mod actor;
pub mod application_tokens;
pub mod applications;
mod attempts;
mod below;
mod branch;
pub mod browser;
mod caller;
pub mod cells;
mod clock;
mod closest;
pub mod consent;
pub mod cursor;
pub mod digests;
mod doors;
mod error;
pub mod events;
mod expected;
pub mod feed;
mod identity;
pub mod installation;
pub mod invite;
mod language;
mod last_time;
mod last_use;
pub mod leases;
pub mod links;
mod mail_limits;
pub mod mails;
pub mod manage;
pub mod memberships;
mod mint;
pub mod moving;
mod names;
pub mod once;
pub mod operator_tokens;
pub mod operators;
mod ousted;
pub mod outbox;
mod page;
pub mod passwords;
pub mod people;
mod places;
pub mod provision;
pub mod pulse;
mod quota;
mod record;
pub mod restored;
mod settings;

pub mod sessions;
mod shared_window;
pub mod sign_in;
pub mod sign_out;
mod speaker;
mod start;
pub mod sweep;
pub mod tenants;
pub mod tickets;
mod trace;
pub mod usage;
pub mod validation;
pub mod verify;
mod windows;
pub mod works;
pub mod zone;

pub use actor::{Actor, RemoteOperator};
pub use below::Keyed;
pub use branch::Branch;
pub use caller::Caller;
pub use clock::Clock;
pub use closest::closest;
pub use doors::{DoorTable, ResolvedDoor};
pub use error::{Error, Result};
pub use expected::Expected;
pub use identity::{Identity, Method};
pub use ousted::{OUSTED_ROUND, Ousted, ousted};
pub use page::{Page, Part};
pub use places::{NoPlaceDatabase, PlaceDatabase, Places};
pub use settings::{Settings, VERIFY_MEMORY};
pub use speaker::Speaker;
pub use start::Parts;
pub use trace::TRACE_TARGET;

use arc_swap::ArcSwap;
use doorward_crypto::password::HashQueue;
use doorward_crypto::{AssertionKeys, Keyring, Random};
use doorward_model::Timestamp;
use doorward_store::{self as store, Db};
use quota::SignInQuota;
use std::sync::{Arc, OnceLock};
use windows::CallWindows;

/// Everything an operation needs, handed down from `server`. Clones share it.
#[derive(Clone)]
pub struct Core(Arc<Inner>);

struct Inner {
    db: Db,
    hashes: HashQueue,
    keys: Keyring,
    assertion_keys: AssertionKeys,
    random: Random,
    clock: Clock,
    settings: Settings,
    installation: store::installation::Installation,
    node: uuid::Uuid,
    doors: ArcSwap<DoorTable>,
    loading_doors: tokio::sync::Mutex<()>,
    windows: CallWindows,
    attempts_in_flight: Arc<attempts::InFlight>,
    sign_in_quota: SignInQuota,
    verified: verify::Tally,
    memory: Arc<verify::Memory>,
    uses_being_noted: last_use::UsesBeingNoted,
    uses: usage::Uses,
    cells: OnceLock<cells::Cells>,
    places: Places,
    pulse: pulse::Pulse,
}

impl Core {
    /// Names this node as long as it runs.
    fn node(&self) -> uuid::Uuid {
        self.0.node
    }

    /// The doors as they are now.
    pub fn doors(&self) -> Arc<DoorTable> {
        self.0.doors.load_full()
    }

    /// Reads the doors anew: at start, and after any change to them.
    pub async fn load_doors(&self) -> Result<()> {
        // One after another, or who read first might be who writes last.
        let _turn = self.0.loading_doors.lock().await;
        let doors = self.db().read_house(store::doors::list).await?;
        self.0.doors.store(Arc::new(DoorTable::new(doors)));
        // Callers are remembered with the door they came through.
        self.memory().forget_all();
        Ok(())
    }

    /// Waits until doors were changed, by this node or another; then they want to be loaded.
    pub async fn doors_changed(&self) {
        self.memory().doors_changed().await;
    }

    /// Where in the world addresses are.
    pub fn places(&self) -> &Places {
        &self.0.places
    }

    /// What the configuration says.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// This moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The database, for figures and backups; operations are the way to its contents.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    fn pulse(&self) -> &pulse::Pulse {
        &self.0.pulse
    }

    /// The hash queue, for figures.
    pub fn hashes(&self) -> &HashQueue {
        &self.0.hashes
    }

    pub(crate) fn keys(&self) -> &Keyring {
        &self.0.keys
    }

    /// What signs assertions of who is calling, and their public halves.
    pub fn assertion_keys(&self) -> &AssertionKeys {
        &self.0.assertion_keys
    }

    pub(crate) fn random_source(&self) -> &Random {
        &self.0.random
    }

    /// How many callers are remembered, and the bytes they take, for figures.
    pub fn remembered(&self) -> (u64, u64) {
        self.0.memory.size()
    }

    /// How often it was asked who is calling, for figures.
    pub fn verified(&self) -> &verify::Tally {
        &self.0.verified
    }

    /// Who is calling, as far as it is remembered.
    pub(crate) fn memory(&self) -> &verify::Memory {
        &self.0.memory
    }

    /// The attempts to prove who one is that are under way, by address.
    pub(crate) fn attempts_in_flight(&self) -> &Arc<attempts::InFlight> {
        &self.0.attempts_in_flight
    }

    /// How many sign-ins each pool attempted this minute.
    pub(crate) fn sign_in_quota(&self) -> &SignInQuota {
        &self.0.sign_in_quota
    }

    /// How often keys and strangers call.
    pub(crate) fn windows(&self) -> &CallWindows {
        &self.0.windows
    }

    /// The applications whose last use is being written down.
    pub(crate) fn uses_being_noted(&self) -> &last_use::UsesBeingNoted {
        &self.0.uses_being_noted
    }

    /// What was used and is not written down yet.
    pub(crate) fn uses(&self) -> &usage::Uses {
        &self.0.uses
    }

    /// Sessions and codes of an earlier epoch are dead.
    pub(crate) fn epoch(&self) -> i64 {
        self.0.installation.epoch
    }

    /// Names this database for life.
    pub(crate) fn installation_id(&self) -> uuid::Uuid {
        self.0.installation.id
    }

    /// Which command made the database.
    pub fn made_by(&self) -> &str {
        &self.0.installation.made_by
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("installation", &self.0.installation).finish_non_exhaustive()
    }
}
