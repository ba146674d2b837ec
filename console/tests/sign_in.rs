//! Signing in at a tenant's own page, what is asked of somebody then, and signing out.

use crate::browser::{Browser, HOST};
use crate::{hashes, someone};
use doorward_core::consent::{self, NewTerms};
use doorward_core::passwords;
use doorward_model::{Kind, Role, Secret, Timestamp};
use doorward_testkit::{House, PASSWORD, Request};
use doorward_web::StatusCode;

const PAGE: &str = "/t/northwind/sign-in";
const ADA: &str = "ada@northwind.example";

#[tokio::test]
async fn somebody_signs_in_and_finds_their_account() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    for needed in [
        "Sign in to Northwind",
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "/t/northwind/forgot",
    ] {
        assert!(page.text().contains(needed), "{needed}");
    }
    let account = browser.submit(PAGE, &[("email", ADA), ("password", PASSWORD)]).await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(account.text().contains("Where you are signed in") && account.text().contains(ADA));
    assert!(browser.cookie().unwrap().starts_with("doorward="));
    assert_eq!(account.header("cache-control"), Some("no-store"));

    let gone = browser.submit("/account/sign-out", &[]).await;
    assert!(gone.text().contains("You are signed out"), "{}", gone.text());
    assert_eq!(browser.cookie(), None);
    assert_eq!(browser.get("/account").await.header("location"), Some("/account/sign-in"));
}

