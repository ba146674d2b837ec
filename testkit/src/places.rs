//! A location database small enough for a test, in the MaxMind DB format 2.0 (maxmind.github.io/MaxMind-DB).

use std::net::IpAddr;

/// Names by language.
pub type Names<'a> = &'a [(&'a str, &'a str)];

/// The bytes of a database in which each network is a city of a country; no names of one leave it out.
pub fn location_database(networks: &[(&str, Names<'_>, Names<'_>)]) -> Vec<u8> {
    let (mut tree, mut data) = (Tree::default(), Vec::new());
    for (network, city, country) in networks {
        let at = u32::try_from(data.len()).expect("a small database");
        let place =
            |names: Names<'_>| map([("names", map(names.iter().map(|(tag, name)| (*tag, text(name)))))]);
        let places =
            [("city", *city), ("country", *country)].into_iter().filter(|(_, names)| !names.is_empty());
        data.extend(map(places.map(|(what, names)| (what, place(names)))));
        tree.add(network, at);
    }
    let mut file = tree.bytes();
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    file.extend(map([
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", number(9, 1_795_341_600)),
        ("database_type", text("Test-City")),
        ("description", map([("en", text("A test"))])),
        ("ip_version", number(5, 6)),
        ("languages", [control(11, 1), text("en")].concat()),
        ("node_count", number(6, u64::try_from(tree.0.len()).expect("a small tree"))),
        ("record_size", number(5, 32)),
    ]));
    file
}

/// Where a bit of an address leads.
#[derive(Clone, Copy)]
enum Leads {
    Nowhere,
    ToNode(u32),
    ToData(u32),
}

/// The search tree: a node for each bit, over IPv6; IPv4 stands at `::/96`.
struct Tree(Vec<[Leads; 2]>);

impl Default for Tree {
    fn default() -> Self {
        Self(vec![[Leads::Nowhere; 2]])
    }
}

impl Tree {
    fn add(&mut self, network: &str, data: u32) {
        let (address, length) = network.split_once('/').expect("a network");
        let length: u32 = length.parse().expect("a length");
        let (bits, length) = match address.parse().expect("an address") {
            IpAddr::V4(it) => (u128::from(it.to_bits()), length + 96),
            IpAddr::V6(it) => (it.to_bits(), length),
        };
        let mut node = 0;
        for depth in 0..length {
            let bit = usize::from(bits >> (127 - depth) & 1 == 1);
            let next = u32::try_from(self.0.len()).expect("a small tree");
            let leads = self.0.get_mut(node).and_then(|both| both.get_mut(bit)).expect("a node");
            match *leads {
                _ if depth + 1 == length => *leads = Leads::ToData(data),
                Leads::ToNode(known) => node = known as usize,
                Leads::Nowhere | Leads::ToData(_) => {
                    *leads = Leads::ToNode(next);
                    self.0.push([Leads::Nowhere; 2]);
                    node = next as usize;
                }
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let count = u32::try_from(self.0.len()).expect("a small tree");
        let record = |leads: &Leads| match leads {
            Leads::Nowhere => count,
            Leads::ToNode(node) => *node,
            Leads::ToData(at) => count + 16 + at,
        };
        self.0.iter().flatten().flat_map(|leads| record(leads).to_be_bytes()).collect()
    }
}

/// The byte before a value: its type and its size, of which ours are small.
fn control(kind: u8, size: usize) -> Vec<u8> {
    let size = u8::try_from(size).expect("a small value");
    let (short, rest) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    let extended = (kind > 7).then(|| kind - 7);
    let first = if extended.is_some() { short } else { kind << 5 | short };
    [Some(first), extended, rest].into_iter().flatten().collect()
}

fn text(text: &str) -> Vec<u8> {
    [control(2, text.len()), text.as_bytes().to_vec()].concat()
}

fn number(kind: u8, number: u64) -> Vec<u8> {
    let bytes: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    [control(kind, bytes.len()), bytes].concat()
}

fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let entries: Vec<Vec<u8>> =
        entries.into_iter().map(|(name, value)| [text(name), value].concat()).collect();
    [control(7, entries.len()), entries.concat()].concat()
}
