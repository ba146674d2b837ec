//! Where the server is and how it is spoken to: the database URL, read.
//!
//! The driver reads what it knows. TLS is ours: it is on and checked unless the URL says otherwise, and no mode falls
//! back to plain text by itself.

use super::tls::{Tls, Trust};
use crate::OpenError;
use percent_encoding::percent_decode_str;
use std::{path::PathBuf, time::Duration};
use tokio_postgres::config::{Config, Host, SslMode};

/// The keep-alive of idle connections: a dead peer or a forgetful firewall is noticed within a minute.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// How long sent data may stay unacknowledged before the connection counts as cut.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// What each of several hosts has at least, however many they are: a handshake over a slow network.
const LEAST_PATIENCE: Duration = Duration::from_millis(500);

/// One server or several, of which the first that is a primary is used.
#[derive(Clone)]
pub(super) struct Address {
    /// In the URL's order.
    pub(super) servers: Vec<Server>,
    /// Hosts and database, for logs and operators; no user and no password.
    pub(super) name: String,
}

/// One of them.
#[derive(Clone)]
pub(super) struct Server {
    /// How long connecting to it may take.
    pub(super) patience: Duration,
    pub(super) config: Config,
    pub(super) tls: Tls,
}

/// What the URL says about TLS, and the driver does not know.
#[derive(Default)]
struct Ssl {
    mode: Option<String>,
    root: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Address {
    /// Reads a URL, and the certificates it names.
    pub(super) fn read(url: &str, patience: Duration) -> Result<Self, OpenError> {
        if !(url.starts_with("postgresql://") || url.starts_with("postgres://")) {
            return Err(refused("it must begin with postgresql://"));
        }
        refuse_torn(url)?;
        let (plain, ssl) = split(url)?;
        // The driver's errors name parameters and never their values.
        let whole: Config = plain.parse().map_err(|error| refused(&describe(&error)))?;
        if !whole.get_hostaddrs().is_empty() {
            return Err(refused("hostaddr is not supported: write the address as the host"));
        }
        if whole.get_hosts().is_empty() {
            return Err(refused("it names no host"));
        }
        let Some(database) = whole.get_dbname() else {
            return Err(refused("it names no database"));
        };
        let over_network = ssl.tls()?;
        // A host that does not answer leaves time for the next.
        let hosts = u32::try_from(whole.get_hosts().len()).unwrap_or(u32::MAX);
        let share = (patience / hosts.max(1)).max(LEAST_PATIENCE.min(patience));
        let mut servers = Vec::new();
        let mut names = Vec::new();
        for (index, host) in whole.get_hosts().iter().enumerate() {
            let ports = whole.get_ports();
            let port = ports.get(index).or_else(|| ports.first()).copied().unwrap_or(5432);
            let mut config = alone(&whole, share);
            config.port(port);
            let tls = match host {
                Host::Tcp(name) => {
                    config.host(name);
                    names.push(format!("{name}:{port}"));
                    over_network.clone()
                }
                Host::Unix(path) => {
                    config.host_path(path);
                    names.push(path.display().to_string());
                    Tls::off()
                }
            };
            config.ssl_mode(if tls.is_off() { SslMode::Disable } else { SslMode::Require });
            servers.push(Server { patience: share, config, tls });
        }
        Ok(Self { servers, name: format!("{}/{database}", names.join(",")) })
    }
}

/// Refuses what reads as if a password were cut in two, because the second half would count as a host, a database or a
/// parameter, and their names are shown.
fn refuse_torn(url: &str) -> Result<(), OpenError> {
    let (head, query) = url.split_once('?').unwrap_or((url, ""));
    if head.matches('@').count() > 1 || query.contains('@') {
        return Err(refused(
            "in user and password, write what is neither letter nor digit as % and two hex digits (@ is %40, ? is %3F)",
        ));
    }
    Ok(())
}

/// The settings all hosts share.
fn alone(whole: &Config, patience: Duration) -> Config {
    let mut config = Config::new();
    if let Some(user) = whole.get_user() {
        config.user(user);
    }
    if let Some(password) = whole.get_password() {
        config.password(password);
    }
    if let Some(database) = whole.get_dbname() {
        config.dbname(database);
    }
    if let Some(options) = whole.get_options() {
        config.options(options);
    }
    config
        .application_name(whole.get_application_name().unwrap_or("doorward"))
        .connect_timeout(patience)
        .tcp_user_timeout(whole.get_tcp_user_timeout().copied().unwrap_or(UNACKNOWLEDGED))
        .keepalives_idle(KEEPALIVE_IDLE)
        .channel_binding(whole.get_channel_binding());
    config
}

/// Takes out of a URL what is said about TLS.
fn split(url: &str) -> Result<(String, Ssl), OpenError> {
    let mut ssl = Ssl::default();
    let Some((head, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), ssl));
    };
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text =
            percent_decode_str(value).decode_utf8().map_err(|_| refused("it is not UTF-8"))?.into_owned();
        match name {
            "sslmode" => ssl.mode = Some(text),
            "sslrootcert" => ssl.root = Some(PathBuf::from(text)),
            "sslcert" => ssl.certificate = Some(PathBuf::from(text)),
            "sslkey" => ssl.key = Some(PathBuf::from(text)),
            "target_session_attrs" => {
                return Err(refused(
                    "target_session_attrs is not supported: Doorward always asks for the primary",
                ));
            }
            // The driver takes a list of directories for one.
            "host" => rest.extend(value.split(',').map(|host| format!("host={host}"))),
            _ => rest.push(pair.to_owned()),
        }
    }
    let plain = if rest.is_empty() { head.to_owned() } else { format!("{head}?{}", rest.join("&")) };
    Ok((plain, ssl))
}

