//! Two cells, each a process with data of its own: what a client, an operator and a forger see.

mod forged;
mod restored;

use super::{PASSWORD, Site};
use crate::process::{Answer, Ask, Doorward};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const USER: &str = "/v2/Authentication.svc/UserByAccessKey.Get";
const LEADS: &str = "/v2/LeadManagement.svc/Leads.Get";

/// Longer than it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cell that is set up and not running.
pub(super) struct Cell {
    site: Site,
    name: &'static str,
}

/// The secret of every key here.
const SECRET: &str = "00112233445566778899aabbccddeeff0011223344556677";

/// Two cells that list each other.
pub(super) fn cells() -> [Cell; 2] {
    acquainted([Cell::new("in21", 1), Cell::new("us11", 1_000_001)])
}

fn acquainted(cells: [Cell; 2]) -> [Cell; 2] {
    let lines = cells.each_ref().map(|cell| {
        let told = cell.site.json(&["cell", "key"]);
        told["line"].as_str().unwrap().to_owned()
    });
    let [mut one, mut two] = cells;
    one.list(&lines[1]);
    two.list(&lines[0]);
    for cell in [&one, &two] {
        cell.site.apply(&cell.house());
    }
    [one, two]
}

impl Cell {
    fn new(name: &'static str, first_company: u32) -> Self {
        Self::with(name, first_company, "http://127.0.0.1", "")
    }

    /// With an address of its own and more sections.
    fn with(name: &'static str, first_company: u32, base: &str, more: &str) -> Self {
        // Each must know the other's address before either runs.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = format!(
            "[listen]\naddresses = [\"127.0.0.1:{port}\"]\n[node]\nregion = \"{name}\"\n\
             [house]\npublic_url = \"{base}:{port}\"\n{more}[metrics]\nenabled = true\n\
             [verify]\naskers = [\"127.0.0.1\"]\n[cell]\nfirst_company = {first_company}\n"
        );
        let site = Site { folder: tempfile::tempdir().unwrap(), configuration };
        site.write("doorward.toml", &site.configuration);
        site.done(&["init"]);
        Self { site, name }
    }

    fn list(&mut self, peer: &str) {
        self.site.configuration.push_str(&format!("peers = [\"{peer}\"]\n"));
        self.site.write("doorward.toml", &self.site.configuration);
    }

    fn host(&self) -> String {
        format!("api.{}.test", self.name)
    }

    fn key_name(&self, number: u8) -> String {
        let digits: String = self.name.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("u$r{digits:0<30}{number:02x}")
    }

    fn house(&self) -> String {
        let (name, host) = (self.name, self.host());
        let mut house = format!(
            "[[region]]\ncode = \"{name}\"\nhosts = {{ api = \"api-{name}.leadsquared.example\", app = \"{name}.example\" }}\n\
             [[tenant]]\nslug = \"school-{name}\"\nregion = \"{name}\"\nprofile = {{ City = \"Bengaluru\" }}\n\
             [[door]]\nname = \"api\"\nhost = \"{host}\"\nbase_url = \"http://{host}\"\n\
             dialect = \"leadsquared\"\nregion = \"{name}\"\n\
             [[door]]\nname = \"crm\"\nhost = \"{{slug}}.{name}.test\"\nbase_url = \"http://{{slug}}.{name}.test\"\n\
             dialect = \"salesseek\"\n\
             [[person]]\ntenant = \"school-{name}\"\nemail = \"ada@{name}.example\"\nfirst_name = \"Ada\"\n\
             role = \"admin\"\npassword = \"{PASSWORD}\"\n"
        );
        for number in 0..2 {
            house.push_str(&self.key(number));
        }
        house
    }

    fn key(&self, number: u8) -> String {
        let (name, key) = (self.name, self.key_name(number));
        format!(
            "[[key]]\nperson = \"ada@{name}.example\"\ntenant = \"school-{name}\"\nlabel = \"export {number}\"\n\
             name = \"{key}\"\nsecret = \"{SECRET}\"\nrate = \"10000/1s\"\n"
        )
    }

    pub(super) fn serve(&self) -> Doorward {
        self.site.serve()
    }

    /// Serves, and has read the other's directory.
    fn serve_with(&self, other: &Self) -> Doorward {
        let server = self.serve();
        wait_for_directory(&server, other.name);
        server
    }
}

