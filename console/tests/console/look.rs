//! How a tenant's pages look, as whoever administers it decides.

use super::{operator, shows, signed_in};
use crate::browser::{Browser, HOST};
use doorward_core::{Branch, tenants};
use doorward_model::{Kind, Policy, Role};
use doorward_testkit::{Answer, House, Request};
use doorward_web::StatusCode;

/// One grey pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9cc\x68\0\0\0\x82\0\x81\x77\xcdr\xb6\0\0\0\0IEND\xaeB`\x82";

fn look_of(branch: &Branch) -> String {
    format!("/console/tenants/{}/look", branch.tenant().id)
}

/// What a page says was there when it was shown.
fn version(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"version\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// The form with name and colour, filled in as the page is now.
async fn say(browser: &Browser, look: &str, name: &str, colour: &str) -> Answer {
    let version = version(&browser.get(look).await);
    browser.post(look, &[("version", &version), ("name", name), ("colour", colour)]).await
}

/// What a browser sends of the form with the logo.
fn logo(look: &str, version: &str, file: &[u8], take_away: bool) -> Request {
    let field =
        |name, value| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let taken = if take_away { field("take_away", "yes") } else { String::new() };
    let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\ncontent-type: image/png\r\n\r\n";
    let version = field("version", version);
    let parts = [version.as_bytes(), taken.as_bytes(), head.as_bytes(), file, b"\r\n--b--\r\n"];
    let ask = Request::post(HOST, &format!("{look}/logo"));
    ask.body("multipart/form-data; boundary=b", parts.concat()).header("sec-fetch-site", "same-origin")
}

/// The same, as the page is now.
async fn upload(browser: &Browser, look: &str, file: &[u8]) -> Answer {
    let version = version(&browser.get(look).await);
    browser.send(logo(look, &version, file, false)).await
}

#[track_caller]
fn is_saved(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.header("location").unwrap().ends_with("/look?done=saved"));
}

#[track_caller]
fn is_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    shows(answer, why);
}

async fn profile(house: &House, branch: &Branch) -> Vec<(String, String)> {
    let now = tenants::by_id(&house.core, branch.pool(), branch.tenant().id).await.unwrap();
    now.tenant().profile.clone()
}