impl Ssl {
    fn tls(&self) -> Result<Tls, OpenError> {
        let root = self.root.as_deref();
        let trust = match self.mode.as_deref() {
            Some("disable") => return Ok(Tls::off()),
            None | Some("verify-full") => Trust::Named,
            Some("verify-ca") => Trust::Issuer,
            // As in libpq: who hands over a root wants it used.
            Some("require") if root.is_some() => Trust::Issuer,
            Some("require") => Trust::Anybody,
            Some(mode @ ("prefer" | "allow")) => {
                return Err(refused(&format!(
                    "sslmode={mode} may silently go without TLS: use verify-full, verify-ca, require or disable"
                )));
            }
            Some(_) => {
                return Err(refused(
                    "this sslmode is unknown: use verify-full, verify-ca, require or disable",
                ));
            }
        };
        let own = match (self.certificate.as_deref(), self.key.as_deref()) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(refused("sslcert and sslkey belong together"));
            }
        };
        Tls::on(trust, root, own).map_err(|reason| refused(&reason))
    }
}

pub(super) fn refused(reason: &str) -> OpenError {
    OpenError::DatabaseUrl { reason: reason.to_owned() }
}

/// An error with what caused it: the driver's own text is often only "invalid configuration".
pub(super) fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, String> {
        Address::read(url, Duration::from_secs(1)).map_err(|error| error.to_string())
    }

    #[test]
    fn tls_is_on_and_checked_unless_the_url_says_otherwise() {
        for (url, is_off) in [
            ("postgresql://me@db.example/doorward", false),
            ("postgresql://me@db.example/doorward?sslmode=verify-full", false),
            ("postgresql://me@db.example/doorward?sslmode=require", false),
            ("postgresql://me@db.example/doorward?sslmode=disable", true),
            ("postgresql:///doorward?host=/var/run/postgresql&user=me", true),
        ] {
            let address = read(url).unwrap();
            assert_eq!(address.servers[0].tls.is_off(), is_off, "{url}");
            let mode = if is_off { SslMode::Disable } else { SslMode::Require };
            assert_eq!(address.servers[0].config.get_ssl_mode(), mode, "{url}");
        }
        for mode in ["prefer", "allow", "maybe"] {
            assert!(read(&format!("postgresql://me@db.example/doorward?sslmode={mode}")).is_err(), "{mode}");
        }
    }

    #[test]
    fn every_host_keeps_its_port_and_its_place() {
        let address = read("postgresql://me@one.example:5433,two.example:5434/doorward").unwrap();
        assert_eq!(address.name, "one.example:5433,two.example:5434/doorward");
        let ports: Vec<_> = address.servers.iter().map(|server| server.config.get_ports().to_vec()).collect();
        assert_eq!(ports, [[5433], [5434]]);
        let sockets = read("postgresql:///doorward?host=/one,/two&user=me").unwrap();
        assert_eq!((sockets.name.as_str(), sockets.servers.len()), ("/one,/two/doorward", 2));
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_its_password() {
        for (url, why) in [
            ("mysql://me:canary@db.example/doorward", "postgresql://"),
            ("postgresql://me:canary@db.example", "no database"),
            ("postgresql:///doorward?password=canary", "no host"),
            ("postgresql://me:canary@db.example/doorward?colour=canary", "colour"),
            ("postgresql://me:canary@db.example/doorward?sslcert=/tmp/canary", "belong together"),
            ("postgresql://me:canary@db.example/doorward?target_session_attrs=any", "primary"),
            ("postgresql://me:canary@db.example/doorward?sslrootcert=/nowhere.pem", "/nowhere.pem"),
            ("postgresql://me:can@canary@db.example/doorward", "%40"),
            ("postgresql://me:can@/canary@db.example/doorward", "%40"),
            ("postgresql://me:can?canary@db.example/doorward", "%3F"),
            ("postgresql://me:canary", "invalid"),
        ] {
            let reason = read(url).err().unwrap();
            assert!(reason.contains(why), "{reason}");
            assert!(!reason.contains("canary"), "{reason}");
        }
    }

    #[test]
    fn the_name_shows_neither_user_nor_password() {
        let address = read("postgresql://me:canary@db.example/doorward?sslmode=disable").unwrap();
        assert_eq!(address.name, "db.example:5432/doorward");
    }
}
