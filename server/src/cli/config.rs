//! `doorward config`: check a configuration, show what is in effect, print an example to begin with.

use super::{Failure, print};
use crate::config::{self, Config, Environment};
use crate::mail::{Smtp, Templates};
use crate::{places, wiring};
use clap::Subcommand;
use doorward_core::Clock;
use doorward_entrance::Certificate;
use std::path::Path;

/// `doorward config …`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  doorward config example > doorward.toml
  doorward config check --config /etc/doorward/doorward.toml
  DOORWARD_LISTEN__ADDRESSES=0.0.0.0:443 doorward config show")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say whether the configuration is right, or everything that is wrong with it.
    Check,
    /// Print every value in effect and where it came from; secrets stay hidden.
    Show,
    /// Print a commented file with every key.
    Example,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    match args.action {
        Action::Check => check(file),
        Action::Show => {
            let loaded = config::load(file, &Environment::of_process())?;
            print(&config::show(&loaded))
        }
        Action::Example => print(&config::example()),
    }
}

fn check(file: Option<&Path>) -> Result<(), Failure> {
    let loaded = config::load(file, &Environment::of_process())?;
    let broken = broken_files(&loaded.config);
    if !broken.is_empty() {
        return Err(Failure::new(broken.join("\n")));
    }
    let sentence = match &loaded.file {
        Some(file) => format!("{} is in order.\n", file.display()),
        None => "There is no configuration file; the defaults and the environment are in order.\n".to_owned(),
    };
    print(&sentence)
}

/// What is wrong with the secrets and files that the configuration names: `serve` stops at them, or, for the location database,
/// shows no place. Keys that are not there yet are `init`'s to make.
fn broken_files(config: &Config) -> Vec<String> {
    let has_keys = config.keys.text.is_some() || config.keys.file.exists();
    let keys = if has_keys { wiring::keyring(config).err() } else { None };
    let keys = keys.map(|failure| failure.sentence().to_owned());
    let cells = match (has_keys, wiring::keyring(config)) {
        (true, Ok(keys)) => wiring::channel(config, &keys, &Clock::system()).err(),
        (true, Err(_)) | (false, _) => None,
    };
    let cells = cells.map(|failure| failure.sentence().to_owned());
    let pepper = wiring::pepper(config).err().map(|failure| failure.sentence().to_owned());
    let tls = config.listen.tls.as_ref();
    let certificate = tls.and_then(|files| Certificate::load(files).err()).map(|error| error.to_string());
    let smtp = config.mail.smtp.as_ref();
    let smtp = smtp.and_then(|settings| Smtp::new(settings).err()).map(|error| format!("mail.smtp: {error}"));
    let templates = config.mail.templates_dir.as_deref();
    let templates = templates.and_then(|folder| Templates::load(folder).err()).map(|error| error.to_string());
    let places = places::check(config).err().map(|error| error.to_string());
    [certificate, keys, cells, pepper, smtp, templates, places].into_iter().flatten().collect()
}
