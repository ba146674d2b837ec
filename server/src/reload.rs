//! What SIGHUP reads again: the certificate, the doors, the mail templates, the location database and the log level.
//!
//! Each stands alone: what is broken keeps its old state and is logged, and the others are renewed. Everything else in
//! the configuration needs a restart.

use crate::config::{self, Config, Environment};
use crate::logging::LogLevel;
use crate::mail::Mailer;
use crate::{places, wiring};
use doorward_core::Core;
use doorward_entrance::Certificate;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything that can be renewed in a running server.
pub(crate) struct Reload {
    pub(crate) certificate: Option<Arc<Certificate>>,
    pub(crate) core: Core,
    pub(crate) mailer: Option<Arc<Mailer>>,
    pub(crate) reread: Reread,
}

/// The configuration to read again, and the log level it decides.
pub(crate) struct Reread {
    pub(crate) file: Option<PathBuf>,
    pub(crate) environment: Environment,
    pub(crate) level: LogLevel,
}

impl Reload {
    /// Reads everything again, and logs what became of it.
    pub(crate) async fn all(&self) {
        // First, so that the lines below are logged as the new level says.
        let Reread { file, environment, level } = &self.reread;
        match config::load(file.as_deref(), environment) {
            Ok(loaded) => {
                told("log level", level.set(&loaded.config.log.level));
                self.templates(&loaded.config);
                self.places(&loaded.config).await;
            }
            Err(error) => told("configuration", Err(error)),
        }
        if let Some(certificate) = &self.certificate {
            told("certificate", certificate.reload());
        }
        told("list of doors", self.core.load_doors().await);
    }

    async fn places(&self, config: &Config) {
        let database = places::read(config).await;
        if config.places.database.is_some() {
            told("location database", database.map(|database| self.core.places().ask(database)));
        } else {
            self.core.places().ask(None);
        }
    }

    fn templates(&self, config: &Config) {
        if let Some(mailer) = &self.mailer {
            told(
                "set of mail templates",
                wiring::templates(config).map(|templates| mailer.use_templates(templates)),
            );
        }
    }
}

fn told<E: std::fmt::Display>(what: &str, reloaded: Result<(), E>) {
    match reloaded {
        Ok(()) => tracing::info!("the {what} was read again"),
        Err(error) => tracing::error!(%error, "the new {what} is not used; the old one stays"),
    }
}
