//! People: invited, looked at, changed, signed out, disabled, deleted.

use super::{operator, shows, signed_in};
use doorward_core::{browser, people};
use doorward_model::{Email, Kind, MailKind, PersonStatus, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;

#[tokio::test]
async fn somebody_is_invited_found_in_the_list_and_shown_with_what_is_known() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let people = format!("/console/tenants/{}/people", pool.tenant().id);
    shows(&browser.get(&people).await, "Nobody is here yet");
    let fields = [
        ("email", "zoë@harbour.example"),
        ("first_name", "Zoë"),
        ("last_name", "O'Neill <b>"),
        ("kind", "user"),
        ("role", "admin"),
    ];
    let shown = browser.submit(&format!("{people}/new"), &fields).await;
    shows(&shown, "The invitation is on its way.");
    shows(&shown, "O&#39;Neill &#60;b&#62;");
    shows(&shown, "They have to choose a new password");
    let mails = house.mails().await;
    assert!(mails.iter().any(|mail| mail.kind == MailKind::Invitation));
    shows(&browser.get(&people).await, "zoë@harbour.example");

    let twice = browser.post(&format!("{people}/new"), &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&twice, "E-mail address: somebody here already has this e-mail");
    for (field, value, why) in [
        ("email", "nobody", "E-mail address"),
        ("role", "king", "What they may do: "),
        ("kind", "", "Who they are: "),
    ] {
        let wrong = fields.map(|(name, typed)| (name, if name == field { value } else { typed }));
        shows(&browser.post(&format!("{people}/new"), &wrong).await, why);
    }
}

#[tokio::test]
async fn a_person_is_changed_signed_out_disabled_enabled_and_deleted() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let person = house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let email = "uma@harbour.example".to_owned();
    let hers =
        browser::person(&house.core, &house.caller, &pool, email, Secret::new(PASSWORD)).await.unwrap();
    let token = hers.token.unwrap();
    let browser = operator(&house).await;
    let page = format!("/console/tenants/{}/people/{}", pool.tenant().id, person.id);
    let act = format!("{page}/act");

    let saved = browser
        .submit(
            &format!("{page}/edit"),
            &[("first_name", "Uma"), ("last_name", "Okafor"), ("language", "de")],
        )
        .await;
    let edit = format!("{page}/edit");
    shows(&browser.get(&edit).await, "value=\"de\" lang=\"de\" selected");
    // A form that was opened before: what others changed meanwhile stays, their own choice, too.
    let before = [
        ("first_name", ""),
        ("first_name_was", ""),
        ("last_name", "Okafor-Berg"),
        ("last_name_was", ""),
        ("language", ""),
        ("language_was", ""),
    ];
    shows(&browser.submit(&edit, &before).await, "Uma Okafor-Berg");
    shows(&browser.get(&edit).await, "value=\"de\" lang=\"de\" selected");
    let back = [("first_name_was", ""), ("first_name", ""), ("known_as", ""), ("language", "de")];
    let back =
        [&back[..], &[("language_was", "de"), ("last_name", "Okafor"), ("last_name_was", "Okafor-Berg")]]
            .concat();
    browser.submit(&edit, &back).await;
    shows(&saved, "Uma Okafor");
    shows(&saved, "browser from 127.0.0.1");
    shows(&saved, ">user</span>");
    let trail =
        browser.get(&format!("/console/tenants/{}/events?person={}", pool.tenant().id, person.id)).await;
    shows(&trail, "changed the account of Uma Okafor");
    shows(&trail, "Only events about");
    shows(&browser.submit(&act, &[("step", "end-all")]).await, "signed out there at once");
    assert!(browser::visitor(&house.core, &token).await.is_err());
    shows(&browser.submit(&act, &[("step", "reset")]).await, "A link to choose a new password");
    assert!(house.mails().await.iter().any(|mail| mail.kind == MailKind::Reset));

    shows(&browser.get(&format!("{act}?step=disable")).await, "Disable Uma Okafor?");
    shows(&browser.submit(&act, &[("step", "disable")]).await, "they cannot sign in");
    shows(&browser.submit(&act, &[("step", "enable")]).await, "Enabled again");
    shows(&browser.submit(&act, &[("step", "delete")]).await, "Deleted. Its history stays");
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND);
    let gone = people::by_id(&house.core, pool.pool(), person.id).await.unwrap();
    assert_eq!(gone.status, PersonStatus::Deleted);
}

#[tokio::test]
async fn an_administrator_does_nothing_to_those_who_may_more() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let owner = house.person(&pool, "owner@harbour.example", Kind::Administrator, Role::Owner).await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "harbour", "ben@harbour.example").await;
    let page = format!("/console/tenants/{}/people/{}", pool.tenant().id, owner.id);
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    for step in ["disable", "delete", "end-all", "invite"] {
        let refused = browser.post(&format!("{page}/act"), &[("step", step)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{step}");
    }
    let renamed = browser.post(&format!("{page}/edit"), &[("first_name", "Evil")]).await;
    assert_eq!(renamed.status, StatusCode::FORBIDDEN);
    let crowned = [("email", "eve@harbour.example"), ("kind", "administrator"), ("role", "owner")];
    let crowned = browser.post(&format!("/console/tenants/{}/people/new", pool.tenant().id), &crowned).await;
    assert_eq!(crowned.status, StatusCode::FORBIDDEN);
    let eve = Email::parse("eve@harbour.example").unwrap();
    assert!(people::by_email(&house.core, pool.pool(), &eve).await.is_err());
}

#[tokio::test]
async fn people_are_found_by_how_a_name_or_their_address_begins_here_and_below() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let spa = house.child("harbour-spa", &top).await;
    let named = |first: &'static str, last: &'static str| {
        move |new: &mut people::NewPerson| {
            new.profile.first_name = Some(first.to_owned());
            new.profile.last_name = Some(last.to_owned());
        }
    };
    house.person_with(&spa, "uma@spa.example", Kind::User, Role::User, named("Uma", "Okafor")).await;
    house.person_with(&top, "zed@harbour.example", Kind::User, Role::User, named("Zed", "O'Hara & Co")).await;
    let browser = operator(&house).await;
    let people = format!("/console/tenants/{}/people", top.tenant().id);
    for (sought, found, not) in
        [("oka", "Uma Okafor", "Zed"), ("ZED@HAR", "Zed O", "Uma"), ("u ok", "Uma Okafor", "Zed")]
    {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", sought).finish();
        let page = browser.get(&format!("{people}?{query}")).await;
        shows(&page, found);
        assert!(!page.text().contains(not), "{sought}");
    }
    let page = browser.get(&format!("{people}?q=nobody")).await;
    shows(&page, "Nobody whose name or address begins like this");
    let hostile = browser.get(&format!("{people}?q=%22%3E%3Cscript%3E&cursor=forged")).await;
    assert_eq!(hostile.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!hostile.text().contains("\"><script>"));
}

#[tokio::test]
async fn a_long_list_is_read_a_page_at_a_time() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    for n in 0..60 {
        house.person(&pool, &format!("p{n}@harbour.example"), Kind::Contact, Role::User).await;
    }
    let browser = operator(&house).await;
    let (mut path, mut seen) = (format!("/console/tenants/{}/people", pool.tenant().id), 0);
    loop {
        let text = browser.get(&path).await.text();
        seen += text.matches(r#"data-label="E-mail""#).count();
        let Some((_, rest)) = text.split_once(r#"class="button quiet" href=""#) else { break };
        path = rest.split('"').next().unwrap().to_owned();
    }
    assert_eq!(seen, 60);
}
