//! A network namespace for one node, with two cables: one to its clients, one to the database. It needs root and iproute2.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;

/// Where Debian and others keep it; a node's environment is empty, so nobody searches for it.
const PROGRAMS: [&str; 4] = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"];

/// The network for such tests (RFC 2544), of which every process takes eight addresses.
const NETWORK: u32 = u32::from_be_bytes([198, 18, 0, 0]);
const NETWORKS: u32 = 1 << 14;

/// Gone with its test.
pub(super) struct Namespace {
    program: &'static str,
    name: String,
    /// The first of its addresses.
    base: u32,
}

impl Namespace {
    /// Makes it; the error is why this machine does not let us.
    pub(super) fn make() -> Result<Self, String> {
        let program = PROGRAMS.into_iter().find(|path| Path::new(path).exists());
        let program = program.ok_or("iproute2 is missing")?;
        let number = std::process::id();
        let base = NETWORK + number % NETWORKS * 8;
        let namespace = Self { program, name: format!("dw{number}"), base };
        let name = namespace.name.as_str();
        namespace.ip(&["netns", "add", name])?;
        for (cable, guest, first) in
            [(namespace.clients(), "clients", 1), (namespace.database(), "database", 5)]
        {
            let (near, far) = (namespace.address(first), namespace.address(first + 1));
            namespace.ip(&["link", "add", &cable, "type", "veth", "peer", "name", guest, "netns", name])?;
            namespace.ip(&["address", "add", &format!("{near}/30"), "dev", &cable])?;
            namespace.ip(&["link", "set", &cable, "up"])?;
            namespace.ip(&["-n", name, "address", "add", &format!("{far}/30"), "dev", guest])?;
            namespace.ip(&["-n", name, "link", "set", guest, "up"])?;
        }
        Ok(namespace)
    }

    /// Where the database listens for it.
    pub(super) fn database_host(&self) -> IpAddr {
        self.address(5)
    }

    /// From where it is seen by the database.
    pub(super) fn database_guest(&self) -> String {
        format!("{}/32", self.address(6))
    }

    /// Where clients find it.
    pub(super) fn guest(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.address(2), port)
    }

    /// What starts a program in it.
    pub(super) fn through(&self) -> Vec<String> {
        [self.program, "netns", "exec", &self.name].map(str::to_owned).to_vec()
    }

    /// Pulls the database's cable out: nobody is told.
    pub(super) fn cut(&self) {
        self.ip(&["link", "set", &self.database(), "down"]).unwrap();
    }

    /// Puts it back.
    pub(super) fn mend(&self) {
        self.ip(&["link", "set", &self.database(), "up"]).unwrap();
    }

    fn clients(&self) -> String {
        format!("{}c", self.name)
    }

    fn database(&self) -> String {
        format!("{}d", self.name)
    }

    fn address(&self, number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(self.base + number))
    }

    fn ip(&self, words: &[&str]) -> Result<(), String> {
        let output = Command::new(self.program).args(words).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(())
        } else {
            Err(format!("ip {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
        }
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The cables go with it.
        drop(self.ip(&["netns", "delete", &self.name]));
    }
}
