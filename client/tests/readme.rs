//! The README's service, in front of a real Doorward: somebody signs in at the door, calls, signs out.

use crate::service::{doorward, service};
use crate::stage::{ADA, HARBOUR, Stage, told};
use doorward_testkit::{Answer, Client, Request};

async fn me(service: &Client, cookie: &str) -> Answer {
    service.send(Request::get(HARBOUR, "/me").header("cookie", cookie)).await
}

#[tokio::test]
async fn somebody_who_signed_in_is_known_and_nobody_else_gets_in() {
    let stage = Stage::closed().await;
    let token = stage.token("*", &["verify"]).await;
    let service = Client::of(service(doorward(&stage.base(), &token).unwrap()));
    let cookie = stage.sign_in().await;
    assert_eq!(told(&me(&service, &cookie).await), (200, format!("{ADA} administers harbour")));
    for nobody in ["", "salesseek=0f49da5f-744e-1a1b-884a-bd805a2d599d", "other=1"] {
        assert_eq!(told(&me(&service, nobody).await), (401, String::new()), "{nobody}");
    }
    let elsewhere = Request::get("other.crm.example", "/me").header("cookie", &cookie);
    assert_eq!(service.send(elsewhere).await.status.as_u16(), 401, "the cookie is the harbour's");
}

#[tokio::test]
async fn without_memory_who_signed_out_is_out_with_the_next_request() {
    let stage = Stage::start().await;
    let client = stage.builder().audience("billing").without_memory().build().unwrap();
    let service = Client::of(service(client));
    let cookie = stage.sign_in().await;
    assert_eq!(me(&service, &cookie).await.status.as_u16(), 200);
    stage.sign_out(&cookie).await;
    assert_eq!(me(&service, &cookie).await.status.as_u16(), 401);
}

#[tokio::test]
async fn with_memory_who_signed_out_is_out_when_the_assertion_is_over() {
    let stage = Stage::start().await;
    let service = Client::of(service(stage.remembering()));
    let cookie = stage.sign_in().await;
    assert_eq!(me(&service, &cookie).await.status.as_u16(), 200);
    stage.sign_out(&cookie).await;
    stage.advance(std::time::Duration::from_secs(59));
    assert_eq!(me(&service, &cookie).await.status.as_u16(), 200, "this is what remembering costs");
    stage.advance(std::time::Duration::from_secs(1));
    assert_eq!(me(&service, &cookie).await.status.as_u16(), 401);
}

#[test]
fn the_readme_shows_the_service_of_these_tests() {
    let (_about, code) = include_str!("service.rs").split_once("\n\n").unwrap();
    assert!(
        include_str!("../README.md").contains(&code.replace("pub(crate) fn", "fn")),
        "it shows another service"
    );
}
