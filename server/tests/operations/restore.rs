//! Backups and restores: whole, checked, and nothing that was revoked since works again.

use super::{PASSWORD, Site, mode};
use crate::process::{Ask, Doorward};
use serde_json::{Value, json};
use std::fs;

const CRM: &str = "harbour.crm.test";
const LEADS: &str = "leads.test";

/// People and keys named after what becomes of them.
fn house() -> String {
    let mut file = r#"
[[region]]
code = "in21"
hosts = { api = "leads.test" }
[[tenant]]
slug = "harbour"
region = "in21"
[[tenant]]
slug = "harbour-gym"
parent = "harbour"
[[door]]
name = "crm"
host = "{slug}.crm.test"
base_url = "http://{slug}.crm.test"
dialect = "salesseek"
[[door]]
name = "leads"
host = "leads.test"
base_url = "http://leads.test"
dialect = "leadsquared"
region = "in21"
[[application]]
tenant = "harbour"
app_id = "service1"
name = "Service"
key = "none"
"#
    .to_owned();
    for name in ["stays", "disabled", "changed", "deleted", "demoted"] {
        file.push_str(&format!(
            "[[person]]\ntenant = \"harbour\"\nemail = \"{name}@harbour.example\"\nrole = \"admin\"\npassword = \"{PASSWORD}\"\n"
        ));
    }
    for label in ["stays", "disabled", "rotated"] {
        file.push_str(&format!(
            "[[key]]\nperson = \"stays@harbour.example\"\ntenant = \"harbour\"\nlabel = \"{label}\"\n"
        ));
    }
    file
}

struct Key {
    name: String,
    secret: String,
}

fn key(applied: &Value, label: &str) -> Key {
    let made = applied["generated"].as_array().unwrap();
    let made = made.iter().find(|made| made["name"].as_str().unwrap().starts_with(label)).unwrap();
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    Key { name: text("access_key"), secret: text("secret_key") }
}

impl Key {
    fn works(&self, server: &Doorward) -> bool {
        let ask = Ask::get(LEADS, "/v2/Authentication.svc/UserByAccessKey.Get");
        let ask = ask.header("x-LSQ-AccessKey", &self.name).header("x-LSQ-SecretKey", &self.secret);
        server.send(&ask).status == 200
    }
}

/// A bearer token with which a service may ask.
struct Token {
    id: String,
    text: String,
}

impl Token {
    fn create(site: &Site) -> Self {
        let create = ["application", "token", "create", "service1", "service", "--audience", "*"];
        let made = site.json(&[&create[..], &["--scope", "verify"]].concat());
        Self { id: text(&made, "id"), text: text(&made, "token") }
    }

    fn works(&self, server: &Doorward) -> bool {
        let ask = Ask::post("localhost", "/verify").json(&json!([]));
        server.send(&ask.header("authorization", &format!("Bearer {}", self.text))).status == 200
    }
}

/// The cookie of a sign-in that succeeds.
fn sign_in(server: &Doorward, name: &str, password: &str) -> Option<String> {
    let body = json!({ "email_address": format!("{name}@harbour.example"), "password": password });
    let answer = server.send(&Ask::post(CRM, "/api/login").json(&body));
    let (_, cookie) = answer.headers.iter().find(|(name, _)| name == "set-cookie")?;
    cookie.split(';').next().map(str::to_owned)
}

fn is_signed_in(server: &Doorward, cookie: &str) -> bool {
    server.send(&Ask::get(CRM, "/api/users").header("cookie", cookie)).status == 200
}

/// What no command tells: the version of somebody's place, which a change through the management API names.
fn version_of_place(site: &Site, name: &str) -> i64 {
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let find = "SELECT m.version FROM memberships m JOIN people p ON p.pool = m.pool AND p.id = m.person WHERE p.email = ?1";
    database.query_row(find, [format!("{name}@harbour.example")], |row| row.get(0)).unwrap()
}

