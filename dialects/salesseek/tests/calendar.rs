//! The calendar feed that `ical_url` leads to.

use crate::stage::{ADMIN, NORTH, SOUTH, Stage, USER, get, refusal};
use doorward_core::access_keys::{self, NewKey};
use doorward_core::consent::{self, NewTerms};
use doorward_core::people;
use doorward_model::{Kind, Role};
use doorward_testkit::{Answer, PASSWORD, Request};

async fn url(stage: &Stage) -> String {
    stage.log_in(NORTH, USER, PASSWORD).await.json()["ical_url"].as_str().unwrap().to_owned()
}

/// Content lines as RFC 5545 §3.1 unfolds them.
fn lines(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    assert!(text.ends_with("\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");
    text.replace("\r\n ", "").trim_end().split("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn the_feed_is_a_calendar_without_any_cookie() {
    let stage = Stage::set().await;
    let answer = stage.send(get(&url(&stage).await)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let lines = lines(&answer);
    assert_eq!(lines[..2], ["BEGIN:VCALENDAR", "VERSION:2.0"]);
    assert_eq!(lines.last().unwrap(), "END:VCALENDAR");
    let count = |line: &str| lines.iter().filter(|known| known.starts_with(line)).count();
    assert_eq!(count("BEGIN:VEVENT"), 1, "a calendar must not be empty");
    for property in ["UID:", "DTSTAMP:20261122T100000Z", "DTSTART:20261122T100000Z", "SUMMARY:"] {
        assert_eq!(count(property), 1, "{property}");
    }
    let again = stage.send(get(&url(&stage).await)).await;
    assert_eq!(again.body, answer.body, "the same dates are the same calendar");
}

#[tokio::test]
async fn a_wrong_token_answers_like_nobody() {
    let stage = Stage::set().await;
    let url = url(&stage).await;
    let (path, token) = url.split_once("?token=").unwrap();
    let admins = path.replace(&stage.user.id.to_string(), &stage.admin.id.to_string());
    for wrong in [
        path.to_owned(),
        format!("{path}?token="),
        format!("{path}?token={}", "0".repeat(36)),
        format!("{admins}?token={token}"),
        format!("/users/7/icalendar_feed?token={token}"),
    ] {
        let expected = (404, "There is nothing at this address.".to_owned());
        assert_eq!(refusal(&stage.send(get(&wrong)).await), expected, "{wrong}");
    }
    assert_eq!(stage.send(Request::get(SOUTH, &url)).await.status, 404);
}

#[tokio::test]
async fn a_feeds_token_is_shown_to_its_owner_only() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    for (cookie, own) in [(&user, true), (&admin, false)] {
        let path = format!("/api/users/{}", stage.user.id);
        let one = stage.send(get(&path).header("cookie", cookie)).await.json();
        let all = stage.send(get("/api/users").header("cookie", cookie)).await.json();
        let listed = all.as_array().unwrap().iter().find(|user| user["id"] == one["id"]).unwrap();
        assert_eq!(listed["ical_url"], one["ical_url"]);
        assert_eq!(one["ical_url"].as_str().unwrap().contains("token="), own);
    }
}

#[tokio::test]
async fn the_feed_ends_with_its_user() {
    let stage = Stage::set().await;
    let url = url(&stage).await;
    let (house, north) = (&stage.house, &stage.north);
    people::disable(&house.core, &house.caller, &house.operator, north, stage.user.id).await.unwrap();
    assert_eq!(stage.send(get(&url)).await.status, 404);
}

#[tokio::test]
async fn a_new_address_closes_the_old_one() {
    let stage = Stage::set().await;
    let old = url(&stage).await;
    let (house, user) = (&stage.house, stage.user.id);
    doorward_core::feed::rotate(&house.core, &house.caller, &house.operator, &stage.north, user)
        .await
        .unwrap();
    assert_eq!(stage.send(get(&old)).await.status, 404);
    let new = url(&stage).await;
    assert_ne!(new, old);
    assert_eq!(stage.send(get(&new)).await.status, 200);
}

/// The summaries of a feed, and when each date is.
async fn dates(stage: &Stage, url: &str) -> Vec<(String, String)> {
    let lines = lines(&stage.send(get(url)).await);
    let of = |name: &str| -> Vec<String> {
        lines.iter().filter_map(|line| line.strip_prefix(name)).map(str::to_owned).collect()
    };
    of("SUMMARY:").into_iter().zip(of("DTSTART:")).collect()
}

#[tokio::test]
async fn the_feed_holds_the_dates_of_keys_invitations_and_terms() {
    let stage = Stage::set().await;
    let url = url(&stage).await;
    let (house, north) = (&stage.house, &stage.north);
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let hour = std::time::Duration::from_secs(3_600);
    let new = NewKey {
        person: stage.user.id,
        label: "Nightly export".to_owned(),
        rate: None,
        expires_at: Some(core.now().plus(hour * 24)),
    };
    let key = access_keys::create(core, caller, operator, north, new).await.unwrap().key;
    access_keys::rotate(core, caller, operator, key.pool, key.id, hour).await.unwrap();
    let terms =
        NewTerms { version: "2026-12".to_owned(), url: None, effective_at: core.now().plus(hour * 48) };
    consent::publish(core, caller, operator, north, terms).await.unwrap();
    let dates = dates(&stage, &url).await;
    let at =
        |summary: &str| dates.iter().find(|(known, _)| known.contains(summary)).map(|(_, at)| at.as_str());
    assert_eq!(at("Access key expires: Nightly export"), Some("20261123T100000Z"), "{dates:?}");
    assert_eq!(at("The old secret of an access key expires: Nightly export"), Some("20261122T110000Z"));
    assert_eq!(at("New terms of Northwind begin to hold: 2026-12"), Some("20261124T100000Z"));

    let invite = |new: &mut people::NewPerson| new.password = people::NewPassword::None;
    let email = "invited@northwind.example";
    let invited = house.person_with(north, email, Kind::User, Role::User, invite).await;
    let form = doorward_core::links::LinkForm::INVITATION;
    doorward_core::invite::again(core, caller, operator, north, invited.id, form).await.unwrap();
    let token = doorward_core::feed::token(core, &invited);
    let path = format!("/users/{}/icalendar_feed?token={}", invited.id, token.expose());
    let theirs = self::dates(&stage, &path).await;
    assert!(
        theirs.iter().any(|(summary, _)| summary == "Your invitation to Northwind expires"),
        "{theirs:?}"
    );
}
