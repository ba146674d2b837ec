//! What is served is what the code says. To make the files anew: `DOORWARD_WRITE=1 cargo nextest run -E 'test(files::)'`.

use std::fs;
use std::path::PathBuf;

fn fresh(name: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("DOORWARD_WRITE").is_some() {
        fs::write(&path, made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made, "{name} is stale");
}

#[test]
fn the_document_is_fresh() {
    // Small: it is in the binary.
    fresh("openapi.json", &doorward_manage::document().to_string());
}

#[test]
fn the_reference_page_is_fresh() {
    fresh("reference.html", &doorward_manage::page());
}
