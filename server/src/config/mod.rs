//! The configuration: one TOML file, every value overridable by the environment, resolved to plain structs.
//!
//! Owns reading, checking and printing; decides nothing. Nobody else reads the environment. Each section is one file
//! that names its keys, defaults, bounds and explanations in one place; `config example`, `config show` and the
//! check for unknown keys are made from that same reading. Start with [`load`], then any section, such as [`Hashing`].

mod admin;
mod cell;
mod environment;
mod example;
mod file;
mod hashing;
mod house;
mod keys;
mod limits;
mod listen;
mod log;
mod mail;
mod metrics;
mod node;
mod places;
mod problem;
mod raw;
mod reader;
mod show;
mod store;
mod telemetry;
mod units;
mod unknown;
mod value;
mod verify;

pub use admin::Admin;
pub use cell::{Cell, CellPeer};
pub(crate) use doorward_core::closest;
pub use environment::Environment;
pub use example::example;
pub(crate) use file::Lines;
pub use hashing::Hashing;
pub use house::House;
pub use keys::Keys;
pub use limits::Limits;
pub use listen::Listen;
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use metrics::Metrics;
pub use node::Node;
pub use places::Places;
pub use problem::{ConfigError, Place, Problem};
pub use reader::{Entry, Origin};
pub use show::show;
pub use store::Store;
pub use telemetry::Telemetry;
pub use units::ByteSize;
pub(crate) use units::parse_duration;
pub use verify::Verify;

use file::ConfigFile;
use reader::Reader;
use std::path::{Path, PathBuf};

/// The file that is read when none is named and it exists.
pub const DEFAULT_FILE: &str = "doorward.toml";

/// The variable that names the file when the command line does not.
pub const FILE_VARIABLE: &str = "DOORWARD_CONFIG";

/// The whole configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// This installation.
    pub node: Node,
    /// Where it listens.
    pub listen: Listen,
    /// Doorward's own surface.
    pub house: House,
    /// The database.
    pub store: Store,
    /// The key file.
    pub keys: Keys,
    /// Password hashing.
    pub hashing: Hashing,
    /// Mail.
    pub mail: Mail,
    /// Where addresses are.
    pub places: Places,
    /// Logs.
    pub log: Log,
    /// Who may ask who is calling.
    pub verify: Verify,
    /// Other cells.
    pub cell: Cell,
    /// Figures.
    pub metrics: Metrics,
    /// What a caller may send.
    pub limits: Limits,
    /// The socket of the command line.
    pub admin: Admin,
    /// Traces.
    pub telemetry: Telemetry,
}

/// A configuration together with where each value came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// Every key in the order of the example file, for [`show`].
    pub entries: Vec<Entry>,
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
}

/// Reads the file and the environment over it, and reports everything that is wrong at once.
///
/// Without `file`, `DOORWARD_CONFIG` names it; without that, `./doorward.toml` is read if it exists, and otherwise
/// defaults and environment alone decide.
pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Loaded, ConfigError> {
    let named = file.map(Path::to_owned).or_else(|| environment.get(FILE_VARIABLE).map(PathBuf::from));
    let found = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()));
    let parsed = found.as_deref().map(ConfigFile::open).transpose()?;
    read(parsed.as_ref(), environment).map(|(config, entries)| Loaded { config, entries, file: found })
}

/// The same from a text in memory; `name` stands for the file in messages.
pub fn parse(name: &str, text: &str, environment: &Environment) -> Result<Loaded, ConfigError> {
    let file = ConfigFile::parse(name, text)?;
    read(Some(&file), environment).map(|(config, entries)| Loaded { config, entries, file: None })
}

fn read(file: Option<&ConfigFile>, environment: &Environment) -> Result<(Config, Vec<Entry>), ConfigError> {
    let mut reader = Reader::new(file, environment);
    let config = sections(&mut reader);
    reader.finish().map(|entries| (config, entries))
}

/// Every section, in the order in which the example file prints them.
fn sections(reader: &mut Reader<'_>) -> Config {
    let node = Node::read(reader);
    Config {
        listen: Listen::read(reader),
        house: House::read(reader),
        store: Store::read(reader, &node.data_dir),
        keys: Keys::read(reader, &node.data_dir),
        hashing: Hashing::read(reader),
        mail: Mail::read(reader),
        places: Places::read(reader),
        log: Log::read(reader),
        verify: Verify::read(reader),
        cell: Cell::read(reader, &node),
        metrics: Metrics::read(reader),
        limits: Limits::read(reader),
        admin: Admin::read(reader, &node.data_dir),
        telemetry: Telemetry::read(reader),
        node,
    }
}
