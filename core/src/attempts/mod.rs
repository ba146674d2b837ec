//! Reserving and settling attempts to prove who one is. One counter per account whatever door or spelling, and one
//! per caller's address; the rule is in `rule.rs`, what is under way from an address in `in_flight.rs`.
//!
//! An address is counted in each pool by itself. How much it may fail is the pool's policy; what one tenant's program
//! fails behind a shared address must not lock another tenant's people out (P23); and an account is in one pool, so
//! guesses in several are guesses at several accounts, each with a counter that no address gets around.

mod in_flight;
mod rule;
mod subject;

pub(crate) use in_flight::InFlight;
use subject::Lasting;
pub(crate) use subject::subject;

use crate::{Caller, Core, Error, Result};
use doorward_model::{AddressPrefix, ApplicationId, EffectivePolicy, PoolId, Timestamp};
use doorward_store::attempts::{self as store, Attempts};
use doorward_store::{Error as StoreError, Tx};
use in_flight::Underway;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// In how long failures of one address are counted together (P7: "100 failures in 10 minutes").
const ADDRESS_WINDOW: Duration = Duration::from_secs(600);
/// How often a sign-in from a known place is noted; a write for each would cost more than it tells.
const PLACE_NOTED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a place stays known after a sign-in from it.
const PLACE_MEMORY: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// The subjects one attempt is counted under, as keyed hashes: a row exists for unknown accounts too, and tells nobody
/// which account or address it is.
#[derive(Clone, Debug)]
pub(crate) struct Subjects {
    /// The account, from anywhere.
    account: Lasting,
    /// The account from this place: counted apart once it signed in from here, so that a stranger cannot lock it out.
    place: Lasting,
    /// The caller's address.
    address: [u8; 32],
    /// What is under way from it.
    in_flight: Arc<InFlight>,
}

/// An attempt that may go on to hash. Under way until the last clone of it is dropped: keep one until it is settled.
#[derive(Clone, Debug)]
pub(crate) struct Reservation {
    subjects: Subjects,
    from_known_place: bool,
    /// When the place was last noted.
    place_seen: Option<Timestamp>,
    _underway: Arc<Underway>,
}

impl Subjects {
    /// For an attempt on the account that `account` names in `pool`: the canonical e-mail, or a key's name.
    pub(crate) fn new(
        core: &Core,
        pool: PoolId,
        account: &str,
        caller: &Caller,
        app: Option<ApplicationId>,
    ) -> Self {
        let account = account.as_bytes();
        let prefix = AddressPrefix::of(caller.address).to_string();
        let app = app.map_or([0; 16], |app| *app.uuid().as_bytes());
        let door = caller.door.map_or([0; 16], |door| *door.uuid().as_bytes());
        Self {
            account: Lasting::new(core, pool, "account", &[account]),
            place: Lasting::new(core, pool, "place", &[account, prefix.as_bytes(), &app, &door]),
            address: subject(core, pool, "address", &[one_caller(caller.address).as_bytes()]),
            in_flight: Arc::clone(core.attempts_in_flight()),
        }
    }

    /// Begins an attempt: refuses it, or counts it before its hash is computed.
    pub(crate) fn reserve(
        &self,
        tx: &mut Tx<'_>,
        policy: &EffectivePolicy,
        now: Timestamp,
    ) -> Result<Result<Reservation>, StoreError> {
        // Begun before the failures are read, so that an attempt that ends meanwhile is counted twice and never not.
        let (underway, others) = InFlight::begin(&self.in_flight, self.address);
        let address = store::find(tx, &self.address)?;
        if let Some(retry_after) = address_waits(address, others, policy, now) {
            return Ok(Err(Error::Throttled { retry_after }));
        }
        let seen = self.place.find_place(tx)?;
        let at_place = match seen {
            Some(seen) if now.since(seen) < PLACE_MEMORY => Some(self.place.find(tx)?),
            Some(_) | None => None,
        };
        // A place that failed too often is a stranger again: a reset made elsewhere cannot find its counter to clear it.
        let at_place = at_place.filter(|counters| !rule::is_exhausted(*counters));
        let reservation = Reservation {
            subjects: self.clone(),
            from_known_place: at_place.is_some(),
            place_seen: seen,
            _underway: Arc::new(underway),
        };
        let counters = match at_place {
            Some(counters) => counters,
            None => self.account.find(tx)?,
        };
        match rule::reserve(counters, now) {
            rule::Reserved::No(retry_after) => Ok(Err(Error::Throttled { retry_after })),
            rule::Reserved::Yes(counters) => {
                reservation.counted().put(tx, counters)?;
                Ok(Ok(reservation))
            }
        }
    }
}

impl Reservation {
    fn counted(&self) -> &Lasting {
        if self.from_known_place { &self.subjects.place } else { &self.subjects.account }
    }

    /// The proof was wrong.
    pub(crate) fn fail(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
        let known = self.counted().find(tx)?;
        self.counted().put(tx, rule::failed(known, now))?;
        let address = store::find(tx, &self.subjects.address)?;
        let counted = if is_in_window(address, now) {
            Attempts { failures: address.failures + 1, changed_at: now, ..address }
        } else {
            Attempts { failures: 1, pending: 0, allowed_at: now.plus(ADDRESS_WINDOW), changed_at: now }
        };
        store::put(tx, &self.subjects.address, counted)
    }

    /// The proof was right; this place is known from now on. Says whether it was new.
    pub(crate) fn succeed(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
        let known = self.counted().find(tx)?;
        self.counted().put(tx, rule::succeeded(known, now))?;
        if !self.from_known_place {
            self.subjects.place.put(tx, Attempts { changed_at: now, ..Attempts::default() })?;
        }
        // A place is known for months, so to the day is near enough.
        if self.place_seen.is_none_or(|seen| now.since(seen) > PLACE_NOTED_EVERY) {
            self.subjects.place.put_place(tx, now)?;
        }
        Ok(!self.from_known_place)
    }

    /// The attempt came to nothing for a reason of ours.
    pub(crate) fn release(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
        let known = self.counted().find(tx)?;
        self.counted().put(tx, rule::released(known, now))
    }
}

/// How long an attempt from an address must wait, if at all. Those under way may all turn out to be failures.
fn address_waits(
    address: Attempts,
    underway: u32,
    policy: &EffectivePolicy,
    now: Timestamp,
) -> Option<Duration> {
    let most = i64::from(policy.address_failures);
    let (failures, left) = match is_in_window(address, now) {
        true => (address.failures, address.allowed_at.since(now)),
        false => (0, rule::FIRST_WAIT),
    };
    let wait = if failures >= most { left } else { rule::FIRST_WAIT };
    (failures + i64::from(underway) >= most).then_some(wait)
}

/// Whether an address's window still runs; one that ends later than any was begun by a clock that ran ahead (P21).
fn is_in_window(address: Attempts, now: Timestamp) -> bool {
    now < address.allowed_at && address.allowed_at.since(now) <= ADDRESS_WINDOW
}

/// Opens a locked account again, here and everywhere: its owner proved themselves by mail, or an administrator helped.
pub(crate) fn forgive(tx: &mut Tx<'_>, subjects: &Subjects, now: Timestamp) -> Result<(), StoreError> {
    let clean = Attempts { changed_at: now, ..Attempts::default() };
    for subject in [&subjects.account, &subjects.place] {
        subject.find(tx)?;
        subject.put(tx, clean)?;
    }
    Ok(())
}

/// What counts as one caller: an IPv4 address, or the /64 that one IPv6 line has to itself.
pub(crate) fn one_caller(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
