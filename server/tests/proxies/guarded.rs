//! A real Doorward with routes of a test's own and no door, and a service: any proxy can stand before the two.

use super::proxy::{Kind, Proxy};
use super::stand_ins::{StandIn, Taken};
use crate::process::{Answer, Ask, Doorward, exchange_from};
use std::net::Ipv4Addr;
use std::process::Command;
use tempfile::TempDir;

/// Where requests come from that count for nothing.
const ANYWHERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

pub(super) struct Guarded {
    doorward: Doorward,
    service: StandIn,
    _folder: TempDir,
}

/// The same behind a proxy.
pub(super) struct Behind<'g> {
    guarded: &'g Guarded,
    pub(super) kind: Kind,
    proxy: Proxy,
}

/// What came of a request.
#[derive(Debug)]
pub(super) struct Outcome {
    /// `None` where the proxy said nothing, or nothing that is HTTP/1.1.
    pub(super) answer: Option<Answer>,
    /// What reached the service.
    pub(super) taken: Vec<Taken>,
}

impl Guarded {
    pub(super) fn start(routes: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let configuration = format!(
            "[listen]\naddresses = [\"127.0.0.1:0\"]\n[node]\nregion = \"in21\"\n\
             [verify]\naskers = [\"127.0.0.1/32\"]\nroutes = {routes:?}\n"
        );
        std::fs::write(folder.path().join("doorward.toml"), &configuration).unwrap();
        let mut init = Command::new(env!("CARGO_BIN_EXE_doorward"));
        let made = init.current_dir(folder.path()).env_clear().arg("init").output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let doorward = Doorward::serve(folder.path(), &configuration);
        Self { doorward, service: StandIn::service(), _folder: folder }
    }

    pub(super) fn behind(&self, kind: Kind) -> Behind<'_> {
        let proxy = kind.start(self.doorward.address, self.service.address);
        // What was tried to see whether it listens.
        drop(self.service.taken());
        Behind { guarded: self, kind, proxy }
    }

    /// Asks Doorward itself, as a proxy does for a client of this address.
    pub(super) fn question(&self, host: &str, path: &str, client: &str) -> Ask {
        Ask::get(&self.doorward.address.to_string(), "/verify/forward-auth")
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Proto", "http")
            .header("X-Forwarded-Host", host)
            .header("X-Forwarded-Uri", path)
            .header("X-Forwarded-For", client)
    }

    pub(super) fn ask(&self, question: &Ask) -> Answer {
        self.doorward.send(question)
    }
}

impl Behind<'_> {
    pub(super) fn send(&self, bytes: &[u8]) -> Outcome {
        self.send_from(ANYWHERE, bytes)
    }

    pub(super) fn send_from(&self, source: Ipv4Addr, bytes: &[u8]) -> Outcome {
        let answer = exchange_from(source, self.proxy.address, bytes).ok();
        Outcome { answer, taken: self.guarded.service.taken() }
    }
}

impl Outcome {
    pub(super) fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }

    /// Nobody was reached, and the client was not told that all is well.
    pub(super) fn is_refused(&self) -> bool {
        self.taken.is_empty() && self.status().is_none_or(|status| (400..600).contains(&status))
    }
}
