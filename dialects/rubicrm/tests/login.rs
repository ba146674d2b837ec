//! `Login`: the record of the seed, the encodings of a password, and answers that tell nobody who exists.

use crate::guild::{Guild, KEY, PASSWORD, UNVERIFIED, VERIFIED, contact, row, said};
use doorward_core::people::{self, NewPassword};
use doorward_model::{Kind, Policy, Role, Secret, Verified};
use serde_json::json;

const GONE: &str = "gone@guild.example";

#[tokio::test]
async fn a_verified_contact_gets_the_record_of_the_seed_and_a_session() {
    let guild = Guild::open().await;
    let answer = guild.login(VERIFIED).await;
    assert_eq!(answer.status, 200);
    let row = row(&answer);
    let fields: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    let seed: Vec<&str> = include_str!("golden/login-fields.txt").lines().collect();
    assert_eq!(fields, seed);
    assert_eq!(row["uid"], json!(guild.verified.id.to_string()));
    assert!(answer.header("doorward-session").unwrap().len() >= 22, "at least 128 bits");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn an_unverified_contact_gets_stable_codes_and_no_session() {
    let guild = Guild::open().await;
    let first = guild.login(UNVERIFIED).await;
    assert_eq!(first.header("doorward-session"), None);
    let row_of_first = row(&first);
    assert_eq!(row_of_first["LoginVerified"], json!(false));
    assert!(row_of_first["ValidationVal"].as_str().unwrap().len() >= 32);

    guild.house.clock.advance(std::time::Duration::from_secs(59 * 60));
    assert_eq!(row(&guild.login(UNVERIFIED).await), row_of_first, "the same codes while they are open");

    guild.house.clock.advance(std::time::Duration::from_secs(2 * 60));
    let later = row(&guild.login(UNVERIFIED).await);
    assert_ne!(later["ValidationVal"], row_of_first["ValidationVal"], "new ones after an hour");
    assert_ne!(later["ValidationID"], row_of_first["ValidationID"]);
}

#[tokio::test]
async fn passwords_come_in_every_spelling_of_base64_and_in_no_other() {
    let guild = Guild::open().await;
    let status = async |password: &str| {
        let fields = json!({ "emailaddress": VERIFIED, "password": password });
        said(&guild.call("Login", fields).await).0
    };
    assert_eq!(status(PASSWORD).await, 200);
    assert_eq!(status("bWlsZC1vdHRlci1zaW5ncy00NzEy").await, 401);
    for broken in ["mild-otter-sings-4711", "", "%%%%", "/w==", &"QUFB".repeat(38)] {
        assert_eq!(status(broken).await, 400, "{broken}");
    }
}

#[tokio::test]
async fn field_names_match_in_any_case_and_addresses_have_a_limit() {
    let guild = Guild::open().await;
    let seed_case = json!({ "EmailAddress": "Verified@Guild.example", "Password": PASSWORD });
    assert_eq!(guild.call("Login", seed_case).await.status, 200);
    let twice = json!({ "EmailAddress": VERIFIED, "emailaddress": VERIFIED, "password": PASSWORD });
    assert_eq!(guild.call("Login", twice).await.status, 400);
    let list = json!({ "emailaddress": [VERIFIED], "password": PASSWORD });
    assert_eq!(guild.call("Login", list).await.status, 400);
    let long = format!("{}@guild.example", "a".repeat(240));
    assert_eq!(guild.login(&long).await.status, 400);
    assert_eq!(guild.login(&long[5..]).await.status, 401);
}

#[tokio::test]
async fn unknown_wrong_inactive_and_foreign_accounts_answer_alike() {
    let guild = Guild::open().await;
    let stranger = guild.house.pool("stranger").await;
    contact(&guild.house, &stranger, "somebody@stranger.example", Verified::ByMail).await;
    guild.house.person(&guild.branch, "member@guild.example", Kind::Member, Role::User).await;
    let (house, gone) = (&guild.house, contact(&guild.house, &guild.branch, GONE, Verified::ByMail).await);
    people::disable(&house.core, &house.caller, &house.operator, &guild.branch, gone.id).await.unwrap();
    let wrong = json!({ "emailaddress": VERIFIED, "password": "d3Jvbmc=" });
    let wrong = guild.call("Login", wrong).await;
    assert_eq!(said(&wrong), (401, json!([])));
    for email in
        ["nobody@guild.example", "no address", "somebody@stranger.example", "member@guild.example", GONE]
    {
        let answer = guild.login(email).await;
        assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{email}");
        let names = |answer: &doorward_testkit::Answer| {
            answer.headers.keys().map(|name| name.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&answer), names(&wrong), "{email}");
    }
}

#[tokio::test]
async fn an_administrator_is_a_web_admin_and_a_tenant_may_allow_no_login() {
    let guild = Guild::open().await;
    guild.house.person(&guild.branch, "chair@guild.example", Kind::Administrator, Role::Admin).await;
    assert_eq!(row(&guild.login("chair@guild.example").await)["WebAdmin"], json!(true));

    let closed = Policy { allow_login: Some(false), ..Policy::default() };
    let closed = guild.house.tenant("closed", None, Some(&guild.branch), closed).await;
    crate::guild::application(&guild.house, &closed, "the-key-of-the-closed-shop", false).await;
    let fields =
        json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": "the-key-of-the-closed-shop" });
    let request = doorward_testkit::Request::post(crate::guild::SHARED, "/Login").json(&fields);
    let answer = guild.client.send(request).await;
    assert_eq!(row(&answer)["AllowLogin"], json!(false));
    assert_eq!(row(&answer)["Company"], json!("Guild"), "the company of the place, not of the door");
    assert_eq!(answer.header("doorward-session"), None);
}

#[tokio::test]
async fn guessing_is_slowed_down_alike_for_everybody() {
    let guild = Guild::open().await;
    let mut answers = Vec::new();
    for email in [VERIFIED, "nobody@guild.example"] {
        for _ in 0..5 {
            guild.call("Login", json!({ "emailaddress": email, "password": "d3Jvbmc=" })).await;
        }
        answers.push(guild.login(email).await);
    }
    assert_eq!(answers[0].status, 429);
    assert_eq!(answers[0].header("retry-after"), Some("1"));
    assert_eq!(answers[0].body, answers[1].body);
    let classic = guild.classic(KEY, "Login", &[VERIFIED, PASSWORD]).await;
    assert_eq!(crate::guild::said_classic(&classic).0, "429");
    assert_eq!(classic.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn either_alphabet_opens_with_or_without_padding_and_150_characters_fit() {
    let guild = Guild::open().await;
    let odd = "a-mild-otter-4711ÿÿþ>>?";
    let chosen = |new: &mut people::NewPerson| new.password = NewPassword::Chosen(Secret::new(odd));
    guild.house.person_with(&guild.branch, "odd@guild.example", Kind::Contact, Role::User, chosen).await;
    for spelling in [
        "YS1taWxkLW90dGVyLTQ3MTHDv8O/w74+Pj8=",
        "YS1taWxkLW90dGVyLTQ3MTHDv8O/w74+Pj8",
        "YS1taWxkLW90dGVyLTQ3MTHDv8O_w74-Pj8=",
        "YS1taWxkLW90dGVyLTQ3MTHDv8O_w74-Pj8",
    ] {
        let fields = json!({ "emailaddress": "odd@guild.example", "password": spelling });
        assert_eq!(guild.call("Login", fields).await.status, 200, "{spelling}");
    }
    let encoded = "YWJj".repeat(37) + "YQ";
    for (password, status) in [(encoded.clone(), 401), (encoded + "=", 400)] {
        let fields = json!({ "emailaddress": VERIFIED, "password": password });
        assert_eq!(guild.call("Login", fields).await.status, status, "{} characters", password.len());
    }
}