#[test]
fn nothing_revoked_since_a_backup_revives_with_it() {
    let site = Site::new();
    let applied = site.apply(&house());
    let [stays, disabled, rotated] = ["stays", "disabled", "rotated"].map(|label| key(&applied, label));
    let mut server = site.serve();
    let [lasting, revoked] = [Token::create(&site), Token::create(&site)];
    let cookie = sign_in(&server, "stays", PASSWORD).unwrap();
    let backed_up = site.json(&["backup", "copy.db"]);
    assert_eq!(backed_up["bytes"], fs::metadata(site.path("copy.db")).unwrap().len());
    assert_eq!(mode(&site.path("copy.db")), 0o600);

    let later = sign_in(&server, "stays", PASSWORD).unwrap();
    site.done(&["person", "disable", "harbour", "disabled@harbour.example"]);
    site.done(&["person", "delete", "harbour", "deleted@harbour.example"]);
    let reset = site.json(&["person", "reset-password", "harbour", "changed@harbour.example", "--generate"]);
    let newer = Key {
        name: rotated.name.clone(),
        secret: text(&site.json(&["key", "rotate", &rotated.name]), "secret_key"),
    };
    site.done(&["key", "disable", &disabled.name]);
    site.done(&["application", "token", "revoke", "service1", &revoked.id]);
    site.done(&["tenant", "suspend", "harbour-gym"]);
    site.done(&["person", "create", "harbour", "newest@harbour.example", "--generate-password"]);
    site.write(
        "less.toml",
        "[[person]]\ntenant = \"harbour\"\nemail = \"demoted@harbour.example\"\nrole = \"user\"\n",
    );
    site.done(&["apply", "less.toml"]);
    let read = [version_of_place(&site, "stays"), version_of_place(&site, "demoted")];
    // Not asked to stop: what was acknowledged lies in the log and has to be found there.
    server.kill();

    let told = site.json(&["restore", "copy.db"]);
    assert_eq!((&told["compared"], &told["epoch"]), (&json!(true), &json!(2)));
    let server = site.serve();
    for ended in [&cookie, &later] {
        assert!(!is_signed_in(&server, ended), "everybody signs in anew");
    }
    assert!(sign_in(&server, "stays", PASSWORD).is_some());
    assert!(stays.works(&server), "a key that was never revoked works on");
    for name in ["disabled", "deleted", "changed"] {
        assert_eq!(sign_in(&server, name, PASSWORD), None, "{name}");
    }
    assert!(sign_in(&server, "changed", &text(&reset, "password")).is_some());
    assert!(!disabled.works(&server) && !rotated.works(&server) && newer.works(&server));
    assert!(lasting.works(&server) && !revoked.works(&server));
    assert_eq!(site.json(&["tenant", "show", "harbour-gym"])["status"], "suspended");
    let demoted = site.json(&["person", "show", "harbour", "demoted@harbour.example"]);
    assert_eq!(demoted["memberships"][0]["role"], "user");
    let restored = [version_of_place(&site, "stays"), version_of_place(&site, "demoted")];
    assert!(
        restored.iter().zip(read).all(|(now, read)| *now > read),
        "who read a place before reads it again"
    );
    let next = site.json(&["person", "create", "harbour", "next@harbour.example", "--generate-password"]);
    assert_eq!(next["number"], 1007, "the number of who came after the backup is not given again");
    let kept = told["replaced"].as_str().unwrap();
    assert!(site.path(kept).exists());
}

#[test]
fn a_digest_that_was_mailed_since_a_backup_is_not_mailed_again() {
    let site = Site::new();
    site.apply(&house());
    let execute = |statement: &str| {
        rusqlite::Connection::open(site.database()).unwrap().execute(statement, []).unwrap()
    };
    let of = |name: &str| format!("FROM people WHERE email = '{name}@harbour.example'");
    for name in ["stays", "changed"] {
        execute(&format!(
            "INSERT INTO digests (pool, person, due_at, told_until) SELECT pool, id, 9, 7 {}",
            of(name)
        ));
    }
    site.done(&["backup", "copy.db"]);
    execute(&format!("UPDATE digests SET told_until = 8 WHERE person IN (SELECT id {})", of("stays")));
    execute(&format!("UPDATE digests SET told_until = 6 WHERE person IN (SELECT id {})", of("changed")));
    site.done(&["restore", "copy.db"]);
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let told = ["stays", "changed"].map(|name| {
        let find = format!("SELECT told_until FROM digests WHERE person IN (SELECT id {})", of(name));
        database.query_row(&find, [], |row| row.get::<_, i64>(0)).unwrap()
    });
    assert_eq!(told, [8, 7]);
}

