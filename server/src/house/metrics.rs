//! `/metrics`: figures for Prometheus, to the networks that may ask.

use crate::wiring::Wired;
use axum::Router;
use axum::extract::{Extension, State};
use axum::routing::get;
use doorward_core::Core;
use doorward_web::{Arrival, Metrics, Response, StatusCode, reply};
use ipnet::IpNet;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use std::sync::Arc;

/// OpenMetrics text.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

struct Figures {
    core: Core,
    metrics: Arc<Metrics>,
    allow: Vec<IpNet>,
    hashes: Family<What, Gauge>,
    store: Family<What, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct What {
    what: &'static str,
}

pub(super) fn router(wired: &Wired, allow: Vec<IpNet>) -> Router {
    let (hashes, store) = (Family::default(), Family::default());
    wired.metrics.register(|registry| {
        registry.register("hash_queue", "The password hash queue", Family::clone(&hashes));
        registry.register("store", "The database", Family::clone(&store));
    });
    let figures =
        Figures { core: wired.core.clone(), metrics: Arc::clone(&wired.metrics), allow, hashes, store };
    Router::new().route("/metrics", get(show)).with_state(Arc::new(figures))
}

async fn show(State(figures): State<Arc<Figures>>, Extension(arrival): Extension<Arrival>) -> Response {
    if !figures.allow.iter().any(|network| network.contains(&arrival.caller.address)) {
        return reply::json(
            StatusCode::NOT_FOUND,
            &serde_json::json!({ "error": "there is nothing at this address" }),
        );
    }
    figures.read();
    reply::content(StatusCode::OK, CONTENT_TYPE, figures.metrics.render())
}

impl Figures {
    /// Gauges are read when somebody asks: the threads that count keep plain numbers.
    fn read(&self) {
        let set = |family: &Family<What, Gauge>, what, value: u64| {
            family.get_or_create(&What { what }).set(i64::try_from(value).unwrap_or(i64::MAX));
        };
        let hashes = self.core.hashes().stats();
        set(&self.hashes, "waiting", hashes.waiting as u64);
        set(&self.hashes, "running", hashes.running as u64);
        set(&self.hashes, "finished", hashes.finished);
        set(&self.hashes, "refused", hashes.refused);
        set(&self.hashes, "memory_bytes", hashes.memory_bytes as u64);
    }
}
