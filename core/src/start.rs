//! What a core is made of, and putting it together.

use crate::quota::SignInQuota;
use crate::windows::CallWindows;
use crate::{Clock, Core, DoorTable, Error, Inner, Places, Result, Settings, last_use, pulse, usage, verify};
use arc_swap::ArcSwap;
use doorward_crypto::password::HashQueue;
use doorward_crypto::{AssertionKeys, Keyring, Random};
use doorward_store::{self as store, Db};
use std::sync::{Arc, OnceLock};

/// What a [`Core`] is made of.
pub struct Parts {
    /// The opened and migrated database.
    pub db: Db,
    /// The running hash queue.
    pub hashes: HashQueue,
    /// The keys of the key file.
    pub keys: Keyring,
    /// The clock.
    pub clock: Clock,
    /// The rest of what the configuration says.
    pub settings: Settings,
}

impl Core {
    /// Puts the parts together and loads what is kept in memory. `made_by` names the command that may set up an
    /// empty database (`demo` refuses what it did not make).
    pub async fn start(parts: Parts, made_by: &'static str) -> Result<Self> {
        let Parts { db, hashes, keys, clock, settings } = parts;
        let assertion_keys = AssertionKeys::of(&keys)
            .map_err(|fault| Error::internal("the keys of assertions cannot be made", &fault))?;
        let random = Random::os();
        let random_id = || {
            let bytes = random.bytes();
            let bytes =
                bytes.map_err(|fault| Error::internal("the system's random generator failed", &fault))?;
            Ok::<_, Error>(uuid::Builder::from_random_bytes(bytes).into_uuid())
        };
        let node = random_id()?;
        let fresh = store::installation::Installation {
            id: random_id()?,
            made_by: made_by.to_owned(),
            epoch: 1,
            created_at: clock.now(),
        };
        let installation = db
            .write_house(move |tx| {
                store::installation::insert(tx, &fresh)?;
                Ok(store::installation::find(tx)?.unwrap_or_else(|| fresh.clone()))
            })
            .await?;
        let doors = ArcSwap::from_pointee(DoorTable::default());
        let windows = CallWindows::new(&clock);
        let (sign_in_quota, verified) = (SignInQuota::default(), verify::Tally::default());
        let memory = Arc::new(verify::Memory::new(settings.verify_memory, db.hearing()));
        let told = Arc::clone(&memory);
        let log_clock = clock.clone();
        db.set_log_clock(move || log_clock.now());
        db.set_on_commit(Arc::new(move |stale| told.forget(stale)));
        let inner = Inner {
            db,
            hashes,
            keys,
            assertion_keys,
            random,
            clock,
            settings,
            installation,
            node,
            doors,
            loading_doors: tokio::sync::Mutex::default(),
            windows,
            attempts_in_flight: Arc::default(),
            sign_in_quota,
            verified,
            memory,
            uses_being_noted: last_use::UsesBeingNoted::default(),
            uses: usage::Uses::default(),
            cells: OnceLock::new(),
            places: Places::default(),
            pulse: pulse::Pulse::default(),
        };
        let core = Self(Arc::new(inner));
        core.load_doors().await?;
        Ok(core)
    }
}
