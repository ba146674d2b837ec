//! `doorward init`: the data directory, the keys, the database, and the first operator.

use super::Failure;
use super::ask::{Format, configuration, show};
use super::password;
use crate::admin::{Answer, Hidden};
use crate::config::Config;
use crate::serve::block_on;
use crate::wiring::{Purpose, Wired, database};
use doorward_core::operators::{self, IssuedLink};
use doorward_core::{Caller, Clock, Error};
use doorward_crypto::{Keyring, Random};
use doorward_model::Email;
use doorward_store::installation;
use serde_json::json;
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  doorward init                                     asks for the first operator's e-mail and password
  doorward init < /dev/null                         asks nothing; prints a link that makes the first operator
  doorward init --operator ana@example.com          asks for the password
  doorward init --operator ana@example.com --password-file /run/secrets/operator

What is there already stays: keys are never overwritten, and there is one first operator. No account exists before it.
The link works once, for a day, in a browser that reaches the server; run it again for a new one.";

/// Make the data directory, the keys, the database and the first operator.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The first operator's e-mail.
    #[arg(long, value_name = "EMAIL", value_parser = email)]
    operator: Option<Email>,
    /// Reads the operator's password from this file instead of asking for it.
    #[arg(long, value_name = "FILE", requires = "operator")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    format: Format,
}

pub(super) fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|error| error.to_string())
}

pub(super) fn run(args: Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = configuration(file)?;
    let wish = operator(&args)?;
    make_directory(&config.node.data_dir)?;
    if config.store.postgres.is_some() && !has_keys(&config) {
        block_on(refuse_used(&config))?;
    }
    let made_keys = make_keys(&config)?;
    let first = block_on(make_operator(&config, wish))?;
    show(&answer(&config, made_keys, &first), args.format)
}

/// Who becomes the first operator; `None` when nobody was named and nobody can be asked.
fn operator(args: &Args) -> Result<Option<(Email, Hidden)>, Failure> {
    let asks = io::stdin().is_terminal() && io::stderr().is_terminal();
    let named = match &args.operator {
        Some(email) => Some(email.clone()),
        None if asks && !args.format.json => ask_email()?,
        None => None,
    };
    let Some(email) = named else { return Ok(None) };
    let password = match &args.password_file {
        Some(file) => password::from_file(file)?,
        None => password::ask_twice(&format!("Password of {email}"))?,
    };
    Ok(Some((email, password)))
}

fn ask_email() -> Result<Option<Email>, Failure> {
    let failed = |error| Failure::new(format!("The terminal cannot be read: {error}."));
    let mut terminal = io::stderr().lock();
    write!(terminal, "E-mail of the first operator (empty for later): ").map_err(failed)?;
    terminal.flush().map_err(failed)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(failed)?;
    match line.trim() {
        "" => Ok(None),
        text => Email::parse(text).map(Some).map_err(|error| Failure::new(format!("{error}."))),
    }
}

/// Nobody else looks into it.
fn make_directory(path: &Path) -> Result<(), Failure> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::new(format!("{} cannot be made: {error}.", path.display())))
}

fn has_keys(config: &Config) -> bool {
    config.keys.text.is_some() || config.keys.file.exists()
}

/// A node without keys that joins a database which others use needs theirs: with its own it could read nothing there.
async fn refuse_used(config: &Config) -> Result<(), Failure> {
    let db = database(config, Purpose::Command)?;
    let found = db.read_house(installation::find).await;
    db.close().await;
    match found {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(Failure::new(format!(
            "{} is in use already, but its key file {} is not here.",
            config.store.place(),
            config.keys.file.display()
        ))
        .hint("Copy the key file from another node, or from its copy: all nodes share one.")),
        Err(error) => Err(Failure::new(format!("{error}."))),
    }
}

