//! Nodes on a PostgreSQL server: real processes, each with a folder of its own, over one database.

mod commands;
mod failures;
mod moving;
mod nodes;
mod restored;
mod watched;

use super::{CRM, HOUSE, OWNER, Site, sign_in};
use crate::process::{Ask, Doorward};
use doorward_testkit_postgres::{Database, Shared, is_skipped};
use std::fs;

/// A database and the first node that uses it.
struct Installation {
    node: Site,
    database: Database,
}

impl Installation {
    /// After `init` and `apply`; `None` where PostgreSQL is left out.
    fn new() -> Option<Self> {
        let bare = Self::bare()?;
        bare.node.done(&["init"]);
        bare.node.apply(HOUSE);
        Some(bare)
    }

    /// Nothing but an empty database and a configuration that names it.
    fn bare() -> Option<Self> {
        if is_skipped() {
            return None;
        }
        let database = Shared::server().empty_database();
        Some(Self { node: Site::bare_with(&sections(&database.url())), database })
    }

    /// A second node, on a machine of its own as far as it can tell, that has the keys of the first.
    fn another_node(&self) -> Site {
        let other = Site::bare_with(&sections(&self.database.url()));
        fs::create_dir(other.path("doorward-data")).unwrap();
        let keys = "doorward-data/doorward.keys";
        fs::copy(self.node.path(keys), other.path(keys)).unwrap();
        other
    }
}

/// What a node's configuration says about this database; whoever is on this machine may ask who is calling.
fn sections(url: &str) -> String {
    format!("[verify]\naskers = [\"127.0.0.0/8\"]\nroutes = [\"doors\"]\n[store.postgres]\nurl = \"{url}\"\n")
}

/// Whether the door lets a cookie in.
fn is_signed_in(server: &Doorward, cookie: &str) -> bool {
    let answer = server.send(&Ask::get(CRM, "/api/users").header("cookie", cookie));
    assert!(matches!(answer.status, 200 | 401), "{}", answer.text());
    answer.status == 200
}

/// Whether a service behind a proxy would be let in with a cookie.
fn is_verified(server: &Doorward, cookie: &str) -> bool {
    let asked = Ask::get("localhost", "/verify/forward-auth")
        .header("x-forwarded-method", "GET")
        .header("x-forwarded-proto", "http")
        .header("x-forwarded-host", CRM)
        .header("x-forwarded-uri", "/reports")
        .header("cookie", cookie);
    let answer = server.send(&asked);
    assert!(matches!(answer.status, 200 | 401), "{}", answer.text());
    answer.status == 200
}
