//! Which language a page speaks, and changing it.

use crate::{FORM, HOST, browser, reset_link, someone, submit};
use doorward_testkit::{House, Request};
use doorward_web::StatusCode;

#[tokio::test]
async fn a_page_speaks_the_browsers_language_until_another_is_chosen() {
    let house = House::start().await;
    house.pool("harbour").await;
    let browser = browser(&house);
    let asks = async |accept: &str, cookie: &str| {
        let request = Request::get(HOST, "/t/harbour/forgot").header("accept-language", accept);
        browser.send(request.header("cookie", cookie)).await.text()
    };
    let german = asks("de-CH, en;q=0.5", "").await;
    assert!(german.contains("<html lang=\"de\">") && german.contains("Neues Passwort setzen"));
    assert!(asks("pt, fr;q=0.3", "").await.contains("<html lang=\"fr\">"));
    assert!(asks("pt", "").await.contains("<html lang=\"en\">"));

    let body = "lang=fr&back=%2Ft%2Fharbour%2Fforgot";
    let chosen = browser.send(Request::post(HOST, "/language").body(FORM, body)).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen.header("location"), Some("/t/harbour/forgot"));
    let cookie = chosen.header("set-cookie").unwrap();
    assert!(cookie.starts_with("lang=fr; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let page = asks("de", cookie.split(';').next().unwrap()).await;
    assert!(page.contains("<html lang=\"fr\">") && page.contains("value=\"fr\" lang=\"fr\" aria-current"));
}

#[tokio::test]
async fn choosing_a_language_leads_nowhere_else_and_keeps_no_nonsense() {
    let house = House::start().await;
    let browser = browser(&house);
    let evil = ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%0D%0Aa:b", ""];
    for back in evil {
        let body = format!("lang=de&back={back}");
        let chosen = browser.send(Request::post(HOST, "/language").body(FORM, body)).await;
        assert_eq!(chosen.header("location"), Some("/"), "{back}");
    }
    for lang in ["xx", "de%3B+Domain=evil.example", "de&lang=fr", ""] {
        let body = format!("back=%2F&lang={lang}");
        let chosen = browser.send(Request::post(HOST, "/language").body(FORM, body)).await;
        assert_eq!(chosen.header("set-cookie"), None, "{lang}");
    }
}

#[tokio::test]
async fn reasons_are_told_in_the_readers_language() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let (browser, link) = (browser(&house), reset_link(&house, &branch, &person).await);
    let (page, parameters) = link.split_once('?').unwrap();
    let body = format!("{parameters}&password=kurz&password_again=kurz");
    let short =
        browser.send(Request::post(HOST, page).header("accept-language", "de").body(FORM, body)).await;
    assert!(short.text().contains("mindestens 15 Zeichen"), "{}", short.text());
    assert!(submit(&browser, &link, "password=x&password_again=x").await.text().contains("at least 15"));
}
