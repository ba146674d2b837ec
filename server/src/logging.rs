//! Where log lines go and what they look like. What is logged, and that no secret is, is decided where it happens.

use crate::config::{Log, LogFormat};
use std::io::IsTerminal as _;
use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{MakeWriter, SubscriberBuilder};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Logging cannot start.
#[derive(Debug, Error)]
pub enum LoggingError {
    /// The configured level is none.
    #[error("log.level is not a level: {0}")]
    Level(#[from] tracing_subscriber::filter::ParseError),
    /// Called twice in one process.
    #[error("logging was started already")]
    Started(#[from] tracing_subscriber::util::TryInitError),
}

/// Sends every log line of this process to standard error. To be called once.
pub fn start(settings: &Log) -> Result<(), LoggingError> {
    let is_terminal = std::io::stderr().is_terminal();
    Ok(subscriber(settings, is_terminal, std::io::stderr)?.try_init()?)
}

/// The same for a writer of one's own.
fn subscriber<W>(
    settings: &Log,
    colours: bool,
    writer: W,
) -> Result<Box<dyn tracing::Subscriber + Send + Sync>, LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = SubscriberBuilder::default()
        .with_writer(writer)
        .with_ansi(colours)
        .with_env_filter(EnvFilter::try_new(&settings.level)?);
    Ok(match settings.format {
        LogFormat::Human => Box::new(lines.finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_span_list(false).finish()),
    })
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
        let subscriber = subscriber(&settings, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, || {
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
    fn the_level_decides_what_is_written() {
        assert!(!logged(LogFormat::Human, "info").contains("detail"));
        assert!(logged(LogFormat::Human, "debug").contains("detail"));
        assert_eq!(logged(LogFormat::Human, "error"), "");
    }
}