fn wait_for_directory(server: &Doorward, of: &str) {
    server.wait_for_figure(&format!("doorward_cell_directory_pages_total{{cell=\"{of}\"}}"), 1);
}

fn ask(server: &Doorward, at: &Cell, key: &str) -> Answer {
    ask_for(server, at, USER, key, SECRET)
}

fn ask_for(server: &Doorward, at: &Cell, path: &str, key: &str, secret: &str) -> Answer {
    let ask = Ask::get(&at.host(), path).header("x-LSQ-AccessKey", key).header("x-LSQ-SecretKey", secret);
    server.send(&ask)
}

fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
    }
}

fn exception(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["ExceptionType"].as_str().unwrap_or_default().to_owned())
}

const UNAUTHORIZED: &str = "MXUnAuthorizedAccessException";

#[test]
fn any_cell_answers_for_every_key_and_sends_everything_else_home() {
    let [home, abroad] = cells();
    let (mut one, mut two) = (home.serve(), abroad.serve());
    wait_for_directory(&one, abroad.name);
    wait_for_directory(&two, home.name);
    let key = home.key_name(0);
    let there = ask(&two, &abroad, &key);
    assert_eq!(there.status, 200, "{}", there.text());
    assert_eq!(there.text(), ask(&one, &home, &key).text());
    let told: Value = there.json();
    assert_eq!(told["LSQCommonServiceURLs"]["api"], "api-in21.leadsquared.example");
    assert_eq!((&told["PassPhrase"], &told["City"]), (&json!("ada@in21.example"), &json!("Bengaluru")));
    let other = ask(&one, &home, &abroad.key_name(0));
    assert_eq!(other.json()["LSQCommonServiceURLs"]["app"], "us11.example", "and the other way round");

    let wrong = ask_for(&two, &abroad, USER, &key, "0000");
    assert_eq!(exception(&wrong), (401, UNAUTHORIZED.to_owned()));
    assert_eq!(wrong.text(), ask_for(&one, &home, USER, &key, "0000").text());

    let leads = ask_for(&two, &abroad, LEADS, &key, SECRET);
    assert_eq!(exception(&leads), (401, UNAUTHORIZED.to_owned()));
    assert!(leads.text().contains("api-in21.leadsquared.example"), "{}", leads.text());

    let question = json!({ "credential": {
        "kind": "access_key", "host": abroad.host(), "value": key, "secret": SECRET,
    }});
    let verified = two.send(&Ask::post("127.0.0.1", "/verify").json(&question)).json();
    assert_eq!((&verified["active"], &verified["reason"]), (&json!(false), &json!("region")), "{verified}");

    let body = json!({ "email_address": "ada@in21.example", "password": PASSWORD });
    let sign_in = two.send(&Ask::post("school-in21.us11.test", "/api/login").json(&body));
    assert_eq!(sign_in.status, 404);
    assert_eq!(sign_in.json()["detail"], "This account is served by school-in21.in21.test.");
    let nobody = two.send(&Ask::post("nobody.us11.test", "/api/login").json(&body));
    assert_eq!(
        (nobody.status, nobody.json()["detail"].as_str()),
        (404, Some("There is nothing at this address."))
    );
    for log in [one.stop(), two.stop()] {
        assert!(!log.contains(SECRET), "{log}");
    }
}

#[test]
fn a_key_that_is_revoked_at_home_is_refused_abroad_when_the_kept_answer_is_over() {
    let [home, abroad] = cells();
    let (_one, two) = (home.serve(), abroad.serve_with(&home));
    let key = home.key_name(0);
    assert_eq!(ask(&two, &abroad, &key).status, 200);
    home.site.done(&["key", "disable", &key]);
    soon("it is still answered", || ask(&two, &abroad, &key).status == 401);
}

