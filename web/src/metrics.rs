//! What `/metrics` shows (OpenMetrics): requests and sign-ins by door. `server` registers its own beside them.
//!
//! Labels hold words from closed lists only, so that no client can make the number of series grow.

use doorward_core::Error;
use doorward_model::Door;
use http::{Method, StatusCode};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds in seconds: verify takes microseconds, a password hash tens of milliseconds, the queue up to seconds.
const DURATION_BUCKETS: [f64; 11] = [0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 2.0, 10.0];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Durations = Family<Labels<1>, Histogram, DurationBuckets>;

/// The registry, and the figures that the plumbing itself counts.
#[derive(Debug)]
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Labels<3>, Counter>,
    durations: Durations,
    sign_ins: Family<Vec<(&'static str, String)>, Counter>,
}

/// What an attempt to sign in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// A session was opened, or the key pair accepted.
    Succeeded,
    /// Unknown account, wrong password or inactive account.
    WrongCredentials,
    /// Too many failures or calls.
    Throttled,
    /// The hash queue was full or the store away.
    Unavailable,
    /// Anything else: a missing field, an unknown application.
    Refused,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("doorward")),
            requests: Family::default(),
            durations: Family::new_with_constructor(DurationBuckets),
            sign_ins: Family::default(),
        };
        metrics.register(|registry| {
            registry.register("requests", "Requests by dialect, method and status", metrics.requests.clone());
            registry.register("request_seconds", "Time to answer, by dialect", metrics.durations.clone());
            registry.register("sign_ins", "Attempts to sign in, by door", metrics.sign_ins.clone());
        });
        metrics
    }
}

impl Metrics {
    /// Adds more figures to the registry, whose prefix is `doorward`.
    pub fn register<T>(&self, add: impl FnOnce(&mut Registry) -> T) -> T {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts an attempt to sign in at a door. Doors are few and an operator's to name, so they may be a label.
    pub fn sign_in(&self, door: &Door, outcome: SignInOutcome) {
        self.sign_ins.get_or_create(&sign_in_labels(door, outcome)).inc();
    }

    /// Everything as OpenMetrics text. Empty if a collector fails, which is logged.
    pub fn render(&self) -> String {
        let mut page = String::new();
        if let Err(fault) = self.register(|registry| text::encode(&mut page, registry)) {
            Error::internal("metrics cannot be rendered", &fault);
            page.clear();
        }
        page
    }

    pub(crate) fn request(&self, dialect: &'static str, method: &Method, status: StatusCode, took: Duration) {
        let labels =
            [("dialect", dialect), ("method", method_word(method)), ("status", status_class(status))];
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&[("dialect", dialect)]).observe(took.as_secs_f64());
    }
}

fn sign_in_labels(door: &Door, outcome: SignInOutcome) -> Vec<(&'static str, String)> {
    let words =
        [("door", door.name.as_str()), ("dialect", door.dialect.as_str()), ("outcome", outcome.as_str())];
    words.map(|(label, word)| (label, word.to_owned())).to_vec()
}

impl SignInOutcome {
    /// The printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::WrongCredentials => "wrong_credentials",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
        }
    }

    /// The outcome of a sign-in that ended in an error.
    pub const fn of(error: &Error) -> Self {
        match error {
            Error::WrongCredentials => Self::WrongCredentials,
            Error::Throttled { .. } | Error::RateLimited { .. } => Self::Throttled,
            Error::Unavailable { .. } | Error::HomeAway { .. } | Error::Internal => Self::Unavailable,
            Error::Invalid { .. }
            | Error::NotSignedIn
            | Error::ApplicationRefused
            | Error::NotAllowed
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::PasswordRefused(_)
            | Error::CurrentPasswordWrong
            | Error::CodeRefused
            | Error::CallbackRefused
            | Error::PasswordResetRequired
            | Error::WrongRegion { .. } => Self::Refused,
        }
    }
}

#[derive(Clone, Debug)]
struct DurationBuckets;

impl MetricConstructor<Histogram> for DurationBuckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(DURATION_BUCKETS)
    }
}

fn method_word(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|word| *word == method.as_str()).unwrap_or("other")
}

fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }
}
