//! SIGHUP: what is read again while the server runs, and what a broken file does not change.

use super::{CONFIGURATION, Site};
use crate::process::{Ask, Doorward};
use doorward_testkit::{Names, location_database};
use rustix::process::Signal;

const MAIL: &str =
    "[mail]\ntemplates_dir = \"mail\"\n[mail.smtp]\nhost = \"localhost\"\nfrom = \"us@crm.test\"\n";

/// A site whose mail templates come from a folder, being served.
fn served() -> (Site, Doorward) {
    let site = Site::new();
    std::fs::create_dir(site.path("mail")).unwrap();
    let server = site.serve_with(MAIL);
    (site, server)
}

#[test]
fn a_hangup_reads_everything_again() {
    let (_site, server) = served();
    server.signal(Signal::HUP);
    server.hear("the log level was read again");
    server.hear("the set of mail templates was read again");
    server.hear("the list of doors was read again");
}

#[test]
fn a_hangup_changes_the_log_level() {
    let (site, mut server) = served();
    let whisper = "[log]\nlevel = \"error,doorward_server=info\"\n";
    site.write("doorward.toml", &format!("{CONFIGURATION}{MAIL}{whisper}"));
    server.send(&Ask::get("localhost", "/before"));
    server.signal(Signal::HUP);
    server.hear("the list of doors was read again");
    server.send(&Ask::get("localhost", "/after"));
    let log = server.stop();
    assert!(log.contains("/before") && !log.contains("/after"), "{log}");
}

#[test]
fn a_broken_file_changes_nothing() {
    let (site, server) = served();
    site.write("mail/reset.txt", "{{ unfinished");
    server.signal(Signal::HUP);
    let refusal = server.hear("the new set of mail templates is not used");
    assert!(refusal.contains("reset.txt:1"), "{refusal}");
    server.hear("the list of doors was read again");

    site.write("doorward.toml", "[log]\nlevel = 7\n");
    server.signal(Signal::HUP);
    let refusal = server.hear("the new configuration is not used");
    assert!(refusal.contains("doorward.toml:2"), "{refusal}");
    server.hear("the list of doors was read again");
    assert_eq!(server.send(&Ask::get("localhost", "/")).status, 404);
}

#[test]
fn a_hangup_reads_the_certificate_again() {
    let site = Site::new();
    let renew = || {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        site.write("chain.pem", &made.cert.pem());
        site.write("key.pem", &made.signing_key.serialize_pem());
    };
    renew();
    let server = site.serve_with("[listen.tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"\n");
    renew();
    server.signal(Signal::HUP);
    server.hear("the certificate was read again");
    site.write("key.pem", "no key");
    server.signal(Signal::HUP);
    server.hear("the new certificate is not used; the old one stays");
}

#[test]
fn a_hangup_reads_the_location_database_again() {
    let site = Site::new();
    let (city, country): (Names<'_>, Names<'_>) = (&[("en", "Lyon")], &[("en", "France")]);
    let database = location_database(&[("203.0.113.0/24", city, country)]);
    std::fs::write(site.path("city.mmdb"), &database).unwrap();
    let server = site.serve_with("[places]\ndatabase = \"city.mmdb\"\n");
    server.signal(Signal::HUP);
    server.hear("the location database was read again");
    site.write("city.mmdb", "half a download");
    server.signal(Signal::HUP);
    let refusal = server.hear("the new location database is not used; the old one stays");
    assert!(refusal.contains("city.mmdb is no location database"), "{refusal}");
}
