//! The demo: the whole server on an embedded database with a fixture to try, on loopback only.
//!
//! `fixture.rs` says what there is, `secrets.rs` makes what must be secret, `document.rs` is `demo.json`,
//! `welcome.rs` what the terminal shows. Black-box checks start from this fixture, so it stays as it is.

mod document;
mod fixture;
mod secrets;
mod welcome;

use crate::cli::{self, Failure};
use crate::config::{self, Config, Environment};
use crate::serve::{Server, Sockets};
use crate::wiring::{Purpose, Wired};
use doorward_crypto::Random;
use doorward_gate::Route;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Runs the demo until Ctrl-C; `routes` come before its own.
pub(crate) async fn run(
    listen: SocketAddr,
    data: Option<PathBuf>,
    routes: Vec<Route>,
) -> Result<(), Failure> {
    let data = Data::open(data)?;
    let mut config = configuration(listen, data.path())?;
    config.verify.routes.splice(..0, routes);
    cli::init::make_keys(&config)?;
    let sockets = Sockets::bind(&config).await?;
    let address = sockets.addresses().first().copied().unwrap_or(listen);
    // Only now is port 0 a real one, and links in mails print it.
    config.house.public_url = format!("http://{address}");
    let wired = Wired::open(&config, Purpose::Demo).await?;
    if wired.core.made_by() != "demo" {
        return Err(Failure::new(
            "This database was not made by `doorward demo`, so the demo leaves it alone.",
        )
        .hint("Give --data another directory, or use `doorward serve`."));
    }
    let document = fixture::prepare(&wired.core, address, &data.path().join("demo.json")).await?;
    // Before the welcome says that Ctrl-C ends it: from here on signals are caught.
    let server = Server::new(wired, sockets, &config)?;
    cli::print(&welcome::text(&document, &data))?;
    server.run(&config, None).await
}

/// Where the demo keeps its data; a temporary directory goes with the process.
struct Data {
    path: PathBuf,
    is_temporary: bool,
}

impl Data {
    fn open(chosen: Option<PathBuf>) -> Result<Self, Failure> {
        let is_temporary = chosen.is_none();
        let path = match chosen {
            Some(path) => path,
            None => temporary()?,
        };
        let failed = |error| Failure::new(format!("{} cannot be used: {error}.", path.display()));
        std::fs::create_dir_all(&path).map_err(failed)?;
        Ok(Self { path, is_temporary })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let removed = if self.is_temporary { std::fs::remove_dir_all(&self.path) } else { Ok(()) };
        if let Err(error) = removed {
            tracing::warn!(%error, "the temporary directory stays behind");
        }
    }
}

fn temporary() -> Result<PathBuf, Failure> {
    let name: [u8; 8] = Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))?;
    Ok(std::env::temp_dir().join(format!("doorward-demo-{}", doorward_crypto::hex(&name))))
}

/// The demo is an ordinary configuration: what it does differently is written here.
fn configuration(listen: SocketAddr, data: &Path) -> Result<Config, Failure> {
    let pairs = [
        ("DOORWARD_NODE__DATA_DIR", data.display().to_string()),
        ("DOORWARD_NODE__REGION", "in21".to_owned()),
        ("DOORWARD_LISTEN__ADDRESSES", listen.to_string()),
        ("DOORWARD_HOUSE__HOSTS", format!("localhost,127.0.0.1,{}", listen.ip())),
        ("DOORWARD_HOUSE__PUBLIC_URL", format!("http://{listen}")),
        ("DOORWARD_VERIFY__ASKERS", "127.0.0.0/8,::1/128".to_owned()),
        ("DOORWARD_VERIFY__ROUTES", "doors".to_owned()),
        ("DOORWARD_VERIFY__PRESETS", "remote,x-auth-request,x-forwarded".to_owned()),
    ];
    let environment = Environment::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())));
    Ok(config::parse("the demo", "", &environment)?.config)
}
