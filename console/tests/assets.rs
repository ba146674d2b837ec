//! The files that pages ask for, and what a page weighs.

use crate::{HOST, browser, reset_link, someone};
use doorward_model::Policy;
use doorward_testkit::{House, Request};
use doorward_web::StatusCode;

/// The addresses a page asks for, apart from those behind links.
fn asked_for(page: &str) -> Vec<String> {
    let tags = page
        .split('<')
        .filter(|tag| tag.starts_with("link ") || tag.starts_with("script ") || tag.starts_with("img "));
    tags.filter_map(|tag| {
        let rest = tag.split_once("href=\"").or_else(|| tag.split_once("src=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    })
    .collect()
}

#[tokio::test]
async fn a_page_with_all_it_asks_for_is_light_and_comes_from_here() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let (browser, link) = (browser(&house), reset_link(&house, &branch, &person).await);
    let page = browser.send(Request::get(HOST, &link)).await;
    let text = page.text();
    let mut bytes = page.body.len();
    let files = asked_for(&text);
    assert!(files.len() >= 3, "a style, a script, an icon: {files:?}");
    for file in files {
        assert!(file.starts_with('/') && !file.starts_with("//"), "{file}");
        let answer = browser.send(Request::get(HOST, &file).header("accept-encoding", "br, gzip")).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{file}");
        assert!(answer.header("cache-control").unwrap().contains("immutable"), "{file}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{file}");
        bytes += answer.body.len();
    }
    assert!(bytes <= 30 * 1024, "{bytes} bytes in all");
    for inline in ["style=", "<style", "<script>", " onclick", " onload", "javascript:"] {
        assert!(!text.contains(inline), "{inline} is inline");
    }
}

#[tokio::test]
async fn whoever_takes_no_gzip_gets_the_text_and_an_old_name_is_asked_for_again() {
    let house = House::start().await;
    let browser = browser(&house);
    let page = browser.send(Request::get(HOST, "/reset")).await.text();
    let style = asked_for(&page).into_iter().find(|file| file.ends_with(".css")).unwrap();
    for accept in ["identity", "gzip;q=0", "br"] {
        let plain = browser.send(Request::get(HOST, &style).header("accept-encoding", accept)).await;
        assert_eq!(plain.header("content-encoding"), None, "{accept}");
        assert!(plain.text().contains(":root"), "{accept}");
        assert_eq!(plain.header("vary"), Some("accept-encoding"), "{accept}");
    }
    let old = browser.send(Request::get(HOST, "/assets/pages.0123456789abcdef.css")).await;
    assert_eq!((old.status, old.header("cache-control")), (StatusCode::OK, Some("no-cache")));
    for none in ["/assets/pages.css", "/assets/other.00.css", "/assets/..", "/assets/pages.00.js", "/assets/"]
    {
        assert_eq!(browser.send(Request::get(HOST, none)).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn a_tenants_name_and_colour_are_on_its_pages_and_its_childrens() {
    let house = House::start().await;
    let parent = house.tenant("harbour", None, None, Policy::default()).await;
    let changes = doorward_core::tenants::TenantChanges {
        profile: vec![
            ("brand_name".to_owned(), Some("Harbour & <Sons>".to_owned())),
            ("brand_colour".to_owned(), Some("#ffd400".to_owned())),
        ],
        ..Default::default()
    };
    doorward_core::tenants::edit(&house.core, &house.caller, &house.operator, &parent, changes)
        .await
        .unwrap();
    house.child("pier", &parent).await;
    let browser = browser(&house);
    for slug in ["harbour", "pier"] {
        let page = browser.send(Request::get(HOST, &format!("/t/{slug}/forgot"))).await.text();
        assert!(!page.contains("<Sons>") && page.contains("Harbour &#38; &#60;Sons&#62;"), "{page}");
        let sheet = asked_for(&page).into_iter().find(|file| file.contains("brand.css")).unwrap();
        let sheet = browser.send(Request::get(HOST, &sheet)).await;
        assert_eq!(sheet.header("content-type"), Some("text/css; charset=utf-8"));
        // Yellow is read in black only, and is too pale for links on a light ground.
        assert!(sheet.text().contains("--brand:#ffd400;--on-brand:#000000"), "{}", sheet.text());
        assert!(!sheet.text().contains("--accent:#ffd400;--brand:#ffd400;--on-brand:#000000}\n@"));
    }
    let none = browser.send(Request::get(HOST, "/t/nobody/brand.css")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_colour_that_is_none_changes_nothing() {
    let house = House::start().await;
    let branch = house.pool("harbour").await;
    let colour = "#fff}body{display:none".to_owned();
    let changes = doorward_core::tenants::TenantChanges {
        profile: vec![("brand_colour".to_owned(), Some(colour))],
        ..Default::default()
    };
    doorward_core::tenants::edit(&house.core, &house.caller, &house.operator, &branch, changes)
        .await
        .unwrap();
    let browser = browser(&house);
    let page = browser.send(Request::get(HOST, "/t/harbour/forgot")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("brand.css"));
    assert_eq!(browser.send(Request::get(HOST, "/t/harbour/brand.css")).await.text(), "");
}

/// One grey pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9cc\x68\0\0\0\x82\0\x81\x77\xcdr\xb6\0\0\0\0IEND\xaeB`\x82";

#[tokio::test]
async fn a_logo_stands_in_place_of_the_name_until_it_is_taken_away() {
    let house = House::start().await;
    let parent = house.pool("harbour").await;
    house.child("pier", &parent).await;
    let browser = browser(&house);
    let set = async |png: Option<Vec<u8>>| {
        doorward_core::tenants::set_logo(&house.core, &house.caller, &house.operator, &parent, png, None)
            .await
    };
    assert!(set(Some(b"<svg/>".to_vec())).await.is_err());
    assert_eq!(browser.send(Request::get(HOST, "/t/pier/logo.png")).await.status, StatusCode::NOT_FOUND);
    set(Some(PNG.to_vec())).await.unwrap();
    for (slug, name) in [("harbour", "Harbour"), ("pier", "Pier")] {
        let page = browser.send(Request::get(HOST, &format!("/t/{slug}/forgot"))).await.text();
        assert!(page.contains(&format!("alt=\"{name}\"")), "{page}");
        let address = asked_for(&page).into_iter().find(|file| file.contains("logo.png")).unwrap();
        let logo = browser.send(Request::get(HOST, &address)).await;
        assert_eq!((logo.header("content-type"), &logo.body[..]), (Some("image/png"), PNG), "{slug}");
        assert_eq!(logo.header("x-content-type-options"), Some("nosniff"));
    }
    let suspended = doorward_core::tenants::suspend(&house.core, &house.caller, &house.operator, &parent);
    suspended.await.unwrap();
    for file in ["logo.png", "brand.css"] {
        for slug in ["harbour", "pier", "nobody"] {
            let found = browser.send(Request::get(HOST, &format!("/t/{slug}/{file}"))).await;
            assert_eq!((found.status, found.text()), (StatusCode::NOT_FOUND, String::new()), "{slug} {file}");
        }
    }
    let resumed = doorward_core::tenants::resume(&house.core, &house.caller, &house.operator, &parent);
    resumed.await.unwrap();
    set(None).await.unwrap();
    let page = browser.send(Request::get(HOST, "/t/pier/forgot")).await.text();
    assert!(!page.contains("logo.png"), "{page}");
    assert_eq!(browser.send(Request::get(HOST, "/t/harbour/logo.png")).await.status, StatusCode::NOT_FOUND);
}