#[test]
fn without_a_database_to_compare_with_keys_wait_for_somebody_who_knows() {
    let site = Site::new();
    let applied = site.apply(&house());
    let stays = key(&applied, "stays");
    let token = Token::create(&site);
    site.done(&["backup", "copy.db"]);
    fs::remove_file(site.database()).unwrap();
    let told = site.json(&["restore", "copy.db"]);
    assert_eq!(told["compared"], false);
    let mut server = site.serve();
    assert!(!stays.works(&server) && !token.works(&server));
    assert!(sign_in(&server, "stays", PASSWORD).is_some());
    site.done(&["key", "enable", &stays.name]);
    assert!(stays.works(&server));
    server.kill();

    // A database that cannot be read says as little as none.
    fs::write(site.database(), b"SQLite format 3\0 and then nothing of the kind").unwrap();
    assert_eq!(site.json(&["restore", "copy.db", "--trust-keys"])["compared"], false);
    let server = site.serve();
    assert!(stays.works(&server) && token.works(&server));
}

#[test]
fn a_running_server_keeps_its_database() {
    let site = Site::new();
    site.apply(&house());
    let server = site.serve();
    site.done(&["backup", "copy.db"]);
    let cookie = sign_in(&server, "stays", PASSWORD).unwrap();
    assert!(site.refused(&["restore", "copy.db"]).contains("is in use by process"));
    assert!(is_signed_in(&server, &cookie));
}

#[test]
fn what_is_no_whole_backup_of_this_installation_is_refused_untouched() {
    let site = Site::new();
    site.apply(&house());
    site.done(&["backup", "copy.db"]);
    let before = fs::read(site.database()).unwrap();
    let other = Site::new();
    other.done(&["backup", "other.db"]);
    let whole = fs::read(site.path("copy.db")).unwrap();
    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..].fill(0xff);
    site.write("empty.db", "");
    site.write("text.db", "not a database at all, whatever its name says");
    fs::write(site.path("torn.db"), torn).unwrap();
    fs::copy(other.path("other.db"), site.path("other.db")).unwrap();
    for (file, words) in [
        ("none.db", "none.db"),
        ("empty.db", "is not a Doorward database"),
        ("text.db", "is not a Doorward database"),
        ("torn.db", "torn.db"),
        ("other.db", "another installation"),
    ] {
        let refusal = site.refused(&["restore", file]);
        assert!(refusal.contains(words) && refusal.contains("Nothing was changed."), "{file}: {refusal}");
        assert_eq!(fs::read(site.database()).unwrap(), before, "{file}");
        assert!(!site.path("doorward-data/doorward.db.restoring").exists());
    }
}

#[test]
fn an_embedded_database_is_restored_from_a_file_only() {
    let site = Site::new();
    for (arguments, words) in
        [(vec!["restore"], "<FILE>"), (vec!["restore", "--in-place"], "--in-place is for PostgreSQL")]
    {
        let output = site.run(&arguments);
        assert_eq!(output.status.code(), Some(2));
        let refusal = super::text(&output.stderr);
        assert!(refusal.contains(words), "{refusal}");
    }
}

#[test]
fn a_backup_under_traffic_is_one_whole_moment() {
    let site = Site::new();
    site.apply(&house());
    let mut server = site.serve();
    std::thread::scope(|scope| {
        let visitors: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..5).filter(|_| sign_in(&server, "stays", PASSWORD).is_some()).count()))
            .collect();
        for copy in ["one.db", "two.db", "three.db"] {
            site.done(&["backup", copy]);
        }
        for visitor in visitors {
            assert_eq!(visitor.join().unwrap(), 5, "nobody is refused meanwhile");
        }
    });
    server.kill();
    for copy in ["one.db", "two.db", "three.db"] {
        assert_eq!(site.json(&["restore", copy])["compared"], true);
    }
    let server = site.serve();
    assert!(sign_in(&server, "stays", PASSWORD).is_some());
}

#[test]
fn a_backup_does_not_replace_a_file_by_accident() {
    let site = Site::new();
    site.done(&["backup", "copy.db"]);
    assert!(site.refused(&["backup", "copy.db"]).contains("exists already"));
    site.done(&["backup", "copy.db", "--force"]);
    let itself = site.refused(&["backup", "doorward-data/doorward.db", "--force"]);
    assert!(itself.contains("not copied over itself"), "{itself}");
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}
