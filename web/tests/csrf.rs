//! Changes that a browser asks for with someone's cookie.

use crate::toy::ask;

async fn status(site: Option<&str>, origin: Option<&str>) -> u16 {
    let mut change = ask("POST /change").host("northwind.toys.example");
    for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
        if let Some(value) = value {
            change = change.header(name, value);
        }
    }
    change.send().await.status.as_u16()
}

#[tokio::test]
async fn the_doors_own_pages_allowed_origins_and_programs_pass() {
    for (site, origin) in [
        (None, None),
        (Some("same-origin"), None),
        (Some("same-origin"), Some("https://northwind.toys.example")),
        (Some("none"), None),
        (None, Some("https://northwind.toys.example")),
        (None, Some("https://app.example")),
        (Some("cross-site"), Some("https://app.example")),
    ] {
        assert_eq!(status(site, origin).await, 200, "{site:?} {origin:?}");
    }
}

#[tokio::test]
async fn every_other_page_is_refused() {
    for (site, origin) in [
        (Some("cross-site"), None),
        (Some("same-site"), None),
        (Some("nonsense"), None),
        (Some("same-site"), Some("https://southwind.toys.example")),
        (Some("cross-site"), Some("https://evil.example")),
        (None, Some("http://northwind.toys.example")),
        (None, Some("https://northwind.toys.example.evil")),
        (None, Some("null")),
        (None, Some("")),
    ] {
        assert_eq!(status(site, origin).await, 403, "{site:?} {origin:?}");
    }
}

#[tokio::test]
async fn a_header_given_twice_is_refused() {
    let twice =
        ask("POST /change").header("origin", "https://app.example").header("origin", "https://evil.example");
    assert_eq!(twice.send().await.status, 403);
}
