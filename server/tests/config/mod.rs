//! Reading a configuration: what is accepted, what is refused and in which words.

mod cell;
mod store;

use doorward_server::config::{
    ByteSize, Config, ConfigError, Environment, Loaded, LogFormat, Origin, Place, example, load, parse, show,
};
use doorward_server::mail::SmtpTls;
use std::time::Duration;

fn read(text: &str) -> Result<Loaded, ConfigError> {
    parse("doorward.toml", text, &Environment::default())
}

fn read_with(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    parse("doorward.toml", text, &Environment::from_pairs(variables.iter().copied()))
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// Sections of which one may be used: the example shows them all.
const ALTERNATIVES: [&str; 2] = ["store.sqlite", "store.postgres"];

/// The example with every key switched on; of a secret and its file only the secret, of alternatives only this one.
fn example_in_full(alternative: &str) -> String {
    let is_doc = |line: &str| line.starts_with("# ") || line == "#";
    let mut is_left_out = false;
    let mut text = String::new();
    for line in example().lines().filter(|line| !is_doc(line) && !line.contains("_file = ")) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_left_out = name != alternative && ALTERNATIVES.contains(&name);
        }
        if !is_left_out {
            text.push_str(&format!("{}\n", line.trim_start_matches('#')));
        }
    }
    text
}

/// The names of the fields of the structs, as `Debug` prints them; those inside foreign types are not ours to explain.
fn fields(config: &Config) -> Vec<String> {
    let printed = format!("{config:#?}");
    let mut names = Vec::new();
    let mut foreign_indent = None;
    for line in printed.lines() {
        let indent = line.len() - line.trim_start().len();
        if foreign_indent.is_some_and(|foreign| indent > foreign) {
            continue;
        }
        foreign_indent = (line.ends_with("Url {") || line.ends_with("Mailbox {")).then_some(indent);
        names.extend(line.trim().split_once(": ").map(|(name, _)| name.to_owned()));
    }
    names
}

#[test]
fn the_example_is_accepted_as_printed_and_changes_nothing() {
    let loaded = read(&example()).unwrap();
    assert!(loaded.entries.iter().all(|entry| entry.origin == Origin::Default));
    assert_eq!(format!("{:?}", loaded.config), format!("{:?}", read("").unwrap().config));
}

#[test]
fn the_example_is_accepted_with_every_key_switched_on() {
    for alternative in ALTERNATIVES {
        let loaded = read(&example_in_full(alternative)).unwrap();
        let is_other = |name: &str| name != alternative && ALTERNATIVES.contains(&name);
        let defaults = loaded.entries.iter().filter(|entry| entry.origin == Origin::Default);
        let left: Vec<String> = defaults
            .filter(|entry| !entry.key.ends_with("_file") && !is_other(entry.section))
            .map(|entry| entry.name())
            .collect();
        assert_eq!(left, Vec::<String>::new(), "{alternative}");
    }
}

#[test]
fn every_key_of_the_structs_is_in_the_example() {
    let text = example();
    for alternative in ALTERNATIVES {
        let config = read(&example_in_full(alternative)).unwrap().config;
        let all = fields(&config);
        assert!(all.len() > 40, "the structs were not understood: {all:?}");
        for field in &all {
            let is_key = text.contains(&format!("#{field} = "));
            let is_section = text.contains(&format!("[{field}]"))
                || text.contains(&format!(".{field}]"))
                || text.contains(&format!("[{field}."));
            assert!(is_key || is_section, "`{field}` is not in the example");
        }
    }
}

#[test]
fn an_unknown_key_is_an_error_with_place_and_suggestion() {
    assert_eq!(
        refused("[mail.smtp]\nhost = \"smtp.example\"\nfrom = \"a@b.example\"\n  prot = 25\n"),
        "doorward.toml:4:3: mail.smtp.prot: unknown key; did you mean port?"
    );
    assert_eq!(
        refused("[hashng]\npasses = 3\n"),
        "doorward.toml:1:2: hashng: unknown section; did you mean hashing?"
    );
    assert_eq!(
        refused("[node]\nreaders = 3\n"),
        "doorward.toml:2:1: node.readers: unknown key; did you mean store.sqlite.readers?"
    );
    assert_eq!(
        refused("\"mail.templates_dir\" = \"x\"\n"),
        "doorward.toml:1:1: \"mail.templates_dir\": unknown key; `doorward config example` prints all there are"
    );
}

