//! What the command line asks of an installation: one command, one way of carrying it out, two ways to get it there.
//!
//! [`Command`] is everything that can be asked, [`execute`] does it on a core, `reach.rs` finds the core: its own, or,
//! while a server has the database, the server's over a Unix socket (`socket.rs`). Whoever may use that socket or the
//! data directory is the operator; there is no other way in.

mod applications;
mod claim;
mod hidden;
mod keys;
mod memberships;
mod operators;
mod people;
mod reach;
mod reply;
mod sessions;
mod short_path;
mod shown;
mod socket;
mod table;
mod tenants;
mod tokens;
mod whole;

pub(crate) use claim::Claim;
pub use hidden::Hidden;
pub use reach::ask;
pub(crate) use reach::{LOOK, LOOKS};
pub use reply::Answer;
pub use socket::AdminSocket;
pub(crate) use table::table;

use crate::cli::{Failure, application, key, membership, operator, person, session, tenant};
use doorward_core::{Actor, Caller, Core};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tokio::sync::watch;

/// Everything that can be asked. Not `Debug`: some of it is secret (P16).
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Bring the installation to what a file says.
    Apply {
        /// How messages name the file.
        name: String,
        /// What it says.
        text: Hidden,
        /// Whether nothing is written.
        dry_run: bool,
    },
    /// Copy the database to a file of the server's machine.
    Backup {
        /// An absolute path.
        to: PathBuf,
    },
    /// Tenants.
    Tenant(tenant::Action),
    /// People.
    Person(person::Action),
    /// Memberships.
    Membership(membership::Action),
    /// Applications.
    Application(application::Action),
    /// Access keys.
    Key(key::Action),
    /// Sessions.
    Session(session::Action),
    /// Operators and their tokens.
    Operator(operator::Action),
}

/// How far long work has come: steps done, and steps in all.
pub type Progress = watch::Sender<Option<(u64, u64)>>;

/// Does what was asked, on behalf of the operator.
pub async fn execute(core: &Core, command: Command, progress: Progress) -> Result<Answer, Failure> {
    let desk = Desk { core, caller: Caller::local("command-line"), actor: Actor::Operator };
    match command {
        Command::Apply { name, text, dry_run } => whole::apply(&desk, &name, text.expose(), dry_run).await,
        Command::Backup { to } => whole::backup(&desk, to, progress).await,
        Command::Tenant(action) => tenants::execute(&desk, action).await,
        Command::Person(action) => people::execute(&desk, action).await,
        Command::Membership(action) => memberships::execute(&desk, action).await,
        Command::Application(action) => applications::execute(&desk, action).await,
        Command::Key(action) => keys::execute(&desk, action).await,
        Command::Session(action) => sessions::execute(&desk, action).await,
        Command::Operator(action) => operators::execute(&desk, action).await,
    }
}

/// Where every command is carried out: on which core, and for whom.
struct Desk<'a> {
    core: &'a Core,
    caller: Caller,
    actor: Actor,
}
