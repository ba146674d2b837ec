//! Nodes over one database: processes with a folder and an address each, that can be killed and started again.

use crate::process::Doorward;
use std::fmt::Write as _;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use tempfile::TempDir;

/// Nodes of every test.
pub(super) const NODES: usize = 3;

/// People of the tenant: as many clients at once, two at each node.
pub(super) const PEOPLE: usize = 2 * NODES;

/// The host of the tenant's door.
pub(super) const HOST: &str = "harbour.crm.test";

/// Everybody's first password.
pub(super) const PASSWORD: &str = "mild-otter-sings-4711";

/// A tenant with one door.
const HOUSE: &str = r#"
[[tenant]]
slug = "harbour"
[[door]]
name = "crm"
host = "{slug}.crm.test"
base_url = "http://{slug}.crm.test"
dialect = "salesseek"
"#;

/// Where a node runs, and how it reaches the database.
pub(super) struct Place {
    pub(super) url: String,
    pub(super) listen: SocketAddr,
    /// The program that starts it, with its words: `ip netns exec NAME`.
    pub(super) through: Vec<String>,
}

pub(super) struct Cluster {
    nodes: Vec<Node>,
}

struct Node {
    folder: TempDir,
    configuration: String,
    place: Place,
    process: Option<Doorward>,
}

/// The e-mail address of somebody.
pub(super) fn email(number: usize) -> String {
    format!("worker{number}@harbour.example")
}

impl Place {
    /// A node on this machine.
    pub(super) fn here(url: &str) -> Self {
        static TAKEN: AtomicU16 = AtomicU16::new(0);
        Self {
            url: url.to_owned(),
            listen: address(TAKEN.fetch_add(1, Ordering::Relaxed)),
            through: Vec::new(),
        }
    }
}

/// An address of this process alone, so that a node comes back where it was and nobody else is found there meanwhile:
/// a process number has 22 bits (Linux, `PID_MAX_LIMIT`), and all of 127/8 is this machine.
fn address(number: u16) -> SocketAddr {
    const FIRST_PORT: u16 = 4_711;
    let [_, high, middle, low] = (std::process::id() << 2 | 1).to_be_bytes();
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, high, middle, low)), FIRST_PORT + number)
}

impl Cluster {
    /// As many nodes as usual over the database with this URL.
    pub(super) fn start(url: &str) -> Self {
        Self::start_at(url, (0..NODES).map(|_| Place::here(url)).collect())
    }

    /// Prepares the database with this URL, and starts a node at each place.
    pub(super) fn start_at(url: &str, places: Vec<Place>) -> Self {
        let office = tempfile::tempdir().unwrap();
        let desk = Place::here(url);
        fs::write(office.path().join("doorward.toml"), configuration(&desk)).unwrap();
        let mut house = HOUSE.to_owned();
        for number in 0..PEOPLE {
            let email = email(number);
            writeln!(
                house,
                "[[person]]\ntenant = \"harbour\"\nemail = \"{email}\"\nrole = \"user\"\npassword = \"{PASSWORD}\""
            )
            .unwrap();
        }
        fs::write(office.path().join("house.toml"), house).unwrap();
        run(office.path(), &["init"]);
        run(office.path(), &["apply", "house.toml"]);
        let node = |place: Place| {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("doorward-data")).unwrap();
            let keys = "doorward-data/doorward.keys";
            fs::copy(office.path().join(keys), folder.path().join(keys)).unwrap();
            let configuration = configuration(&place);
            let mut node = Node { folder, configuration, place, process: None };
            node.start();
            node
        };
        Self { nodes: places.into_iter().map(node).collect() }
    }

    /// Where each of them listens.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.nodes.iter().map(|node| node.place.listen).collect()
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self, number: usize) {
        drop(self.nodes[number].process.take().unwrap().kill());
    }

    /// Asks it to end, and waits until it has.
    pub(super) fn stop(&mut self, number: usize) {
        drop(self.nodes[number].process.take().unwrap().stop());
    }

    /// Starts it again where it was.
    pub(super) fn again(&mut self, number: usize) {
        self.nodes[number].start();
    }

    /// The same with another way to the database.
    pub(super) fn again_over(&mut self, number: usize, url: &str) {
        let node = &mut self.nodes[number];
        url.clone_into(&mut node.place.url);
        node.configuration = configuration(&node.place);
        node.start();
    }
}

impl Node {
    fn start(&mut self) {
        let through: Vec<&str> = self.place.through.iter().map(String::as_str).collect();
        self.process = Some(Doorward::serve_through(&through, self.folder.path(), &self.configuration));
    }
}

fn configuration(place: &Place) -> String {
    let Place { url, listen, .. } = place;
    // The long form shows what a node does as it comes; the short one loses no time.
    let haste = match super::asked() {
        Some(_) => "",
        None => "statement_timeout = \"1s\"\nconnect_timeout = \"1s\"\n",
    };
    format!(
        "[listen]\naddresses = [\"{listen}\"]\nallow_plain_http = true\n[node]\nregion = \"in21\"\n\
         [verify]\naskers = [\"0.0.0.0/0\"]\nroutes = [\"doors\"]\n[store.postgres]\nurl = \"{url}\"\n{haste}"
    )
}

fn run(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    let output = command.current_dir(folder).env_clear().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