#[test]
fn a_wrong_value_says_what_was_expected_and_what_was_found() {
    let cases = [
        ("[log]\nformat = \"xml\"", "2:10: log.format: expected \"human\" or \"json\", found \"xml\""),
        ("[hashing]\npasses = \"2\"", "2:10: hashing.passes: expected a whole number, found \"2\""),
        (
            "[hashing]\nmemory_kib = 99999999999999999999",
            "2:14: hashing.memory_kib: expected a whole number, found a number that large",
        ),
        ("[limits]\nbody = \"2MiB\"", "2:8: limits.body: expected \"4KiB\" to \"512KiB\", found \"2MiB\""),
        (
            "[limits]\nstreams = 11",
            "2:11: limits.streams: one connection could hold 1096 KiB, 1024 at most: lower streams, body or header_bytes",
        ),
        (
            "[log]\nlevel = \"warning\"",
            "2:9: log.level: expected a level like \"info\", or \"info,doorward_core=debug\", found \"warning\"",
        ),
        (
            "[mail.smtp]\nhost = \"\"\nfrom = \"a@b.example\"",
            "2:8: mail.smtp.host: expected a text in quotes that is not empty, found \"\"",
        ),
        (
            "[limits]\nheader_timeout = 10",
            "2:18: limits.header_timeout: expected a duration like \"500ms\", \"30s\", \"5m\", \"24h\" or \"7d\", found 10",
        ),
        ("[listen]\naddresses = []", "2:13: listen.addresses: expected at least one address, found []"),
        (
            "[house]\npublic_url = \"ftp://x\"",
            "2:14: house.public_url: expected an address like \"https://id.example.com\", found \"ftp://x\"",
        ),
        (
            "[listen]\ntrusted_proxies = [\"10.0.0.0/8\", 7]",
            "2:19: listen.trusted_proxies: expected a list, each item a network like \"10.0.0.0/8\" or an address, found [\"10.0.0.0/8\", 7]",
        ),
        ("mail = 3", "1:1: mail: expected a section, found 3"),
        ("[log.level]\nx = 1", "1:6: log.level: expected a value, found a table"),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(text), format!("doorward.toml:{expected}"), "{text}");
    }
}

#[test]
fn every_mistake_is_reported_in_one_run() {
    let error = read("[log]\nformat = 1\nlevl = \"info\"\n[hashing]\nwaiting = 0\n").unwrap_err();
    let lines: Vec<&Place> = error.problems.iter().map(|problem| &problem.place).collect();
    assert_eq!(lines.len(), 3, "{error}");
    assert!(matches!(lines[0], Place::Line { line: 2, column: 10, .. }), "{error}");
}

#[test]
fn broken_syntax_names_line_and_column() {
    let message = refused("[node]\ndata_dir = \"unfinished\nregion = \"eu1\"\n");
    assert!(message.starts_with("doorward.toml:2:"), "{message}");
}

#[test]
fn keys_that_belong_together_are_asked_for_together() {
    assert!(refused("[mail.smtp]\nport = 25").contains("mail.smtp.host: is missing"));
    assert!(refused("[listen.tls]\nkey = \"k.pem\"").contains("listen.tls.certificate: is missing"));
    assert!(refused("[hashing]\nmemory_kib = 8192\npasses = 2").contains("OWASP"));
}

#[test]
fn plain_http_beyond_this_machine_must_be_asked_for() {
    let open = "[listen]\naddresses = [\"0.0.0.0:8080\"]\n";
    assert!(refused(open).contains("plain HTTP beyond this machine"));
    assert!(read(&format!("{open}allow_plain_http = true")).is_ok());
    assert!(read(&format!("{open}trusted_proxies = [\"10.1.2.3\"]")).is_ok());
}

