//! `/metrics`: figures for Prometheus, to the networks that may ask.

use crate::cell::Channel;
use crate::mail::Counters;
use crate::wiring::Wired;
use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::routing::get;
use doorward_core::cells::PeerTally;
use doorward_core::{Core, usage};
use doorward_gate::Gate;
use doorward_model::RegionCode;
use doorward_web::{Arrival, Metrics, Response, StatusCode, reply};
use ipnet::IpNet;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use std::fmt;
use std::sync::Arc;

/// OpenMetrics text.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

struct Page {
    metrics: Arc<Metrics>,
    allow: Vec<IpNet>,
}

pub(super) fn router(wired: &Wired, gate: &Gate, allow: Vec<IpNet>) -> Router {
    let mails = Arc::clone(&wired.mail_counters);
    let channel = wired.channel.clone();
    let figures = Figures { core: wired.core.clone(), gate: gate.clone(), mails, channel };
    wired.metrics.register(|registry| registry.register_collector(Box::new(figures)));
    let page = Page { metrics: Arc::clone(&wired.metrics), allow };
    Router::new().route("/metrics", get(show)).with_state(Arc::new(page))
}

async fn show(
    State(page): State<Arc<Page>>,
    Extension(arrival): Extension<Arrival>,
    request: Request,
) -> Response {
    if page.allow.iter().any(|network| network.contains(&arrival.caller.address)) {
        reply::content(StatusCode::OK, CONTENT_TYPE, page.metrics.render())
    } else {
        super::nothing_here(request).await
    }
}

/// A number about another cell.
type Figure = fn(&PeerTally) -> u64;

/// Figures that others count as plain numbers; read when somebody asks.
struct Figures {
    core: Core,
    gate: Gate,
    mails: Arc<Counters>,
    channel: Option<Arc<Channel>>,
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Figures")
    }
}

impl Collector for Figures {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut sheet = Sheet(encoder);
        self.hashes(&mut sheet)?;
        self.verify(&mut sheet)?;
        self.store(&mut sheet)?;
        sheet.sum(
            "uses_lost",
            "Things and people whose use could not be noted, because too many waited",
            usage::lost(&self.core),
        )?;
        self.cells(&mut sheet)?;
        self.mails(&mut sheet)
    }
}

impl Figures {
    fn hashes(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let stats = self.core.hashes().stats();
        sheet.now("hash_queue_waiting", "Password hashes that wait", stats.waiting as u64)?;
        sheet.now("hash_queue_running", "Password hashes being computed", stats.running as u64)?;
        sheet.now("hash_queue_threads", "Hashing threads", stats.threads as u64)?;
        sheet.now("hash_memory_bytes", "Memory the hashing threads hold", stats.memory_bytes as u64)?;
        sheet.sum("hashes", "Password hashes computed", stats.finished)?;
        sheet.sum("hashes_refused", "Password hashes refused because the queue was full", stats.refused)?;
        sheet.sum(
            "hashes_abandoned",
            "Password hashes dropped because their caller had gone",
            stats.abandoned,
        )
    }

    fn verify(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        sheet.sum("verified", "Callers that were known", self.core.verified().known())?;
        sheet.sum("verify_refused", "Callers that were not", self.core.verified().refused())?;
        let (callers, bytes) = self.core.remembered();
        sheet.now("verify_remembered", "Sessions remembered with whose they are", callers)?;
        sheet.now("verify_remembered_bytes", "Memory they are reckoned at", bytes)?;
        let signed = self.core.assertion_keys().signed();
        sheet.sum("assertions_signed", "Assertions of who is calling that were signed anew", signed)?;
        let (assertions, bytes) = self.gate.assertions_kept();
        sheet.now("assertions_kept", "Assertions kept for the next answer", assertions)?;
        sheet.now("assertions_kept_bytes", "Memory they are reckoned at", bytes)
    }

    fn store(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let stats = self.core.db().stats();
        let waiting_writes = stats.waiting_interactive + stats.waiting_bulk;
        sheet.now("store_writes_waiting", "Writes that wait", waiting_writes)?;
        sheet.now("store_reads_waiting", "Reads that wait", stats.waiting_reads)?;
        sheet.now("store_group", "Writes in the last commit", stats.last_group)?;
        sheet.name("store", "The database's engine", &[("engine", self.core.db().engine())])?;
        if let Some(connections) = stats.connections {
            sheet.now("store_connections", "Connections to the database server", connections.open)?;
            sheet.now("store_connections_most", "As many as there may be", connections.most)?;
            sheet.sum("store_failed_connects", "Tries to connect that failed", connections.failed)?;
        }
        if let Some(heard) = self.core.db().hearing().stats() {
            sheet.sum("revocations_looks", "Looks at the log of revocations that succeeded", heard.looks)?;
            sheet.sum(
                "revocations_heard",
                "Rows of it that were heard, this node's among them",
                heard.rows,
            )?;
            let last = "Age of the oldest row that the last look heard, by the clocks of both nodes";
            sheet.now("revocations_lag_micros", last, heard.lag_micros)?;
            sheet.now("revocations_lag_micros_most", "The longest such age", heard.lag_micros_max)?;
        }
        sheet.sum("store_commits", "Commits", stats.commits)?;
        sheet.sum("store_reruns", "Transactions that were tried again", stats.reruns)?;
        sheet.sum("store_failed_commits", "Commits that failed", stats.failed_commits)?;
        sheet.sum("store_writes", "Writes answered", stats.writes)?;
        sheet.seconds("store_write_seconds", "Time from asking to answer, all writes", stats.write_micros)?;
        sheet.sum("store_reads", "Reads answered", stats.reads)?;
        sheet.seconds("store_read_seconds", "Time from asking to answer, all reads", stats.read_micros)
    }

