//! schemathesis against the real binary: whatever the document allows is answered as it says, and what it does not allow is
//! refused. `./test` installs it into target/schemathesis (requirements.txt, pinned by hash).

use super::process::Demo;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Requests made up for each endpoint, of each sort: all of them together take about a minute.
const EXAMPLES: &str = "25";

#[test]
fn the_management_api_does_what_its_document_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let st = PathBuf::from(here).join("../target/schemathesis/bin/st");
    assert!(st.exists(), "`./test` installs schemathesis into target/schemathesis");
    let demo = Demo::start();
    let (token, url) = (demo.text("/manage/token"), demo.text("/manage/url"));
    let mut run = Command::new(st);
    // There it finds schemathesis.toml, and leaves what it remembers of a run.
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(here.join("tests/manage/schemathesis.toml"), folder.path().join("schemathesis.toml"))
        .unwrap();
    run.current_dir(folder.path());
    run.args(["run", "--url", url, "--header", &format!("Authorization: Bearer {token}")]);
    run.args(["--max-examples", EXAMPLES, "--seed", "1", "--generation-deterministic"]);
    run.args(["--no-color", "--workers", "2"]).arg(format!("{url}/openapi.json"));
    let told = run.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(told.status.success(), "{}{}", text(&told.stdout), text(&told.stderr));
}