#[test]
fn an_identity_header_may_have_another_name_that_means_nothing_else() {
    let named = |line: &str| format!("[verify.names]\n{line}\n");
    let loaded = read(&named("remote-user = \"X-User\"")).unwrap();
    assert!(show(&loaded).contains("remote-user = \"x-user\"  # doorward.toml:2:15\n"), "{}", show(&loaded));
    let by_variable = read_with("", &[("DOORWARD_VERIFY__NAMES__REMOTE_USER", "x-user")]).unwrap();
    assert_eq!(format!("{:?}", by_variable.config.verify), format!("{:?}", loaded.config.verify));
    for (line, expected) in [
        ("remote-usr = \"x-user\"", "2:1: verify.names.remote-usr: unknown key; did you mean remote-user?"),
        (
            "remote-user = \"x user\"",
            "2:15: verify.names.remote-user: expected a header's name like \"x-user\", found \"x user\"",
        ),
        ("remote-user = \"Host\"", "2:15: verify.names.remote-user: host means something to HTTP itself"),
        (
            "remote-user = \"connection\"",
            "2:15: verify.names.remote-user: connection means something to HTTP itself",
        ),
        (
            "remote-user = \"x-doorward-reason\"",
            "2:15: verify.names.remote-user: x-doorward-reason already means something else to Doorward or its proxies",
        ),
        (
            "remote-user = \"x-user\"\nremote-email = \"x-user\"",
            "2:15: verify.names.remote-user: another header is called x-user already\n\
             doorward.toml:3:16: verify.names.remote-email: another header is called x-user already",
        ),
    ] {
        assert_eq!(refused(&named(line)), format!("doorward.toml:{expected}"), "{line}");
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let file = "[mail.smtp]\nhost = \"file.example\"\nport = 25\nfrom = \"a@b.example\"\n[log]\nformat = \"human\"\n";
    let variables = [
        ("DOORWARD_MAIL__SMTP__HOST", "variable.example"),
        ("DOORWARD_MAIL__SMTP__TLS", "tls"),
        ("DOORWARD_LISTEN__ADDRESSES", "127.0.0.1:1, [::1]:2"),
        ("DOORWARD_LIMITS__BODY", "32KiB"),
        ("DOORWARD_LIMITS__HEADER_TIMEOUT", "5s"),
        ("DOORWARD_METRICS__ENABLED", "false"),
        ("DOORWARD_LOG__FORMAT", "json"),
    ];
    let config = read_with(file, &variables).unwrap().config;
    let smtp = config.mail.smtp.unwrap();
    assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls), ("variable.example", 25, SmtpTls::Tls));
    assert_eq!(config.listen.addresses.len(), 2);
    assert_eq!(config.limits.body, ByteSize::kib(32));
    assert_eq!(config.limits.header_timeout, Duration::from_secs(5));
    assert!(!config.metrics.enabled);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn a_variable_without_a_key_is_an_error_but_a_container_platforms_is_not() {
    let error = read_with("", &[("DOORWARD_LOG__LEVLE", "info")]).unwrap_err().to_string();
    assert_eq!(
        error,
        "environment DOORWARD_LOG__LEVLE: no key has this name; did you mean DOORWARD_LOG__LEVEL?"
    );
    assert!(read_with("", &[("DOORWARD_PORT_8080_TCP", "tcp://10.0.0.1:8080")]).is_ok());
    let error = read_with("", &[("DOORWARD_LOG_LEVEL", "debug")]).unwrap_err().to_string();
    assert_eq!(
        error,
        "environment DOORWARD_LOG_LEVEL: no key has this name; did you mean DOORWARD_LOG__LEVEL?"
    );
    let error = read_with("", &[("DOORWARD_LOG__FORMAT", "xml")]).unwrap_err().to_string();
    assert_eq!(
        error,
        "environment DOORWARD_LOG__FORMAT: log.format: expected \"human\" or \"json\", found \"xml\""
    );
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pepper");
    std::fs::write(&path, "from the file\n").unwrap();
    let path = path.to_str().unwrap();

    let in_toml = read(&format!("[hashing]\npepper_file = {path:?}")).unwrap().config;
    assert_eq!(in_toml.hashing.pepper.unwrap().expose(), "from the file");

    let variables = [("DOORWARD_HASHING__PEPPER_FILE", path)];
    let by_variable = read_with("[hashing]\npepper = \"older\"", &variables).unwrap().config;
    assert_eq!(by_variable.hashing.pepper.unwrap().expose(), "from the file");

    let variables = [("DOORWARD_HASHING__PEPPER", "newer")];
    let over_file = read_with(&format!("[hashing]\npepper_file = {path:?}"), &variables).unwrap().config;
    assert_eq!(over_file.hashing.pepper.unwrap().expose(), "newer");

    assert!(refused(&format!("[hashing]\npepper = \"x\"\npepper_file = {path:?}")).contains("not both"));
    assert!(refused("[hashing]\npepper_file = \"/nowhere/at/all\"").contains("cannot be read"));
}