#[test]
fn a_home_that_is_away_is_said_to_be_and_answers_as_soon_as_it_is_back() {
    let [home, abroad] = cells();
    let mut one = home.serve();
    let two = abroad.serve_with(&home);
    one.kill();
    let away = ask(&two, &abroad, &home.key_name(0));
    assert_eq!(exception(&away), (503, "MXInternalException".to_owned()), "{}", away.text());
    assert!(away.text().contains("home region"), "{}", away.text());
    assert!(away.headers.iter().any(|(name, _)| name == "retry-after"));
    assert_eq!(ask(&two, &abroad, &abroad.key_name(0)).status, 200, "its own it answers");
    let _one = home.serve();
    assert_eq!(ask(&two, &abroad, &home.key_name(0)).status, 200, "at once");
}

#[test]
fn a_cell_that_was_down_reads_on_where_it_stopped() {
    let [home, abroad] = cells();
    let _one = home.serve();
    let mut two = abroad.serve_with(&home);
    two.kill();
    home.site.apply(&format!("{}{}", home.house(), home.key(7)));
    let two = abroad.serve_with(&home);
    assert_eq!(ask(&two, &abroad, &home.key_name(7)).status, 200);
    assert_eq!(ask(&two, &abroad, &home.key_name(1)).status, 200);
}

#[test]
fn of_two_claims_to_a_slug_each_cell_keeps_its_own_and_says_so() {
    let [home, abroad] = cells();
    for cell in [&home, &abroad] {
        cell.site.apply(&format!("{}[[tenant]]\nslug = \"twin\"\n", cell.house()));
    }
    let (one, two) = (home.serve(), abroad.serve());
    for (server, other) in [(&one, &abroad), (&two, &home)] {
        let said = server.hear("a name is claimed that another cell has");
        assert!(said.contains("twin") && said.contains(other.name), "{said}");
        server.wait_for_figure("doorward_cell_conflicts", 1);
    }
    let late = "[[tenant]]\nslug = \"school-in21\"\n";
    abroad.site.write("late.toml", late);
    let refused = abroad.site.refused(&["apply", "late.toml"]);
    assert!(refused.contains("the cell in21 has a tenant of this slug"), "{refused}");
}

#[test]
fn whoever_applies_at_the_wrong_cell_is_told_where_it_belongs() {
    let [home, abroad] = cells();
    let _one = home.serve();
    let two = abroad.serve_with(&home);
    soon("its key is known", || ask(&two, &abroad, &home.key_name(1)).status == 200);
    let key = abroad.key(0).replace(&abroad.key_name(0), &home.key_name(0)).replace("export 0", "stolen");
    let person = "[[person]]\ntenant = \"school-in21\"\nemail = \"bo@in21.example\"\nrole = \"user\"\n";
    let region = "[[tenant]]\nslug = \"annex\"\nregion = \"in21\"\n";
    for (file, told) in [
        (key.as_str(), "the cell in21 has a key of this name"),
        (person, "the tenant school-in21 lives in the cell in21"),
        (region, "the region in21 is another cell's"),
    ] {
        abroad.site.write("misplaced.toml", file);
        let refused = abroad.site.refused(&["apply", "misplaced.toml"]);
        assert!(refused.contains(told), "{refused}");
    }
    let create = ["tenant", "create", "school-in21", "--name", "Twin"];
    let refused = abroad.site.refused(&create);
    assert!(refused.contains("the cell in21 has a tenant of this slug"), "{refused}");
}

/// Over TLS, with a certificate that only `extra_root_certificate` vouches for.
#[test]
fn cells_speak_over_https_to_whom_they_trust() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = format!("[listen.tls]\ncertificate = {certificate:?}\nkey = {key:?}\n");
    let [home, abroad] =
        acquainted([Cell::with("in21", 1, "https://localhost", &tls), Cell::new("us11", 1_000_001)]);
    let _one = home.serve();
    let mut two = abroad.serve();
    let said = two.hear("the directory cannot be read");
    assert!(said.contains("certificate"), "{said}");
    assert_eq!(ask(&two, &abroad, &home.key_name(0)).status, 503, "not known to be nobody's");
    two.stop();
    let trusting = format!("extra_root_certificate = {certificate:?}\n");
    let two = abroad.site.serve_with(&trusting);
    wait_for_directory(&two, home.name);
    assert_eq!(ask(&two, &abroad, &home.key_name(0)).status, 200);
}
