//! Where log lines go and what they look like. What is logged, and that no secret is, is decided where it happens.

use crate::config::{Log, LogFormat};
use crate::telemetry::{Traces, is_traced};
use std::io::IsTerminal as _;
use thiserror::Error;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, registry, reload};

/// Logging cannot start, or not go on like that.
#[derive(Debug, Error)]
pub enum LoggingError {
    /// The level is none.
    #[error("expected a level like \"info\", or \"info,doorward_core=debug\"")]
    Level,
    /// Called twice in one process.
    #[error("logging was started already")]
    Started(#[from] tracing_subscriber::util::TryInitError),
    /// The level cannot be changed any more.
    #[error("logging has ended")]
    Ended(#[from] reload::Error),
}

/// The level of a started log, to be changed while it runs.
#[derive(Clone, Debug)]
pub struct LogLevel(reload::Handle<EnvFilter, Registry>);

impl LogLevel {
    /// Logs at this level, or these levels by target, from now on.
    pub fn set(&self, level: &str) -> Result<(), LoggingError> {
        Ok(self.0.reload(filter(level)?)?)
    }
}

/// Sends every log line of this process to standard error, and its spans to the collector of `traces`. To be called
/// once.
pub fn start(settings: &Log, traces: Option<&Traces>) -> Result<LogLevel, LoggingError> {
    let is_terminal = std::io::stderr().is_terminal();
    let (lines, level) = lines(settings, is_terminal, std::io::stderr)?;
    let mut layers = vec![lines];
    layers.extend(traces.map(|traces| traces.layer().boxed()));
    registry().with(layers).try_init()?;
    Ok(level)
}

/// Reads a level, or levels by part. A lone word that is no level is refused: it would pass for the name of a part, and
/// silence all others.
pub(crate) fn filter(level: &str) -> Result<EnvFilter, LoggingError> {
    let parts: Vec<&str> = level.split(',').map(str::trim).collect();
    let is_level = |part: &str| !part.is_empty() && part.parse::<LevelFilter>().is_ok();
    if !parts.iter().all(|part| part.contains('=') || is_level(part)) {
        return Err(LoggingError::Level);
    }
    EnvFilter::try_new(parts.join(",")).map_err(|_| LoggingError::Level)
}

type Lines = Box<dyn Layer<Registry> + Send + Sync>;

/// The log lines alone, for a writer of one's own.
fn lines<W>(settings: &Log, colours: bool, writer: W) -> Result<(Lines, LogLevel), LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (level, handle) = reload::Layer::new(filter(&settings.level)?);
    // Spans for traces would otherwise be made, and stand in the lines, where nobody collects them.
    let untraced = filter_fn(|metadata| !is_traced(metadata)).with_max_level_hint(LevelFilter::TRACE);
    let lines = fmt::layer().with_writer(writer).with_ansi(colours);
    let lines = match settings.format {
        LogFormat::Human => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    Ok((lines.with_filter(level.and(untraced)).boxed(), LogLevel(handle)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str) -> String {
        let page = Page::default();
        let writer = page.clone();
        let settings = Log { format, level: level.to_owned() };
        let (lines, _) = lines(&settings, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(registry().with(lines), || {
            let span = tracing::info_span!(target: doorward_core::TRACE_TARGET, "request", port = 8081);
            let _entered = span.enter();
            tracing::info!(port = 8080, "listening");
            tracing::debug!("detail");
        });
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn json_is_one_object_per_line_with_fields_at_the_top() {
        let text = logged(LogFormat::Json, "info");
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["message"], "listening");
        assert_eq!(line["port"], 8080);
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn spans_for_traces_do_not_stand_in_the_lines() {
        assert!(!logged(LogFormat::Human, "trace").contains("8081"));
        assert!(!logged(LogFormat::Json, "trace").contains("8081"));
    }

    #[test]
    fn the_level_changes_while_it_runs() {
        let page = Page::default();
        let writer = page.clone();
        let settings = Log { format: LogFormat::Human, level: "warn".to_owned() };
        let (lines, level) = lines(&settings, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(registry().with(lines), || {
            for wanted in ["info", "no=such=level", "warning", "warn"] {
                let is_level = level.set(wanted).is_ok();
                tracing::info!(is_level, "after {wanted}");
            }
        });
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("after info") && text.contains("after no=such=level"), "{text}");
        assert!(text.contains("after warning"), "a word that is no level changes nothing: {text}");
        assert!(!text.contains("after warn is"), "{text}");
    }

    #[test]
    fn the_level_decides_what_is_written() {
        assert!(!logged(LogFormat::Human, "info").contains("detail"));
        assert!(logged(LogFormat::Human, "debug").contains("detail"));
        assert_eq!(logged(LogFormat::Human, "error"), "");
    }
}
