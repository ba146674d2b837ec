//! How a subcommand fails: one clear sentence, a hint where there is one, and an exit code.

use crate::config::ConfigError;
use crate::logging::LoggingError;
use crate::telemetry::TelemetryError;
use doorward_entrance::ListenError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The command was understood and could not be done.
const FAILED: u8 = 1;

/// The command makes no sense; clap uses the same code for what it refuses.
const USAGE: u8 = 2;

/// Why a subcommand failed, for a person. Prints without a final line break. A running server sends its own as it is,
/// so that a command ends alike wherever it was carried out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    sentence: String,
    hint: Option<String>,
    exit_code: u8,
    #[serde(skip)]
    is_locked: bool,
}

impl Failure {
    /// It could not be done.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), hint: None, exit_code: FAILED, is_locked: false }
    }

    /// The arguments contradict each other in a way clap cannot see.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { exit_code: USAGE, ..Self::new(sentence) }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Another process has the database: it may be asked instead.
    #[must_use]
    pub fn locked(self) -> Self {
        Self { is_locked: true, ..self }
    }

    /// Whether another process has the database.
    pub fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// What was wrong.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.sentence)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let sentence = match error.problems.len() {
            1 => error.to_string(),
            count => format!("the configuration has {count} problems\n{error}"),
        };
        Self::new(sentence).hint("`doorward config example` prints every key with its meaning.")
    }
}

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            ListenError::Taken(_) => {
                failure.hint("stop that program, or choose another port in listen.addresses.")
            }
            ListenError::Overlap(..) => failure.hint(
                "name one of them in listen.addresses: [::] takes IPv4 in, and 0.0.0.0 every IPv4 address.",
            ),
            ListenError::Forbidden(_) => failure.hint(
                "choose a port above 1023 in listen.addresses, or grant the program CAP_NET_BIND_SERVICE.",
            ),
            ListenError::NoSuchAddress(_) => failure
                .hint("listen.addresses names addresses of this machine; 0.0.0.0 stands for all of them."),
            ListenError::Certificate(_) => {
                failure.hint("listen.tls names the certificate with its chain and its private key, in PEM.")
            }
            ListenError::Other { .. } => failure,
        }
    }
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Self {
        Self::new(format!("[telemetry]: {error}."))
    }
}

impl From<LoggingError> for Failure {
    fn from(error: LoggingError) -> Self {
        Self::new(error.to_string())
    }
}