    /// What other cells are to this one; nothing where there are none.
    fn cells(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let Some(cells) = self.core.cells() else { return Ok(()) };
        let peers = cells.peers();
        let sums: [(&str, &str, Figure); 6] = [
            ("cell_asked", "Key pairs another cell was asked about", PeerTally::asked),
            ("cell_away", "Of these, those it did not answer", PeerTally::away),
            ("cell_busy", "Not asked about, as too many others were being asked about", PeerTally::busy),
            ("cell_kept", "Calls that its answer of a moment ago was good for", PeerTally::kept),
            ("cell_directory_pages", "Pages of its directory that were read", PeerTally::pages),
            ("cell_directory_failures", "Pages of it that were asked for in vain", PeerTally::failed_pages),
        ];
        for (name, help, figure) in sums {
            sheet.by_cell(name, help, peers.iter().map(|peer| (peer, ConstCounter::new(figure(peer)))))?;
        }
        let now = |value| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        let behind = "Changes of its directory that are known to be unread";
        sheet.by_cell(
            "cell_directory_behind",
            behind,
            peers.iter().map(|peer| (peer, now(peer.behind()))),
        )?;
        let heard = peers.iter().filter_map(|peer| Some((peer, peer.heard_at()?)));
        let ages = heard.map(|(peer, at)| (peer, now(self.core.now().since(at).as_secs())));
        let age = "Seconds since its directory was last read to the end; missing until it was";
        sheet.by_cell("cell_directory_age_seconds", age, ages)?;
        let conflicts = u64::try_from(cells.conflicts()).unwrap_or(0);
        sheet.now("cell_conflicts", "Claims to names that another cell had first", conflicts)?;
        self.refused_cells(sheet)
    }

    fn refused_cells(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let counts = self.channel.as_ref().map(|channel| channel.refusals.counts()).unwrap_or_default();
        if counts.is_empty() {
            return Ok(());
        }
        let help = "Requests between cells that were refused, by the listed cell they claim to come from";
        let mut encoder = sheet.0.encode_descriptor("cell_refused", help, None, MetricType::Counter)?;
        for (cell, reason, count) in counts {
            let cell = cell.as_ref().map_or("", RegionCode::as_str);
            let count = ConstCounter::new(count);
            count.encode(encoder.encode_family(&[("cell", cell), ("reason", reason)])?)?;
        }
        Ok(())
    }

    fn mails(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        sheet.sum("mails_sent", "Mails delivered", self.mails.sent())?;
        sheet.sum("mails_retried", "Deliveries put off", self.mails.retried())?;
        sheet.sum("mails_failed", "Mails given up", self.mails.failed())?;
        sheet.now(
            "mail_oldest_seconds",
            "Age of the oldest waiting mail",
            self.mails.oldest_waiting_seconds(),
        )
    }
}

/// The page being written.
struct Sheet<'a>(DescriptorEncoder<'a>);

impl Sheet<'_> {
    /// A value that goes up and down.
    fn now(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        self.write(name, help, &gauge)
    }

    /// A value that only grows.
    fn sum(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.write(name, help, &ConstCounter::new(value))
    }

    /// Microseconds that only grow, shown as Prometheus wants time: in seconds.
    fn seconds(&mut self, name: &str, help: &str, micros: u64) -> fmt::Result {
        self.write(name, help, &ConstCounter::new(micros as f64 / 1e6))
    }

    /// A value for each of other cells.
    fn by_cell<'p, M: EncodeMetric>(
        &mut self,
        name: &str,
        help: &str,
        values: impl Iterator<Item = (&'p PeerTally, M)>,
    ) -> fmt::Result {
        let mut values = values.peekable();
        let Some((_, first)) = values.peek() else { return Ok(()) };
        let mut encoder = self.0.encode_descriptor(name, help, None, first.metric_type())?;
        for (peer, value) in values {
            value.encode(encoder.encode_family(&[("cell", peer.cell().as_str())])?)?;
        }
        Ok(())
    }

    /// Texts that stay as they are.
    fn name(&mut self, name: &str, help: &str, labels: &[(&'static str, &'static str)]) -> fmt::Result {
        self.write(name, help, &Info::new(labels.to_vec()))
    }

    fn write(&mut self, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
        let encoder = self.0.encode_descriptor(name, help, None, metric.metric_type())?;
        metric.encode(encoder)
    }
}
