//! Doorward's own pages: signing in there, for how long, and who may become an operator.

mod links;

use doorward_core::browser::{self, SignedInOperator, Visitor};
use doorward_core::{Error, operator_tokens, operators, verify};
use doorward_model::{Email, Kind, Operator, Role, Secret, SessionScheme};
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;

pub(crate) const ADA: &str = "ada@operators.example";

pub(crate) async fn first(house: &House) -> Operator {
    let email = Email::parse(ADA).unwrap();
    operators::create_first(&house.core, &house.caller, email, &Secret::new(PASSWORD)).await.unwrap()
}

async fn sign_in(house: &House) -> (SignedInOperator, Secret) {
    browser::operator(&house.core, &house.caller, ADA, Secret::new(PASSWORD)).await.unwrap()
}

async fn is_in(house: &House, token: &Secret) -> bool {
    let found = browser::visitor(&house.core, token).await;
    assert!(matches!(found, Ok(_) | Err(Error::NotSignedIn)), "{found:?}");
    found.is_ok()
}

#[tokio::test]
async fn an_operator_signs_in_and_out_and_may_do_everything_meanwhile() {
    let house = House::start().await;
    let ada = first(&house).await;
    let (_, token) = sign_in(&house).await;
    let visitor = browser::visitor(&house.core, &token).await.unwrap();
    assert!(matches!(&visitor, Visitor::Operator(it) if it.operator == ada), "{visitor:?}");
    let pool = house.pool("harbour").await;
    let tops = doorward_core::tenants::list_tops(&house.core, &visitor.actor(), 0, 10).await.unwrap();
    assert_eq!(tops.iter().map(|it| it.tenant().id).collect::<Vec<_>>(), [pool.tenant().id]);

    browser::sign_out(&house.core, &house.caller, &visitor).await.unwrap();
    assert!(!is_in(&house, &token).await);
    let twice = browser::sign_out(&house.core, &house.caller, &visitor).await;
    assert!(matches!(twice, Err(Error::NotSignedIn)), "{twice:?}");
}

#[tokio::test]
async fn wrong_and_unknown_are_refused_alike_and_guessing_is_slowed_down() {
    let house = House::start().await;
    first(&house).await;
    for who in [ADA, "nobody@operators.example", "no address"] {
        let mut refused = Vec::new();
        for _ in 0..6 {
            let told = browser::operator(&house.core, &house.caller, who, Secret::new("wrong")).await;
            refused.push(told.unwrap_err());
        }
        let wrong = refused.iter().take_while(|it| matches!(it, Error::WrongCredentials)).count();
        assert_eq!(wrong, 5, "{who}: {refused:?}");
        assert!(matches!(refused.last(), Some(Error::Throttled { .. })), "{who}: {refused:?}");
    }
}

#[tokio::test]
async fn a_session_ends_half_an_hour_after_its_last_use_and_after_twelve_hours_whatever_happens() {
    let house = House::start().await;
    first(&house).await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    let (_, operators) = sign_in(&house).await;
    let email = "ben@harbour.example".to_owned();
    let ben = browser::person(&house.core, &house.caller, &pool, email, Secret::new(PASSWORD)).await.unwrap();
    let tokens = [operators, ben.token.unwrap()];
    // Used every quarter of an hour for twelve hours.
    for quarter in 1..48 {
        house.clock.advance(Duration::from_secs(15 * 60));
        for token in &tokens {
            assert!(is_in(&house, token).await, "after {quarter} quarters of an hour");
        }
    }
    house.clock.advance(Duration::from_secs(15 * 60));
    for token in &tokens {
        assert!(!is_in(&house, token).await, "after twelve hours");
    }

    let (_, token) = sign_in(&house).await;
    house.clock.advance(Duration::from_secs(31 * 60));
    assert!(!is_in(&house, &token).await, "unused for more than half an hour");
}

