//! Starting and stopping: what the server waits for, what it says, and what ends it.

use super::{CONFIGURATION, Site};
use crate::process::{Ask, Demo};
use rustix::process::Signal;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_server_waits_a_moment_for_a_command_that_has_the_database() {
    let site = Site::new();
    let lock = File::open(site.path("doorward-data/doorward.db.lock")).unwrap();
    lock.lock().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    command.current_dir(site.path(".")).env_clear().arg("serve").stderr(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let waits = lines.find(|line| line.contains("the database is in use; waiting a moment"));
    drop(lock);
    let listens = lines.find(|line| line.contains("listening"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(waits.is_some() && listens.is_some());
}

#[test]
fn without_a_mail_server_it_says_that_mails_wait_and_for_how_long() {
    let site = Site::new();
    let server = site.serve();
    site.done(&["tenant", "create", "harbour"]);
    site.done(&["person", "invite", "harbour", "ana@harbour.example"]);
    let told = server.wait_for_figure("doorward_mail_oldest_seconds", 1);
    assert!(told >= 1);
    assert!({ server }.stop().contains("no mail server is configured"));
}

#[test]
fn two_addresses_of_its_own_that_collide_are_not_another_program() {
    let site = Site::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let twice = format!("addresses = [\"{free}\", \"{free}\"]");
    site.write("doorward.toml", &CONFIGURATION.replace("addresses = [\"127.0.0.1:0\"]", &twice));
    let refusal = site.refused(&["serve"]);
    assert!(refusal.contains(&format!("{free} and {free} cannot both be listened on")), "{refusal}");
    assert!(refusal.contains("hint: name one of them in listen.addresses"), "{refusal}");
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap();
    let taken = CONFIGURATION.replace("addresses = [\"127.0.0.1:0\"]", &format!("addresses = [\"{taken}\"]"));
    site.write("doorward.toml", &taken);
    let refusal = site.refused(&["serve"]);
    assert!(
        refusal.contains("hint: stop that program, or choose another port in listen.addresses"),
        "{refusal}"
    );
}

#[test]
fn without_assertions_there_is_no_key_to_publish() {
    let site = Site::new();
    let keys = Ask::get("localhost", "/.well-known/jwks.json");
    for (assertions, status) in [(true, 200), (false, 404)] {
        let server = site.serve_with(&format!("[verify]\nassertions = {assertions}\n"));
        assert_eq!(server.send(&keys).status, status, "{assertions}");
    }
}

#[test]
fn the_demo_answers_at_whichever_loopback_address_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["127.0.0.2:0", "[::1]:0"] {
        let data = folder.path().join(address.replace(':', "-"));
        let demo = Demo::start_at(address, &data, &[]).unwrap();
        let host = demo.doorward.address.ip();
        let host = if host.is_ipv6() { format!("[{host}]") } else { host.to_string() };
        assert_eq!(demo.send(&Ask::get(&host, "/demo/mail")).status, 200, "{address}");
    }
}

#[test]
fn the_demo_ends_with_its_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Demo::start_in(folder.path(), &["--log", "info"]).unwrap();
    demo.doorward.signal(Signal::HUP);
    assert!(demo.doorward.ended().contains("stopping"));
}

#[test]
fn the_demo_makes_no_keys_for_a_database_that_lost_its_own() {
    let site = Site::new();
    let data = site.path("doorward-data");
    std::fs::remove_file(data.join("doorward.keys")).unwrap();
    let refusal = Demo::start_in(&data, &[]).map(drop).unwrap_err();
    assert!(refusal.contains("Put the key file back"), "{refusal}");
    assert!(!data.join("doorward.keys").exists());
}

#[test]
fn a_location_database_that_is_none_is_told_with_what_to_do_and_keeps_nobody_out() {
    let site = Site::new();
    site.write("city.csv", "network,city");
    for (file, fault) in
        [("gone.mmdb", "cannot be read"), ("city.csv", "is no location database in the MaxMind DB format")]
    {
        site.write("doorward.toml", &format!("{CONFIGURATION}[places]\ndatabase = \"{file}\"\n"));
        let told = format!("[places] database: {file} {fault}");
        let refusal = site.refused(&["config", "check"]);
        assert!(refusal.contains(&told), "{refusal}");
        assert!(refusal.contains("Name a file like GeoLite2-City.mmdb"), "{refusal}");
        let mut server = site.serve_with(&format!("[places]\ndatabase = \"{file}\"\n"));
        assert_eq!(server.send(&Ask::get("127.0.0.1", "/metrics")).status, 200);
        let log = server.stop();
        assert!(log.lines().any(|line| line.contains("ERROR") && line.contains(&told)), "{log}");
    }
}
