//! `[cell]`: other regions that are cells, with nodes and databases of their own.

use super::node::Node;
use super::reader::{Reader, Section};
use super::value::read_web_address;
use doorward_crypto::CellPublicKey;
use doorward_model::{CompanyNumber, RegionCode};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use url::{Host, Url};

/// Across the world and back, with a new connection, takes under a second.
const USUAL_TIMEOUT: Duration = Duration::from_secs(2);
/// Shorter than this a far cell would be away every other time.
const SHORTEST: Duration = Duration::from_millis(100);
/// Longer than this a client has given up, and holds its connection for nothing.
const LONGEST: Duration = Duration::from_secs(10);

/// Other cells.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Every other cell; where there is none, this installation is no cell.
    pub peers: Vec<CellPeer>,
    /// Where this cell's block of company numbers begins.
    pub first_company: Option<CompanyNumber>,
    /// How long another cell may take to answer.
    pub timeout: Duration,
    /// Certificates to trust besides the public ones.
    pub extra_root_certificate: Option<PathBuf>,
}

/// Another cell.
#[derive(Clone, PartialEq)]
pub struct CellPeer {
    /// Its name: its region.
    pub name: RegionCode,
    /// The address at which the other cells reach it.
    pub url: Url,
    /// The public halves of its keys.
    pub keys: Vec<CellPublicKey>,
}

impl fmt::Debug for CellPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name.as_str(), self.url)
    }
}

impl Cell {
    pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Self {
        let mut section = reader.section(
            "cell",
            "Other regions with nodes and databases of their own; docs/operators/cells.md shows how.",
        );
        let lines: Option<Vec<String>> = section.optional(
            "peers",
            "[\"us11 https://id.us11.example.com 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"]",
            "Every other cell: its region, an address of its [house], and the public key that `doorward cell key` \
             prints there; two keys while it changes them. This cell is the `region` of [node].",
        );
        let first_company: Option<u32> = section.optional(
            "first_company",
            "1000001",
            "Where this cell's block of company numbers begins. Each cell needs a block of its own.",
        );
        let timeout = section.within(
            "timeout",
            USUAL_TIMEOUT,
            SHORTEST..=LONGEST,
            "How long another cell may take to answer.",
        );
        let extra_root_certificate = section.optional(
            "extra_root_certificate",
            "\"/etc/doorward/cells-ca.pem\"",
            "A PEM file with certificates to trust besides the public ones when other cells are asked.",
        );
        let first_company = first_company.and_then(|number| {
            let number = CompanyNumber::new(number.into());
            number.map_err(|error| section.refuse("first_company", error.to_string())).ok()
        });
        let peers = lines.map(|lines| peers(&mut section, node, &lines)).unwrap_or_default();
        Self { peers, first_company, timeout, extra_root_certificate }
    }
}

fn peers(section: &mut Section<'_, '_>, node: &Node, lines: &[String]) -> Vec<CellPeer> {
    let mut peers: Vec<CellPeer> = Vec::new();
    for line in lines {
        let peer = match peer(line) {
            Ok(peer) => peer,
            Err(problem) => {
                section.refuse("peers", problem);
                continue;
            }
        };
        let name = peer.name.as_str();
        if node.region.as_ref() == Some(&peer.name) {
            section.refuse("peers", format!("{name} is this cell itself: list the others only"));
        } else if peers.iter().any(|known| known.name == peer.name) {
            section.refuse("peers", format!("{name} is listed twice"));
        } else if let Some(known) =
            peers.iter().find(|known| known.keys.iter().any(|key| peer.keys.contains(key)))
        {
            let known = known.name.as_str();
            section.refuse("peers", format!("{name} and {known} have the same key: one of the two is wrong"));
        }
        peers.push(peer);
    }
    if !peers.is_empty() && node.region.is_none() {
        section.refuse("peers", "`region` of [node] says which cell this one is, and is missing");
    }
    peers
}

fn peer(line: &str) -> Result<CellPeer, String> {
    let mut words = line.split_whitespace();
    let expected =
        "expected a region, an address and a public key like \"us11 https://id.us11.example.com 11qY…\"";
    let (Some(name), Some(url)) = (words.next(), words.next()) else {
        return Err(format!("{expected}, found {line:?}"));
    };
    let name = RegionCode::parse(name).ok_or_else(|| format!("{name:?} is no region's code"))?;
    let label = name.as_str().to_owned();
    let address = read_web_address(url).filter(|url| url.path() == "/");
    let address =
        address.ok_or_else(|| format!("{label}: {url:?} is no address like \"https://id.example.com\""))?;
    if address.scheme() != "https" && !is_loopback(&address) {
        return Err(format!("{label}: {url:?} must begin with https: key pairs are sent there"));
    }
    let keys: Result<Vec<_>, _> = words
        .map(|word| CellPublicKey::parse(word).ok_or(format!("{label}: {word:?} is no public key of a cell")))
        .collect();
    let keys = keys?;
    if keys.is_empty() {
        return Err(format!("{label}: its public key is missing; `doorward cell key` prints it there"));
    }
    Ok(CellPeer { name, url: address, keys })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
