//! Changing one's own address: who may, what is told to whom, and when it holds.

use crate::tree::{sign_in, try_sign_in};
use doorward_core::people::{self, email_change};
use doorward_core::{Branch, Error, Identity, passwords};
use doorward_model::{Kind, MailKind, Person, PersonId, Role, Secret, Verified};
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;
use uuid::Uuid;

const OLD: &str = "ada@spa.example";
const NEW: &str = "ada@elsewhere.example";

async fn spa() -> (House, Branch, Identity) {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    house.person(&spa, OLD, Kind::Administrator, Role::User).await;
    let identity = sign_in(&house, &spa, OLD).await;
    (house, spa, identity)
}

async fn request(house: &House, identity: &Identity, password: &str, new: &str) -> Result<(), Error> {
    email_change::request(&house.core, &house.caller, identity, Secret::new(password), new).await
}

/// What was mailed since the last look: kind, to whom, and the code of its link.
async fn mailed(house: &House) -> Vec<(MailKind, String, Option<Secret>)> {
    let letters = house.mails().await.into_iter();
    let code = |link: String| Secret::new(link.rsplit('=').next().unwrap_or_default());
    letters.map(|letter| (letter.kind, letter.content.to, letter.content.link.map(code))).collect()
}

async fn asked(house: &House, identity: &Identity) -> Secret {
    request(house, identity, PASSWORD, NEW).await.unwrap();
    let mails = mailed(house).await.into_iter();
    mails.filter(|(kind, ..)| *kind == MailKind::EmailChange).find_map(|(_, _, code)| code).unwrap()
}

async fn now(house: &House, of: &Identity) -> Person {
    people::by_id(&house.core, of.pool(), of.person.id).await.unwrap()
}

async fn confirm(house: &House, code: &Secret, expected: Option<PersonId>) -> bool {
    email_change::confirm(&house.core, &house.caller, code, expected).await.unwrap()
}

#[tokio::test]
async fn a_new_address_holds_once_it_is_confirmed_and_the_old_one_is_told() {
    let (house, spa, ada) = spa().await;
    request(&house, &ada, PASSWORD, NEW).await.unwrap();
    let mails = mailed(&house).await;
    assert!(mails.iter().any(|(kind, to, _)| *kind == MailKind::EmailChangeAsked && to == OLD));
    let (_, to, code) = mails.into_iter().find(|(kind, ..)| *kind == MailKind::EmailChange).unwrap();
    assert_eq!(to, NEW);
    assert_eq!(now(&house, &ada).await.email.as_written(), OLD, "nothing is changed by asking");

    let code = code.unwrap();
    let stranger = PersonId::new(Uuid::from_u128(1));
    assert!(!confirm(&house, &code, Some(stranger)).await, "the link names somebody else");
    assert!(confirm(&house, &code, Some(ada.person.id)).await);
    assert!(!confirm(&house, &code, None).await, "a code works once");
    let person = now(&house, &ada).await;
    assert_eq!((person.email.as_written(), person.verified), (NEW, Verified::ByMail));
    let told = mailed(&house).await;
    assert!(matches!(told.as_slice(), [(MailKind::EmailChanged, to, None)] if to == OLD), "{told:?}");
    assert!(try_sign_in(&house, &spa, NEW).await.is_ok());
    assert!(try_sign_in(&house, &spa, OLD).await.is_err());
}

#[tokio::test]
async fn a_stolen_session_without_the_password_changes_nothing() {
    let (house, _, ada) = spa().await;
    assert!(matches!(request(&house, &ada, "a wrong guess", NEW).await, Err(Error::CurrentPasswordWrong)));
    assert!(mailed(&house).await.is_empty());
    let mut throttled = false;
    for _ in 0..20 {
        throttled |=
            matches!(request(&house, &ada, "a wrong guess", NEW).await, Err(Error::Throttled { .. }));
    }
    assert!(throttled, "guesses are counted like failed sign-ins");
}

#[tokio::test]
async fn whoever_asks_does_not_learn_who_else_has_an_address() {
    let (house, spa, ada) = spa().await;
    house.person(&spa, "bob@spa.example", Kind::Administrator, Role::User).await;
    request(&house, &ada, PASSWORD, "Bob@spa.example").await.unwrap();
    let mails = mailed(&house).await;
    assert!(matches!(mails.as_slice(), [(MailKind::EmailChangeAsked, to, _)] if to == OLD), "{mails:?}");
}

#[tokio::test]
async fn an_older_code_does_not_tell_either_who_else_has_an_address() {
    let (house, spa, ada) = spa().await;
    house.person(&spa, "bob@spa.example", Kind::Administrator, Role::User).await;
    for other in ["bob@spa.example", "free@spa.example"] {
        let earlier = asked(&house, &ada).await;
        request(&house, &ada, PASSWORD, other).await.unwrap();
        assert!(!confirm(&house, &earlier, None).await, "{other}");
    }
    assert_eq!(now(&house, &ada).await.email.as_written(), OLD);
}

#[tokio::test]
async fn an_address_that_somebody_got_meanwhile_stays_theirs() {
    let (house, spa, ada) = spa().await;
    let code = asked(&house, &ada).await;
    house.person(&spa, NEW, Kind::Administrator, Role::User).await;
    assert!(!confirm(&house, &code, None).await);
    assert_eq!(now(&house, &ada).await.email.as_written(), OLD);
}

#[tokio::test]
async fn what_ends_a_code() {
    let (house, _, ada) = spa().await;
    let first = asked(&house, &ada).await;
    let second = asked(&house, &ada).await;
    assert!(!confirm(&house, &first, None).await, "a newer one was asked for");
    let (current, new) = (Some(Secret::new(PASSWORD)), Secret::new("brave kettle hums 1968"));
    passwords::change(&house.core, &house.caller, &ada, current, new).await.unwrap();
    assert!(!confirm(&house, &second, None).await, "the password was changed: whoever asked may be a thief");

    let (house, _, ada) = spa().await;
    let late = asked(&house, &ada).await;
    house.clock.advance(Duration::from_secs(60 * 60));
    assert!(!confirm(&house, &late, None).await, "an hour is over");
    assert_eq!(now(&house, &ada).await.email.as_written(), OLD);
}

#[tokio::test]
async fn what_is_no_address_or_the_present_one_is_refused_before_anything_is_counted() {
    let (house, _, ada) = spa().await;
    for new in ["", "ada", "a@b@c", OLD, "x\r\nBcc: all@evil.example"] {
        let refused = request(&house, &ada, "a wrong guess", new).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "email", .. })), "{new}: {refused:?}");
    }
}