#[test]
fn no_secret_is_printed() {
    let text = "[hashing]\npepper = \"canary-1\"\n[mail.smtp]\nhost = \"h\"\nfrom = \"a@b.example\"\nusername = \"u\"\npassword = \"canary-2\"\n";
    let loaded = read(text).unwrap();
    let printed = format!("{} {:?}", show(&loaded), loaded);
    assert!(!printed.contains("canary"), "{printed}");
    assert!(show(&loaded).contains("pepper = (hidden)"), "{}", show(&loaded));
    assert!(!refused("[hashing]\npepper = 424242").contains("424242"));
}

#[test]
fn show_names_the_origin_of_every_value() {
    let loaded = read_with("[log]\nlevel = \"debug\"", &[("DOORWARD_LOG__FORMAT", "json")]).unwrap();
    let shown = show(&loaded);
    assert!(shown.contains("format = \"json\"  # environment DOORWARD_LOG__FORMAT\n"), "{shown}");
    assert!(shown.contains("level = \"debug\"  # doorward.toml:2:9\n"), "{shown}");
    assert!(shown.contains("passes = 2  # default\n"), "{shown}");
    assert!(shown.contains("# region is not set\n"), "{shown}");
}

#[test]
fn paths_follow_data_dir_unless_set() {
    let config = read("[node]\ndata_dir = \"/srv/doorward\"\n[admin]\nsocket = \"/run/doorward.sock\"")
        .unwrap()
        .config;
    assert_eq!(config.store.sqlite.path, std::path::Path::new("/srv/doorward/doorward.db"));
    assert_eq!(config.keys.file, std::path::Path::new("/srv/doorward/doorward.keys"));
    assert_eq!(config.admin.socket, std::path::Path::new("/run/doorward.sock"));
}

#[test]
fn a_file_that_was_named_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing.toml");
    let error = load(Some(&path), &Environment::default()).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: the file cannot be read", path.display())), "{error}");
    let environment = Environment::from_pairs([("DOORWARD_CONFIG", path.to_str().unwrap())]);
    assert!(load(None, &environment).is_err());
}

#[test]
fn links_in_mails_lead_to_a_host_that_answers() {
    let lost = "links in mails would lead nowhere";
    assert!(refused("[house]\npublic_url = \"https://id.example\"").contains(lost));
    assert!(refused("[house]\nhosts = [\"id.example\"]").contains(lost), "the default leads to localhost");
    let right = "[house]\nhosts = [\"ID.example\"]\npublic_url = \"https://id.example:8443\"";
    assert_eq!(read(right).unwrap().config.house.hosts, ["id.example"]);
    assert!(refused("[house]\npublic_url = \"http://localhost/id\"").contains("without a path"));
}

#[test]
fn a_house_host_may_be_an_ipv6_address_as_requests_name_it() {
    for host in ["::1", "[::1]", "0:0::1"] {
        let file = format!("[house]\nhosts = [\"localhost\", {host:?}]");
        assert_eq!(read(&file).unwrap().config.house.hosts, ["localhost", "[::1]"], "{host}");
    }
    assert!(refused("[house]\nhosts = []").contains("expected hosts like"));
    assert!(refused("[house]\nhosts = [\"https://id.example\"]").contains("expected hosts like"));
}