#[tokio::test]
async fn whoever_proves_themselves_anew_gets_another_session_in_place_of_the_old_one() {
    let house = House::start().await;
    first(&house).await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    let (_, operators) = sign_in(&house).await;
    let email = "ben@harbour.example".to_owned();
    let ben = browser::person(&house.core, &house.caller, &pool, email, Secret::new(PASSWORD)).await.unwrap();
    for token in [operators, ben.token.unwrap()] {
        house.clock.advance(Duration::from_secs(11 * 60));
        let visitor = browser::visitor(&house.core, &token).await.unwrap();
        assert!(!visitor.is_fresh(house.core.now()));
        let wrong =
            browser::confirm(&house.core, &house.caller, &visitor, Secret::new("wrong")).await.unwrap_err();
        assert!(matches!(wrong, Error::CurrentPasswordWrong), "{wrong:?}");
        assert!(is_in(&house, &token).await, "a mistake ends nothing");
        let right = browser::confirm(&house.core, &house.caller, &visitor, Secret::new(PASSWORD)).await;
        let (visitor, anew) = right.unwrap();
        assert!(visitor.is_fresh(house.core.now()));
        assert!(!is_in(&house, &token).await && is_in(&house, &anew).await);
    }
}

#[tokio::test]
async fn a_browsers_session_opens_no_door_and_a_doors_session_no_page() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::User, Role::User).await;
    let email = || "ben@harbour.example".to_owned();
    let ben =
        browser::person(&house.core, &house.caller, &pool, email(), Secret::new(PASSWORD)).await.unwrap();
    let token = ben.token.unwrap();
    for scheme in [SessionScheme::Cookie, SessionScheme::AuthToken, SessionScheme::DoorwardSession] {
        let refused = verify::session(&house.core, scheme, &token).await;
        assert!(matches!(refused, Err(Error::NotSignedIn)), "{scheme:?}");
        assert!(verify::by_session(&house.core, None, scheme, &token).await.is_err(), "{scheme:?}");
    }
    let attempt = doorward_core::sign_in::PasswordAttempt {
        wanted: doorward_core::sign_in::Wanted::Tenant {
            pool: pool.pool(),
            tenant: pool.tenant().id,
            kinds: &[Kind::User],
        },
        email: email(),
        password: Secret::new(PASSWORD),
        application: None,
        session: doorward_core::sign_in::SessionWish::Open(SessionScheme::Cookie),
    };
    let done = doorward_core::sign_in::with_password(&house.core, &house.caller, attempt).await.unwrap();
    let token = match done {
        doorward_core::sign_in::SignIn::Done(done) => done.token,
        doorward_core::sign_in::SignIn::Choose { .. } => None,
    };
    assert!(!is_in(&house, &token.unwrap()).await);
}

#[tokio::test]
async fn a_new_password_ends_every_session_of_an_operator() {
    let house = House::start().await;
    first(&house).await;
    let (here, token) = sign_in(&house).await;
    let (_, elsewhere) = sign_in(&house).await;
    let short = operators::change_password(&house.core, &house.caller, &here, &Secret::new("short")).await;
    assert!(matches!(short, Err(Error::PasswordRefused(_))), "{short:?}");
    let new = Secret::new("gentle harbour lamps 88");
    operators::change_password(&house.core, &house.caller, &here, &new).await.unwrap();
    assert!(!is_in(&house, &token).await && !is_in(&house, &elsewhere).await);
    assert!(browser::operator(&house.core, &house.caller, ADA, Secret::new(PASSWORD)).await.is_err());
    assert!(browser::operator(&house.core, &house.caller, ADA, new).await.is_ok());
}

#[tokio::test]
async fn an_operator_who_is_taken_away_is_out_at_once_and_the_last_one_stays() {
    let house = House::start().await;
    let ada = first(&house).await;
    let (alone, _) = sign_in(&house).await;
    let alone = Visitor::Operator(alone).actor();
    let alone = operators::remove(&house.core, &house.caller, &alone, ada.id).await;
    assert!(matches!(alone, Err(Error::Conflict { .. })), "{alone:?}");
    let bob = links::invited(&house, "bob@operators.example").await;
    let (_, token) = sign_in(&house).await;
    let new = operator_tokens::NewOperatorToken {
        operator: ada.id,
        label: "report".to_owned(),
        scopes: vec![doorward_core::manage::Scope::Everything],
        only_pool: None,
        expires_at: None,
    };
    let issued = operator_tokens::create(&house.core, &house.caller, &house.operator, new).await.unwrap();

    operators::remove(&house.core, &house.caller, &house.operator, ada.id).await.unwrap();
    assert_eq!(operators::list(&house.core).await.unwrap(), [bob]);
    assert!(!is_in(&house, &token).await);
    let called = doorward_core::manage::admit(&house.core, &house.caller, &issued.secret).await;
    assert!(matches!(called, Err(Error::NotSignedIn)), "{called:?}");
    assert!(browser::operator(&house.core, &house.caller, ADA, Secret::new(PASSWORD)).await.is_err());
}
