//! Links that make operators: once, for a day, and the first one's only while there is none.

use super::{ADA, first};
use doorward_core::operators::{self, LINK_LIFETIME, accept, invite, invite_first, is_open};
use doorward_core::{Caller, Error, Result, browser};
use doorward_model::{Email, Operator, Secret};
use doorward_testkit::{House, PASSWORD};

fn code(link: &operators::IssuedLink) -> Secret {
    let (page, code) = link.url.expose().split_once("?code=").unwrap();
    assert_eq!(page, "https://id.example/console/welcome");
    Secret::new(code)
}

async fn open(house: &House, code: &Secret, email: &str, password: &str) -> Result<Operator> {
    let email = Email::parse(email).unwrap();
    accept(&house.core, &house.caller, code, email, &Secret::new(password)).await
}

pub(crate) async fn invited(house: &House, email: &str) -> Operator {
    let link = invite(&house.core, &house.caller, &house.operator).await.unwrap();
    open(house, &code(&link), email, PASSWORD).await.unwrap()
}

#[tokio::test]
async fn the_first_link_makes_the_first_operator_once() {
    let house = House::start().await;
    let link = code(&invite_first(&house.core, &house.caller).await.unwrap());
    assert!(is_open(&house.core, &link).await.unwrap());
    let short = open(&house, &link, ADA, "short").await;
    assert!(matches!(short, Err(Error::PasswordRefused(_))), "{short:?}");
    open(&house, &link, ADA, PASSWORD).await.unwrap();

    assert!(!is_open(&house.core, &link).await.unwrap());
    let again = open(&house, &link, "eve@operators.example", PASSWORD).await;
    assert!(matches!(again, Err(Error::CodeRefused)), "{again:?}");
    let another = invite_first(&house.core, &house.caller).await;
    assert!(matches!(another, Err(Error::Conflict { .. })), "{another:?}");
}

#[tokio::test]
async fn a_first_link_is_dead_once_another_was_made_or_the_first_operator_is_there() {
    let house = House::start().await;
    let lost = code(&invite_first(&house.core, &house.caller).await.unwrap());
    let seen = code(&invite_first(&house.core, &house.caller).await.unwrap());
    assert!(!is_open(&house.core, &lost).await.unwrap() && is_open(&house.core, &seen).await.unwrap());
    first(&house).await;
    for link in [lost, seen] {
        let late = open(&house, &link, "eve@operators.example", PASSWORD).await;
        assert!(matches!(late, Err(Error::CodeRefused)), "{late:?}");
    }
}

#[tokio::test]
async fn a_link_is_good_for_a_day_and_for_one_who_is_none_yet() {
    let house = House::start().await;
    first(&house).await;
    let link = code(&invite(&house.core, &house.caller, &house.operator).await.unwrap());
    let known = open(&house, &link, "ADA@operators.example", PASSWORD).await;
    assert!(matches!(known, Err(Error::Conflict { field: "email", .. })), "{known:?}");
    house.clock.advance(LINK_LIFETIME);
    let late = open(&house, &link, "bob@operators.example", PASSWORD).await;
    assert!(matches!(late, Err(Error::CodeRefused)), "{late:?}");
}

#[tokio::test]
async fn what_an_operator_made_ends_with_them_and_with_their_password() {
    let house = House::start().await;
    let ada = first(&house).await;
    invited(&house, "bob@operators.example").await;
    let signed_in = async || {
        let secret = Secret::new(PASSWORD);
        browser::operator(&house.core, &house.caller, ADA, secret).await.unwrap().0
    };
    let made = async |who: &browser::SignedInOperator| {
        let actor = browser::Visitor::Operator(who.clone()).actor();
        code(&invite(&house.core, &house.caller, &actor).await.unwrap())
    };
    let who = signed_in().await;
    let before_a_password = made(&who).await;
    operators::change_password(&house.core, &house.caller, &who, &Secret::new(PASSWORD)).await.unwrap();
    assert!(!is_open(&house.core, &before_a_password).await.unwrap());

    let before_the_end = made(&signed_in().await).await;
    operators::remove(&house.core, &house.caller, &house.operator, ada.id).await.unwrap();
    let back = open(&house, &before_the_end, "eve@operators.example", PASSWORD).await;
    assert!(matches!(back, Err(Error::CodeRefused)), "{back:?}");
}

#[tokio::test]
async fn a_new_operator_is_not_shut_out_by_guesses_at_their_address() {
    let house = House::start().await;
    let link = code(&invite_first(&house.core, &house.caller).await.unwrap());
    let stranger = Caller { address: "192.0.2.7".parse().unwrap(), ..house.caller.clone() };
    let guess = async || browser::operator(&house.core, &stranger, ADA, Secret::new("wrong")).await;
    while !matches!(guess().await, Err(Error::Throttled { .. })) {}
    open(&house, &link, ADA, PASSWORD).await.unwrap();
    assert!(browser::operator(&house.core, &house.caller, ADA, Secret::new(PASSWORD)).await.is_ok());
}
