//! What is refused: where the page says so, and to whom first.

use super::{operator, shows};
use crate::browser::Browser;
use doorward_model::{Kind, Role};
use doorward_testkit::{Answer, House, Request};
use std::fs;
use std::path::PathBuf;

/// What the browser's tab says.
fn tab(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("<title>").unwrap();
    rest.split_once("</title>").unwrap().0.to_owned()
}

/// Every template that can tell a problem, with its text.
fn telling() -> Vec<(PathBuf, String)> {
    let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let folders = ["account", "console", "hosted"].map(|folder| format!("{templates}/{folder}"));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|it| it.unwrap().path());
    let read = files.map(|path| (path.clone(), fs::read_to_string(path).unwrap()));
    read.filter(|(_, text)| text.contains("problem.html") || text.contains("role=\"alert\"")).collect()
}

#[test]
fn whatever_tells_a_problem_says_so_in_its_title_and_has_one_place_to_begin() {
    let telling = telling();
    assert!(telling.len() > 25, "{}", telling.len());
    for (path, text) in telling {
        assert!(text.contains("{% block refused %}{% include"), "{} has the usual title", path.display());
        let begins = text.contains("{% include \"problem.html\" %}") || text.contains(" autofocus");
        assert!(begins, "{} leaves the focus nowhere", path.display());
    }
}

#[tokio::test]
async fn a_refused_form_has_the_focus_beside_it_and_the_tab_says_so() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let keys = format!("/console/tenants/{}/keys", pool.tenant().id);
    let refused = browser.post(&keys, &[("email", "nobody@harbour.example"), ("label", "x")]).await;
    let alert = "role=\"alert\" id=\"problem\" tabindex=\"-1\" autofocus>E-mail address: nobody here has it.</p>\n<form";
    shows(&refused, alert);
    assert_eq!(tab(&refused), format!("Problem: Access keys · {} · Doorward", pool.tenant().display_name));
    assert!(!browser.get(&keys).await.text().contains("autofocus"));

    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let past = [("email", "uma@harbour.example"), ("label", "x"), ("days", "0")];
    shows(&browser.post(&keys, &past).await, "For how many days: must be in the future.");
}

#[tokio::test]
async fn the_tab_says_whose_page_it_is_and_nothing_twice() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let name = &pool.tenant().display_name;
    let browser = operator(&house).await;
    let here = format!("/console/tenants/{}", pool.tenant().id);
    assert_eq!(tab(&browser.get(&format!("{here}/people")).await), format!("People · {name} · Doorward"));
    assert_eq!(tab(&browser.get(&here).await), format!("{name} · Doorward"));
    assert_eq!(tab(&browser.get("/console/tenants").await), "Tenants · Doorward");
}

#[tokio::test]
async fn a_refused_sign_in_says_so_first_in_three_languages_and_begins_at_the_password() {
    let house = House::start().await;
    house.pool("harbour").await;
    let browser = Browser::at(&house);
    for (language, word) in [("en", "Problem: "), ("de", "Fehler: "), ("fr", "Problème\u{a0}: ")] {
        let request = Request::post(crate::browser::HOST, "/t/harbour/sign-in");
        let request = request.header("accept-language", language).header("sec-fetch-site", "same-origin");
        let body = "email=nobody%40harbour.example&password=wrong";
        let refused = browser.send(request.body("application/x-www-form-urlencoded", body)).await;
        assert!(tab(&refused).starts_with(word), "{}", tab(&refused));
        let text = refused.text();
        let (_, field) = text.split_once("<input id=\"password\"").unwrap();
        let (field, _) = field.split_once('>').unwrap();
        assert!(field.contains("aria-describedby=\"problem\" autofocus"), "{field}");
        assert_eq!(text.matches(" autofocus").count(), 1);
    }
}
