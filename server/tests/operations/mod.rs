//! The operator's command line, as the real binary: a new installation, its tenants and people, backups and restores.

mod admin;
mod apply;
mod cells;
mod init;
mod mistakes;
mod operator_tokens;
mod postgres;
mod reload;
mod restore;
mod starts;
mod tokens;
mod traces;

use crate::process::{Ask, Doorward};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A password that every policy takes.
const PASSWORD: &str = "mild otter sings at dawn";

/// A tenant with one door and its owner.
const HOUSE: &str = r#"
[[tenant]]
slug = "harbour"
[[door]]
name = "crm"
host = "{slug}.crm.test"
base_url = "http://{slug}.crm.test"
dialect = "salesseek"
[[person]]
tenant = "harbour"
email = "owner@harbour.example"
role = "owner"
password = "mild otter sings at dawn"
"#;

/// The host of that door.
const CRM: &str = "harbour.crm.test";

const OWNER: &str = "owner@harbour.example";

/// Signs the owner in, and returns the cookie.
fn sign_in(server: &Doorward) -> Option<String> {
    let body = json!({ "email_address": OWNER, "password": PASSWORD });
    let answer = server.send(&Ask::post(CRM, "/api/login").json(&body));
    let (_, cookie) = answer.headers.iter().find(|(name, _)| name == "set-cookie")?;
    cookie.split(';').next().map(str::to_owned)
}

const CONFIGURATION: &str = "\
[listen]
addresses = [\"127.0.0.1:0\"]
[node]
region = \"in21\"
";

/// A folder with a configuration, where commands run.
struct Site {
    folder: TempDir,
    configuration: String,
}

impl Site {
    /// Nothing but a configuration.
    fn bare() -> Self {
        Self::bare_with("")
    }

    /// The same with more sections.
    fn bare_with(more: &str) -> Self {
        let site =
            Self { folder: tempfile::tempdir().unwrap(), configuration: format!("{CONFIGURATION}{more}") };
        site.write("doorward.toml", &site.configuration);
        site
    }

    /// After `init`, without an operator.
    fn new() -> Self {
        let site = Self::bare();
        site.done(&["init"]);
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.current_dir(self.folder.path()).env_clear().args(arguments).output().unwrap()
    }

    /// What a command printed that must succeed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// The same as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.done(&with_json)).unwrap()
    }

    /// What a command complained that must fail.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}: {}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        text(&output.stderr)
    }

    fn apply(&self, file: &str) -> Value {
        self.write("house.toml", file);
        self.json(&["apply", "house.toml"])
    }

    fn serve(&self) -> Doorward {
        self.serve_with("")
    }

    /// With more sections of the configuration, for the commands that follow too.
    fn serve_with(&self, more: &str) -> Doorward {
        Doorward::serve(self.folder.path(), &format!("{}{more}", self.configuration))
    }

    fn database(&self) -> PathBuf {
        self.path("doorward-data/doorward.db")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
