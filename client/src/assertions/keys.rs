//! The published keys (RFC 7517, RFC 8037): fetched when they are needed, kept for five minutes, and fetched again for a
//! `kid` that is not among them, though never more often than somebody who makes up `kid`s should make us.

use super::jwt::{PublicKey, decode, public_key};
use crate::client::Client;
use crate::denied::Unanswered;
use crate::flights::Flights;
use crate::told::unreadable;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const PATH: &str = "/.well-known/jwks.json";
/// How long they are used: what Doorward allows for (`Cache-Control: max-age=300`), so that one that leaked and was
/// withdrawn is gone by then.
const KEPT: Duration = Duration::from_secs(300);
/// At most one fetch in this time. At worst, assertions of a key that was published since are refused as long.
const EVERY: Duration = Duration::from_secs(5);
/// More keys than a key file ever holds.
const KEYS: usize = 64;

/// The keys, as far as they are known.
pub(super) struct Keys {
    client: Client,
    state: Mutex<State>,
    flights: Arc<Flights<(), ()>>,
}

#[derive(Default)]
struct State {
    keys: HashMap<String, PublicKey>,
    /// When they were fetched; by the steady clock, as every time here.
    fetched: Option<Duration>,
    tried: Option<Duration>,
    /// What the last try came to.
    failure: Option<Unanswered>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: Option<String>,
    crv: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    x: Option<String>,
}

impl Keys {
    pub(super) fn new(client: Client) -> Self {
        Self { client, state: Mutex::default(), flights: Arc::new(Flights::new()) }
    }

    /// The key of this name; `None` if Doorward publishes none such.
    pub(super) async fn find(self: &Arc<Self>, kid: &str) -> Result<Option<PublicKey>, Unanswered> {
        let now = self.client.clock().now().steady;
        {
            let state = self.state();
            if let Some(key) = state.fresh(kid, now) {
                return Ok(Some(key));
            }
            if state.tried.is_some_and(|tried| now < tried.saturating_add(EVERY)) {
                return state.absent();
            }
        }
        let keys = Arc::clone(self);
        // What it came to stands in the state, a breakdown as well.
        let _landed = self.flights.join((), || async move { keys.fetch().await }).await;
        let state = self.state();
        state.fresh(kid, self.client.clock().now().steady).map_or_else(|| state.absent(), |key| Ok(Some(key)))
    }

    async fn fetch(&self) {
        let fetched = match self.client.transport().get(PATH).await {
            Ok(body) => read(&body),
            Err(unanswered) => Err(unanswered),
        };
        let now = self.client.clock().now().steady;
        let mut state = self.state();
        // At its end: who waited for one that took long shall not begin another.
        state.tried = Some(now);
        match fetched {
            Ok(keys) => {
                state.keys = keys;
                state.fetched = Some(now);
                state.failure = None;
            }
            Err(unanswered) => {
                tracing::warn!(%unanswered, "the keys of assertions cannot be fetched");
                state.failure = Some(unanswered);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fresh(&self, kid: &str, now: Duration) -> Option<PublicKey> {
        let fetched = self.fetched?;
        if now >= fetched.saturating_add(KEPT) { None } else { self.keys.get(kid).cloned() }
    }

    /// Why a key is not there: it is not published, or nobody knows.
    fn absent(&self) -> Result<Option<PublicKey>, Unanswered> {
        match (&self.failure, self.tried) {
            (None, Some(_)) => Ok(None),
            (Some(failure), _) => Err(failure.clone()),
            (None, None) => Err(Unanswered::Away("the keys were never fetched".to_owned())),
        }
    }
}

/// The keys of the kind Doorward signs with; others are passed over.
fn read(body: &[u8]) -> Result<HashMap<String, PublicKey>, Unanswered> {
    let set: Set = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    Ok(set.keys.into_iter().take(KEYS).filter_map(Jwk::key).collect())
}

impl Jwk {
    fn key(self) -> Option<(String, PublicKey)> {
        let is = |field: &Option<String>, wanted: &str| field.as_deref() == Some(wanted);
        let may_be = |field: &Option<String>, wanted: &str| field.is_none() || is(field, wanted);
        let is_ours = is(&self.kty, "OKP")
            && is(&self.crv, "Ed25519")
            && may_be(&self.alg, "EdDSA")
            && may_be(&self.purpose, "sig");
        let bytes = self.x.as_deref().filter(|_| is_ours).and_then(decode)?;
        Some((self.kid?, public_key(bytes)))
    }
}