#[tokio::test]
async fn whoever_is_signed_in_already_is_told_and_led_on() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    assert!(!browser.get(PAGE).await.text().contains("You are signed in"));
    browser.submit(PAGE, &[("email", ADA), ("password", PASSWORD)]).await;
    for page in [PAGE, "/console/sign-in"] {
        let told = browser.get(page).await;
        let said = format!(r#"You are signed in as {ADA} (Northwind). <a href="/account">Go on</a>"#);
        assert!(told.text().contains(&said) && told.text().contains("name=\"password\""), "{}", told.text());
        let told = browser.get(&format!("{page}?to=%2Faccount%2Fmails")).await;
        assert!(told.text().contains(r#"<a href="/account/mails">Go on</a>"#), "{}", told.text());
    }
    // A session that ended says nothing.
    let kept = browser.cookie().unwrap();
    browser.submit("/account/sign-out", &[]).await;
    let again = browser.send(Request::get(HOST, PAGE).header("cookie", &kept)).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(!again.text().contains("You are signed in"));
}

#[tokio::test]
async fn a_browser_remembers_where_somebody_signed_in_and_nothing_of_them() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    let sent = browser.post(PAGE, &[("email", ADA), ("password", PASSWORD)]).await;
    let cookies: Vec<&str> =
        sent.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    let place = "doorward-at=northwind; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000";
    assert!(cookies.contains(&place), "{cookies:?}");
    browser.submit("/account/sign-out", &[]).await;
    let whose = browser.get("/account/sign-in?to=%2Faccount%2Fmails").await;
    assert!(whose.text().contains(r#"value="northwind""#), "{}", whose.text());
    let led =
        browser.post("/account/sign-in", &[("organisation", "northwind"), ("to", "/account/mails")]).await;
    assert_eq!(led.header("location"), Some("/t/northwind/sign-in?to=%2Faccount%2Fmails"));
    // What it says is believed no further than what somebody types.
    let operator = crate::console::operator(&house).await;
    assert!(operator.get("/account/sign-in").await.text().contains(r#"name="organisation" value="""#));
    let administrator = Browser::at(&house);
    let fields = [("organisation", "northwind"), ("email", ADA), ("password", PASSWORD)];
    administrator.submit("/console/sign-in", &fields).await;
    assert!(administrator.get("/account/sign-in").await.text().contains(r#"value="northwind""#));
    let forged = Request::get(HOST, "/account/sign-in").header("cookie", "doorward-at=\"><b>x");
    let forged = Browser::at(&house).send(forged).await;
    assert!(forged.text().contains(r#"name="organisation" value="""#), "{}", forged.text());
}

#[tokio::test]
async fn a_session_that_was_signed_out_is_worth_nothing_to_who_kept_its_cookie() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    browser.submit(PAGE, &[("email", ADA), ("password", PASSWORD)]).await;
    let kept = browser.cookie().unwrap();
    browser.submit("/account/sign-out", &[]).await;
    let again = browser.send(Request::get(HOST, "/account").header("cookie", &kept)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_refusal_reads_alike() {
    let house = House::start().await;
    someone(&house).await;
    let other = house.pool("elsewhere").await;
    house.person(&other, "eve@northwind.example", Kind::User, Role::User).await;
    let browser = Browser::at(&house);
    let mut pages = Vec::new();
    for (email, password) in [
        (ADA, "a wrong password"),
        ("nobody@northwind.example", "a wrong password"),
        ("nobody@northwind.example", PASSWORD),
        ("eve@northwind.example", PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
    ] {
        let before = hashes(&house).await;
        let page = browser.post(PAGE, &[("email", email), ("password", password)]).await;
        assert_eq!(hashes(&house).await - before, 1, "one hash for each: {email}");
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert!(page.text().contains("do not go together"), "{email}");
        assert!(!page.text().contains(password) || password.is_empty(), "no password is shown again");
        assert_eq!(browser.cookie(), None);
        pages.push(page.text().replace(&format!("value=\"{email}\""), "value=\"\""));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "one answer");
}

#[tokio::test]
async fn guessing_is_slowed_and_told_how_long() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    let mut told = None;
    for _ in 0..20 {
        let page = browser.post(PAGE, &[("email", ADA), ("password", "a wrong password")]).await;
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            told = Some(page);
            break;
        }
    }
    let page = told.expect("twenty guesses at one moment");
    assert!(page.text().contains("please wait") && page.header("retry-after").is_some(), "{}", page.text());
    assert!(page.text().contains(ADA), "the address need not be typed again");
}

#[tokio::test]
async fn a_sign_in_leads_back_to_a_page_of_ours_and_nowhere_else() {
    let house = House::start().await;
    someone(&house).await;
    for (to, leads) in [
        ("/account/data", "/account/data"),
        ("//evil.example", "/account"),
        ("https://evil.example/account", "/account"),
        ("/account\\@evil.example", "/account"),
        ("/t/northwind/forgot", "/account"),
    ] {
        let browser = Browser::at(&house);
        let fields = [("email", ADA), ("password", PASSWORD), ("to", to)];
        assert_eq!(browser.post(PAGE, &fields).await.header("location"), Some(leads), "{to}");
    }
}

#[tokio::test]
async fn terms_are_asked_for_until_somebody_agrees() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let terms = NewTerms {
        version: "2026 <b>".to_owned(),
        url: Some("https://northwind.example/terms".parse().unwrap()),
        effective_at: house.core.now(),
    };
    consent::publish(&house.core, &house.caller, &house.operator, &branch, terms).await.unwrap();
    let browser = Browser::at(&house);
    let fields = [("email", ADA), ("password", PASSWORD), ("to", "/account/keys")];
    let asked = browser.submit(PAGE, &fields).await;
    assert!(asked.text().contains("Terms of Northwind") && !asked.text().contains("<b>"), "{}", asked.text());
    assert!(asked.text().contains("https://northwind.example/terms"));
    assert_eq!(browser.get("/account").await.header("location"), Some("/account/terms"));
    for page in
        ["/account/password", "/account/email", "/account/mails", "/account/data", "/account/data.json"]
    {
        let first = format!("/account/terms?to={}", page.replace('/', "%2F"));
        assert_eq!(browser.get(page).await.header("location"), Some(first.as_str()), "{page}");
    }
    let posted = browser.post("/account/mails", &[("instant", "yes")]).await;
    assert_eq!(posted.header("location"), Some("/account/terms?to=%2Faccount%2Fmails"));

    let unticked = browser.post("/account/terms", &[("to", "/account/keys")]).await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!consent::is_given(&house.core, &branch, ada.id).await.unwrap());

    let unsaid = browser.post("/account/terms", &[("to", "/account/keys"), ("agreed", "yes")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "to which version?");
    let shown = shown(&unsaid.text());
    let fields = [("to", "/account/keys"), ("terms", shown.as_str()), ("agreed", "yes")];
    let agreed = browser.post("/account/terms", &fields).await;
    assert_eq!(agreed.header("location"), Some("/account/keys"));
    assert!(consent::is_given(&house.core, &branch, ada.id).await.unwrap());
    assert_eq!(browser.get("/account/terms").await.header("location"), Some("/account"), "not asked twice");
    assert!(browser.get("/account/data").await.text().contains("2026 &#60;b&#62;"));
}

/// The version that the form of a page names.
fn shown(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"terms\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn nobody_agrees_to_terms_that_came_after_the_page_they_read() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let publish = async |version: &str, at: i64| {
        let effective_at = Timestamp::from_micros(at);
        let terms = NewTerms { version: version.to_owned(), url: None, effective_at };
        consent::publish(&house.core, &house.caller, &house.operator, &branch, terms).await.unwrap()
    };
    publish("first", 0).await;
    let browser = Browser::at(&house);
    let read = browser.submit(PAGE, &[("email", ADA), ("password", PASSWORD)]).await.text();
    assert!(read.contains("first"), "{read}");
    publish("second", 1).await;
    let agrees = async |to: &str| browser.post("/account/terms", &[("terms", to), ("agreed", "yes")]).await;
    let late = agrees(&shown(&read)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("second") && late.text().contains("other terms"), "{}", late.text());
    assert!(!consent::is_given(&house.core, &branch, ada.id).await.unwrap());
    assert_eq!(agrees(&shown(&late.text())).await.header("location"), Some("/account"));
    assert!(consent::is_given(&house.core, &branch, ada.id).await.unwrap());
}

#[tokio::test]
async fn who_must_choose_a_new_password_can_do_nothing_else() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let temporary = Secret::new("a temporary password 7");
    passwords::set(&house.core, &house.caller, &house.operator, &branch, ada.id, temporary, true)
        .await
        .unwrap();
    let browser = Browser::at(&house);
    let page = browser.submit(PAGE, &[("email", ADA), ("password", "a temporary password 7")]).await;
    assert!(
        page.text().contains("asks you to choose a new password")
            && !page.text().contains("current_password")
    );
    for path in ["/account", "/account/email", "/account/keys", "/account/data.json"] {
        assert_eq!(browser.get(path).await.header("location"), Some("/account/password"), "{path}");
    }
    let same = [("password", "a temporary password 7"), ("password_again", "a temporary password 7")];
    let same = browser.post("/account/password", &same).await;
    assert!(same.text().contains("the password you have now"), "{}", same.text());
    let new = [("password", "brave kettle hums 1968"), ("password_again", "brave kettle hums 1968")];
    assert!(browser.submit("/account/password", &new).await.text().contains("Your new password is set"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stranger_says_which_organisation_they_belong_to() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    assert!(browser.get("/account/sign-in").await.text().contains("Organisation"));
    let led = browser.submit("/account/sign-in", &[("organisation", " NorthWind ")]).await;
    assert!(led.text().contains("Sign in to Northwind"));

    let wanted = browser.get("/account/keys").await.header("location").unwrap().to_owned();
    assert!(browser.get(&wanted).await.text().contains("name=\"to\" value=\"/account/keys\""));
    let fields = [("organisation", "northwind"), ("to", "/account/keys")];
    let form = browser.post("/account/sign-in", &fields).await.header("location").unwrap().to_owned();
    assert!(browser.get(&form).await.text().contains("name=\"to\" value=\"/account/keys\""), "{form}");
    let fields = [("organisation", "northwind"), ("to", "https://evil.example/account")];
    let plain = browser.post("/account/sign-in", &fields).await;
    assert_eq!(plain.header("location"), Some("/t/northwind/sign-in"));
    for typed in ["nobody", "", "../console", "<script>"] {
        let page = browser.post("/account/sign-in", &[("organisation", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(!page.text().contains("<script>"));
    }
}
