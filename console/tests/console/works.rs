//! Imports and exports: looked through, started, left, found again, mended, taken.

use super::{operator, shows, signed_in};
use doorward_core::works;
use doorward_model::{Kind, Role};
use doorward_testkit::{Answer, House, Request};
use doorward_web::StatusCode;
use std::time::Duration;

/// What a browser sends of a form with a file.
fn upload(path: &str, file: &str, invite: bool) -> Request {
    upload_named(path, file, invite, "")
}

/// The same for a form that was shown with a name.
fn upload_named(path: &str, file: &str, invite: bool, once: &str) -> Request {
    let field = |name: &str, text: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let ticked = if invite { field("invite", "yes") } else { String::new() };
    let once = field("once", once);
    let body = format!(
        "{once}{ticked}--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\ncontent-type: text/csv\r\n\r\n\
         {file}\r\n--b--\r\n"
    );
    let ask = Request::post(crate::browser::HOST, path).body("multipart/form-data; boundary=b", body);
    ask.header("sec-fetch-site", "same-origin")
}

fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").unwrap().to_owned()
}

#[tokio::test]
async fn a_file_that_is_sent_twice_is_looked_through_once() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let form = format!("/console/tenants/{}/works/import", pool.tenant().id);
    let shown = browser.get(&form).await.text();
    let once = shown.split(r#"name="once" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let send = async |file: &str| led(&browser.send(upload_named(&form, file, false, &once)).await);
    let first = send("email\r\numa@harbour.example\r\n").await;
    assert_eq!(send("email\r\numa@harbour.example\r\n").await, first);
    assert_ne!(send("email\r\nida@harbour.example\r\n").await, first, "another file is another one");
}

#[tokio::test]
async fn a_file_is_looked_through_started_left_and_found_again() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let all = format!("/console/tenants/{}/works", pool.tenant().id);
    shows(&browser.get(&all).await, "None in the last month");
    shows(&browser.get(&format!("{all}/import")).await, "email, first_name, last_name");
    let file = "email;first_name\r\numa@harbour.example;Uma\r\nnobody;<b>\r\n";
    let page = led(&browser.send(upload(&format!("{all}/import"), file, true)).await);
    let checked = browser.get(&page).await;
    shows(&checked, "1 person will be made; 1 line cannot be done. Nothing is written yet.");
    shows(&checked, "Each of them is mailed an invitation");
    shows(&checked, "<td data-label=\"E-mail\" class=\"free\">nobody</td>");
    assert_eq!(checked.header("refresh"), None);
    assert!(!works::go_on(&house.core).await.unwrap());

    let begun = led(&browser.post(&format!("{page}/start"), &[]).await);
    let running = browser.get(&begun).await;
    shows(&running, "Begun. It goes on");
    shows(&running, "<progress max=\"2\" value=\"1\"");
    assert_eq!(running.header("refresh"), Some(format!("5;url={page}").as_str()));
    let still = browser.get(&format!("{page}?still=1")).await;
    assert_eq!(still.header("refresh"), None);
    shows(&still, "Refresh by itself");

    while works::go_on(&house.core).await.unwrap() {}
    shows(&browser.get("/console/works").await, &page);
    shows(&browser.get(&all).await, "1 person made, 1 line refused.");
    let done = browser.get(&page).await;
    shows(&done, "1 person made, 1 line refused.");
    assert_eq!(done.header("refresh"), None);
    let lines = browser.get(&format!("{page}/refused")).await;
    assert_eq!(lines.text().lines().nth(1), Some("\"nobody\",\"<b>\",\"\",\"\",\"\",\"\",\"\""));
    shows(
        &browser.get(&format!("/console/tenants/{}/people", pool.tenant().id)).await,
        "uma@harbour.example",
    );
}

#[tokio::test]
async fn a_file_that_is_none_is_told_above_the_form() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let form = format!("/console/tenants/{}/works/import", pool.tenant().id);
    for (file, why) in
        [("emial\nx", "did you mean email?"), ("", "it is empty"), ("email\n", "only a first line")]
    {
        let again = browser.send(upload(&form, file, true)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        shows(&again, why);
        shows(&again, "value=\"yes\" checked");
    }
    let huge = browser.send(upload(&form, &"a".repeat(1024 * 1024), false)).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let plain = browser.post(&form, &[("file", "email")]).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    let foreign = upload(&form, "email\nx@y.example", false).header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_signed_in_a_while_ago_proves_that_it_is_them_before_people_are_made() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "harbour", "ben@harbour.example").await;
    let all = format!("/console/tenants/{}/works", pool.tenant().id);
    house.clock.advance(Duration::from_secs(11 * 60));
    let file = "email,role\numa@harbour.example,owner\nzoe@harbour.example,user\n";
    let page = led(&browser.send(upload(&format!("{all}/import"), file, false)).await);
    shows(&browser.get(&page).await, "role: you may not make somebody with it");
    let refused = browser.post(&format!("{page}/start"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&refused, "Your own password");
    let canceled = led(&browser.post(&format!("{page}/cancel"), &[]).await);
    shows(&browser.get(&canceled).await, "canceled");
    // Everybody's works are the operators' to see.
    assert_eq!(browser.get("/console/works").await.status, StatusCode::FORBIDDEN);
    let other = house.pool("elsewhere").await;
    let there = page.replace(&pool.tenant().id.to_string(), &other.tenant().id.to_string());
    assert_eq!(browser.get(&there).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_of_people_is_made_and_taken() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let all = format!("/console/tenants/{}/works", pool.tenant().id);
    let begun = led(&browser.post(&format!("{all}/export"), &[("of", "people")]).await);
    let page = begun.split('?').next().unwrap().to_owned();
    shows(&browser.get(&begun).await, "0 rows so far.");
    let busy = led(&browser.post(&format!("{all}/export"), &[("of", "events"), ("kind", "signed_in")]).await);
    shows(&browser.get(&busy).await, "Another one is going on here");
    while works::go_on(&house.core).await.unwrap() {}
    shows(&browser.get(&page).await, "Take it as CSV");
    let file = browser.get(&format!("{page}/file/csv")).await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"people.csv\""));
    assert_eq!(file.text().lines().count(), 2);
    let trail = browser.get(&format!("/console/tenants/{}/events", pool.tenant().id)).await;
    shows(&trail, "took a file of what is kept at Harbour (people, made before)");
}