#[tokio::test]
async fn a_tenants_administrator_gives_its_pages_a_name_a_colour_and_a_logo() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let pier = house.child("pier", &top).await;
    house.person(&top, "ann@harbour.example", Kind::Administrator, Role::Admin).await;
    let (browser, look) = (signed_in(&house, "harbour", "ann@harbour.example").await, look_of(&top));
    let before = browser.get(&look).await;
    for text in [
        "If empty: Harbour, as usual.",
        "Doorward’s own",
        "If there is none here: the name in words, as usual.",
        "32 KiB",
    ] {
        shows(&before, text);
    }
    assert!(!before.text().contains("Take it away"), "there is none");

    is_saved(&say(&browser, &look, "  Harbour & <b>Sons</b> ", "#0B3c8d").await);
    is_saved(&upload(&browser, &look, PNG).await);
    let after = browser.get(&format!("{look}?done=saved")).await;
    for text in
        ["Your changes are saved", "Harbour &#38; &#60;b&#62;Sons", "fill=\"#0B3c8d\"", "Take it away"]
    {
        shows(&after, text);
    }
    assert!(!after.text().contains("<b>Sons"));
    assert_eq!(after.text().matches("decided here").count(), 3);

    // Below it, too, where it says whose they are; and on the pages themselves.
    let below = browser.get(&look_of(&pier)).await;
    assert_eq!(below.text().matches("<span class=\"soft\">as Harbour decided</span>").count(), 3);
    assert!(!below.text().contains("Take it away"), "it is not its own");
    for page in [&after, &below] {
        let text = page.text();
        let (_, picture) = text.split_once("<img class=\"logo\" src=\"").unwrap();
        let seen = browser.get(picture.split_once('"').unwrap().0).await;
        assert_eq!(&seen.body[..], PNG);
    }
    let sheet = browser.get("/t/pier/brand.css").await;
    shows(&sheet, "--brand:#0b3c8d");
    let trail = browser.get(&format!("/console/tenants/{}/events", top.tenant().id)).await;
    shows(&trail, "changed the tenant Harbour (harbour)");

    // What is left empty is as it is above; the logo goes by its own button, whatever file was chosen.
    is_saved(&say(&browser, &look, "", "").await);
    let there = version(&browser.get(&look).await);
    is_saved(&browser.send(logo(&look, &there, PNG, true)).await);
    assert_eq!(profile(&house, &top).await, []);
    assert_eq!(browser.get("/t/pier/logo.png").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_pages_would_leave_out_is_refused_with_a_sentence() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (browser, look) = (operator(&house).await, look_of(&top));
    let colour = "Colour: expected # and six digits";
    for typed in ["yellow", "#fff", "0b3c8d", "#0b3c8d;}body{", "#gggggg", "\"><script>alert(1)</script>"] {
        let refused = say(&browser, &look, "Harbour Clubs", typed).await;
        is_refused(&refused, colour);
        shows(&refused, "value=\"Harbour Clubs\"");
        assert!(!refused.text().contains("<script>alert"), "{typed}");
    }
    let name = "Name: expected one line of at most 60 characters";
    is_refused(&say(&browser, &look, &"é".repeat(61), "").await, name);
    is_refused(&say(&browser, &look, "two\nlines", "").await, name);

    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for not_png in [&svg[..], b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"] {
        is_refused(&upload(&browser, &look, not_png).await, "Logo: expected a PNG picture.");
    }
    is_refused(&upload(&browser, &look, b"").await, "Logo: please choose a file first.");
    let large = [PNG, &vec![0; 32 * 1024]].concat();
    is_refused(&upload(&browser, &look, &large).await, "Logo: expected at most 32 KiB.");
    let mut wide = PNG.to_vec();
    wide[18] = 0xff;
    is_refused(&upload(&browser, &look, &wide).await, "Logo: expected at most 1024 pixels either way.");
    let huge = upload(&browser, &look, &vec![0; 2 * 1024 * 1024]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(profile(&house, &top).await, []);
    // An address that is left in the browser by a form that was refused.
    assert_eq!(browser.get(&format!("{look}/logo")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_programs_said_and_pages_cannot_show_is_told() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let facts = [("brand_colour", "yellow<i>"), ("brand_name", "two\nlines")];
    let profile = facts.map(|(name, text)| (name.to_owned(), Some(text.to_owned()))).to_vec();
    let changes = tenants::TenantChanges { profile, ..Default::default() };
    tenants::edit(&house.core, &house.caller, &house.operator, &top, changes).await.unwrap();
    let browser = operator(&house).await;
    let page = browser.get(&look_of(&top)).await;
    shows(&page, "Pages leave out “yellow&#60;i&#62;”");
    shows(&page, "Pages leave out “two\nlines”");
    shows(&page, "Doorward’s own");
    // Whoever leaves the name alone need not mend it for a colour.
    let typed = [
        ("version", "2"),
        ("name", "two\r\nlines"),
        ("name_was", "two\r\nlines"),
        ("colour", "#0b3c8d"),
        ("colour_was", "yellow<i>"),
    ];
    let saved = browser.submit(&look_of(&top), &typed).await;
    shows(&saved, "Pages leave out “two\nlines”");
    shows(&saved, "#0b3c8d");
}

#[tokio::test]
async fn two_who_change_a_look_at_once_are_told_of_each_other() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (first, look) = (operator(&house).await, look_of(&top));
    let second = signed_in(&house, "", super::OPERATOR).await;
    let shown = version(&second.get(&look).await);
    is_saved(&say(&first, &look, "Harbour Clubs", "#0b3c8d").await);
    let stale = second.post(&look, &[("version", &shown), ("name", "The Harbour"), ("colour", "")]).await;
    is_refused(&stale, "Changed meanwhile: look whether");
    shows(&stale, "value=\"The Harbour\"");
    shows(&stale, "Harbour Clubs");
    assert_ne!(version(&stale), shown);
    is_refused(&second.post(&look, &[("name", "The Harbour")]).await, "Changed meanwhile");

    is_saved(&upload(&first, &look, PNG).await);
    for take_away in [false, true] {
        let sent = logo(&look, &version(&stale), PNG, take_away);
        is_refused(&second.send(sent).await, "Changed meanwhile: look whether");
    }
    assert_eq!(profile(&house, &top).await.len(), 3, "nothing of the first one's is gone");
    let there = version(&second.get(&look).await);
    let again = second.post(&look, &[("version", &there), ("name", "The Harbour"), ("colour", "")]).await;
    is_saved(&again);
    shows(&first.get(&look).await, "The Harbour");
}

#[tokio::test]
async fn a_look_is_changed_from_here_or_above_and_not_from_below_or_another_site() {
    let house = House::start().await;
    let top = house.tenant("harbour", None, None, Policy::default()).await;
    let pier = house.child("pier", &top).await;
    let other = house.pool("elsewhere").await;
    house.person(&pier, "ben@pier.example", Kind::Administrator, Role::Admin).await;
    house.person(&pier, "uma@pier.example", Kind::User, Role::User).await;
    let (look, below) = (look_of(&top), look_of(&pier));
    let ben = signed_in(&house, "pier", "ben@pier.example").await;
    is_saved(&say(&ben, &below, "The Pier", "").await);
    let fields = [("version", "1"), ("name", "Mine"), ("colour", "#000000")];
    for (there, status) in [(&look, StatusCode::FORBIDDEN), (&look_of(&other), StatusCode::NOT_FOUND)] {
        assert_eq!(ben.get(there).await.status, status);
        assert_eq!(ben.post(there, &fields).await.status, status);
        assert_eq!(ben.send(logo(there, "1", PNG, false)).await.status, status);
        assert_eq!(ben.send(logo(there, "1", b"", true)).await.status, status);
    }
    let uma = signed_in(&house, "pier", "uma@pier.example").await;
    assert_eq!(uma.post(&below, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(uma.send(logo(&below, "1", PNG, false)).await.status, StatusCode::FORBIDDEN);
    let foreign = logo(&below, "2", PNG, false).header("sec-fetch-site", "cross-site");
    assert_eq!(ben.send(foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(profile(&house, &top).await, []);
    assert_eq!(profile(&house, &pier).await.len(), 1);
}

#[tokio::test]
async fn a_closed_tenant_has_a_look_but_no_page_to_show_it() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (browser, look) = (operator(&house).await, look_of(&top));
    shows(&browser.get(&look).await, "href=\"/t/harbour/sign-in\"");
    is_saved(&upload(&browser, &look, PNG).await);
    tenants::suspend(&house.core, &house.caller, &house.operator, &top).await.unwrap();
    let page = browser.get(&look).await;
    shows(&page, "a picture");
    assert!(!page.text().contains("/t/harbour/"), "{}", page.text());
}