/// Makes the key file unless there are keys; says whether it did. A database that lost its keys gets no new ones.
pub(crate) fn make_keys(config: &Config) -> Result<bool, Failure> {
    let (keys, database) = (&config.keys.file, &config.store.sqlite.path);
    if has_keys(config) {
        return Ok(false);
    }
    if config.store.postgres.is_none() && std::fs::metadata(database).is_ok_and(|about| about.len() > 0) {
        return Err(Failure::new(format!(
            "{} exists, but its key file {} does not.",
            database.display(),
            keys.display()
        ))
        .hint("Put the key file back from its copy: with new keys nobody's sessions, keys and mails could be read."));
    }
    let now = Clock::system().now().micros();
    Keyring::create(keys, now, &Random::os()).map_err(|error| Failure::new(format!("{error}.")))?;
    Ok(true)
}

/// Who runs this installation from now on, or how they begin.
enum First {
    Made(Email),
    /// Nobody was named, and there is nobody yet.
    Link(IssuedLink),
    /// There is somebody already.
    There,
}

async fn make_operator(config: &Config, wish: Option<(Email, Hidden)>) -> Result<First, Failure> {
    let wired = Wired::open(config, Purpose::Command).await?;
    let outcome = match wish {
        Some((email, password)) => create(&wired, email, &password).await.map(First::Made),
        None => link(&wired).await,
    };
    wired.core.db().close().await;
    outcome
}

async fn link(wired: &Wired) -> Result<First, Failure> {
    match operators::invite_first(&wired.core, &Caller::local("init")).await {
        Ok(link) => Ok(First::Link(link)),
        Err(Error::Conflict { .. }) => Ok(First::There),
        Err(other) => Err(Failure::new(format!("The link of the first operator was not made: {other}."))),
    }
}

async fn create(wired: &Wired, email: Email, password: &Hidden) -> Result<Email, Failure> {
    let made = operators::create_first(&wired.core, &Caller::local("init"), email, &password.secret()).await;
    made.map(|operator| operator.email).map_err(|error| match error {
        Error::Conflict { .. } => {
            Failure::new("This installation has its first operator already; nobody was added.")
                .hint("The command line needs no operator: whoever may read the data directory runs it.")
        }
        other @ (Error::Invalid { .. }
        | Error::WrongCredentials
        | Error::NotSignedIn
        | Error::ApplicationRefused
        | Error::NotAllowed
        | Error::NotFound
        | Error::PasswordRefused(_)
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused
        | Error::PasswordResetRequired
        | Error::Throttled { .. }
        | Error::RateLimited { .. }
        | Error::WrongRegion { .. }
        | Error::Unavailable { .. }
        | Error::HomeAway { .. }
        | Error::Internal) => Failure::new(format!("The operator was not made: {other}.")),
    })
}

fn answer(config: &Config, made_keys: bool, first: &First) -> Answer {
    let (keys, database) = (config.keys.file.display(), config.store.place());
    let mut text = match made_keys {
        true => format!("Keys:      {keys}   keep a copy apart from the backups\n"),
        false => "Keys:      as they were\n".to_owned(),
    };
    text.push_str(&format!("Database:  {database}\n"));
    text.push_str(&match first {
        First::Made(operator) => format!("Operator:  {operator}\n"),
        First::There => "Operator:  as before\n".to_owned(),
        First::Link(link) => format!(
            "Operator:  none yet. Start `doorward serve`, then open this link in your browser; it works once, for a day:\n\n  \
             {}\n",
            link.url.expose()
        ),
    });
    text.push_str(
        "\nNext: `doorward serve` opens the doors and the console; `doorward apply FILE` brings in tenants, people and doors.\n",
    );
    let (operator, link) = match first {
        First::Made(operator) => (Some(operator.as_written()), None),
        First::Link(link) => (None, Some(link.url.expose())),
        First::There => (None, None),
    };
    let data = json!({
        "keys": keys.to_string(),
        "keys_made": made_keys,
        "database": database,
        "operator": operator,
        "link": link,
    });
    Answer { text, data }
}
