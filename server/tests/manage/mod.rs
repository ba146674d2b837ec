//! schemathesis against the real binary: whatever the document allows is answered as it says, and what it does not allow is
//! refused. `./test` installs it into target/schemathesis (requirements.txt, pinned by hash).

use super::process::{Ask, Demo};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Requests made up for each endpoint, of each sort: all of them together take about a minute.
const EXAMPLES: &str = "20";

#[test]
fn the_management_api_does_what_its_document_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let st = here.join("../target/schemathesis/bin/st").canonicalize();
    let st = st.expect("`./test` installs schemathesis into target/schemathesis");
    let demo = Demo::start();
    let (token, url) = (demo.text("/manage/token"), demo.text("/manage/url"));
    let items = |path: &str| -> Vec<Value> {
        let ask = Ask::get("localhost", &format!("/manage/v1{path}"));
        let ask = ask.header("authorization", &format!("Bearer {token}"));
        let answer = ask.send(demo.doorward.address).unwrap();
        serde_json::from_slice::<Value>(&answer.body).unwrap()["items"].as_array().unwrap().clone()
    };
    let guild = items("/tenants").into_iter().find(|it| it["slug"] == "guild").unwrap();
    let tenant = guild["id"].as_str().unwrap();
    let applications = items(&format!("/tenants/{tenant}/applications"));

    // What it finds in its folder is its configuration, and what it remembers it leaves there.
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(here.join("tests/manage/schemathesis.toml"), folder.path().join("schemathesis.toml"))
        .unwrap();
    let mut run = Command::new(st);
    run.current_dir(folder.path());
    run.env("DEMO_TENANT", tenant).env("DEMO_PERSON", demo.text("/rubicrm/verified/uid"));
    run.env("DEMO_APPLICATION", applications[0]["id"].as_str().unwrap());
    run.args(["run", "--url", url, "--header", &format!("Authorization: Bearer {token}")]);
    run.args(["--max-examples", EXAMPLES, "--seed", "1", "--generation-deterministic"]);
    run.args(["--no-color", "--workers", "2"]).arg(format!("{url}/openapi.json"));
    let told = run.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(told.status.success(), "{}{}", text(&told.stdout), text(&told.stderr));
}
