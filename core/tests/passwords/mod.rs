//! Passwords: what a new one ends, what it keeps, and what a code proves.

use crate::tree::{sign_in, try_sign_in};
use doorward_core::access_keys::{self, KeyState, NewKey};
use doorward_core::links::LinkForm;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::people::{self, NewPassword};
use doorward_core::{Branch, Error, invite, passwords};
use doorward_model::{Kind, MailKind, Person, PersonId, Policy, Role, Secret, Verified};
use doorward_testkit::House;
use uuid::Uuid;

const NEW: &str = "seven-quiet-herons-0815";

async fn spa() -> (House, Branch, Person) {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    let ada = house
        .person_with(&spa, "ada@spa.example", Kind::Administrator, Role::User, |new| {
            new.verified = Verified::No;
        })
        .await;
    (house, spa, ada)
}

async fn finish(house: &House, code: &Secret, expected: Expected) -> Result<Person, Error> {
    reset::finish(&house.core, &house.caller, code, expected, Secret::new(NEW)).await
}

/// The code of the one mail of this kind.
async fn mailed_code(house: &House, kind: MailKind) -> Secret {
    let letter = house.mails().await.into_iter().find(|letter| letter.kind == kind).unwrap();
    let link = letter.content.link.unwrap();
    Secret::new(link.rsplit('=').next().unwrap_or_default())
}

#[tokio::test]
async fn a_code_told_to_a_server_resets_but_proves_no_address() {
    let (house, spa, ada) = spa().await;
    let told = reset::issue(&house.core, &house.caller, &spa, &ada).await.unwrap();
    let wrong_ticket =
        Expected { ticket: Some(doorward_model::TicketId::new(Uuid::nil())), ..Expected::default() };
    assert!(matches!(finish(&house, &told.code, wrong_ticket).await, Err(Error::CodeRefused)));
    let expected = Expected { pool: Some(spa.pool()), person: Some(ada.id), ticket: Some(told.ticket) };
    let person = finish(&house, &told.code, expected).await.unwrap();
    assert_eq!(person.verified, Verified::No);
    assert!(matches!(finish(&house, &told.code, expected).await, Err(Error::CodeRefused)));
}

#[tokio::test]
async fn a_newer_code_voids_the_older_however_they_were_delivered() {
    let (house, spa, ada) = spa().await;
    let told = reset::issue(&house.core, &house.caller, &spa, &ada).await.unwrap();
    let email = ada.email.as_written();
    reset::request(&house.core, &house.caller, &spa, email, LinkForm::RESET).await.unwrap();
    assert!(matches!(finish(&house, &told.code, Expected::default()).await, Err(Error::CodeRefused)));
    let code = mailed_code(&house, MailKind::Reset).await;
    assert_eq!(finish(&house, &code, Expected::default()).await.unwrap().verified, Verified::ByMail);
}

#[tokio::test]
async fn nobody_is_told_a_code_for_somebody_else_or_for_the_inactive() {
    let (house, spa, ada) = spa().await;
    let gym = house.pool("gym").await;
    let told = reset::issue(&house.core, &house.caller, &gym, &ada).await;
    assert!(matches!(told, Err(Error::NotFound)));
    people::disable(&house.core, &house.caller, &house.operator, &spa, ada.id).await.unwrap();
    let told = reset::issue(&house.core, &house.caller, &spa, &ada).await;
    assert!(matches!(told, Err(Error::NotFound)));
}

#[tokio::test]
async fn sessions_and_codes_end_with_the_old_password() {
    let (house, spa, ada) = spa().await;
    let told = reset::issue(&house.core, &house.caller, &spa, &ada).await.unwrap();
    let identity = sign_in(&house, &spa, "ada@spa.example").await;
    passwords::set(&house.core, &house.caller, &house.operator, &spa, ada.id, Secret::new(NEW), true)
        .await
        .unwrap();
    assert!(matches!(finish(&house, &told.code, Expected::default()).await, Err(Error::CodeRefused)));
    let current = Some(Secret::new(NEW));
    let late =
        passwords::change(&house.core, &house.caller, &identity, current, Secret::new("one-more-heron-0815"))
            .await;
    assert!(matches!(late, Err(Error::NotSignedIn)), "{late:?}");
    assert!(try_sign_in(&house, &spa, "ada@spa.example").await.is_err());
}

#[tokio::test]
async fn access_keys_outlive_a_password() {
    let (house, spa, ada) = spa().await;
    let new = NewKey { person: ada.id, label: "import".to_owned(), rate: None, expires_at: None };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    access_keys::create(core, caller, operator, &spa, new).await.unwrap();
    passwords::set(core, caller, operator, &spa, ada.id, Secret::new(NEW), false).await.unwrap();
    let state =
        || async { access_keys::list_by_person(core, operator, &spa, ada.id).await.unwrap().remove(0).state };
    assert_eq!(state().await, KeyState::Active);
    people::disable(core, caller, operator, &spa, ada.id).await.unwrap();
    people::enable(core, caller, operator, &spa, ada.id).await.unwrap();
    assert_ne!(state().await, KeyState::Active, "but not an account that was closed");
}

#[tokio::test]
async fn an_invitation_is_sent_again_until_it_was_accepted() {
    let (house, spa, _) = spa().await;
    let new = people::NewPerson {
        email: doorward_model::Email::parse("eve@spa.example").unwrap(),
        profile: doorward_model::Profile::default(),
        kind: Kind::Administrator,
        role: Role::User,
        standing: None,
        verified: Verified::No,
        password: NewPassword::None,
        notifications: doorward_model::NotificationSettings::default(),
        language: None,
    };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    let (eve, _) = invite::invite(core, caller, operator, &spa, new, LinkForm::INVITATION).await.unwrap();
    let first = mailed_code(&house, MailKind::Invitation).await;
    let again = |id: PersonId| invite::again(core, caller, operator, &spa, id, LinkForm::INVITATION);
    again(eve.id).await.unwrap();
    let second = mailed_code(&house, MailKind::Invitation).await;
    assert!(matches!(finish(&house, &first, Expected::default()).await, Err(Error::CodeRefused)));
    assert_eq!(finish(&house, &second, Expected::default()).await.unwrap().verified, Verified::ByMail);
    assert!(matches!(again(eve.id).await, Err(Error::Conflict { .. })));
}

#[tokio::test]
async fn a_pool_causes_no_more_mails_than_its_hour_allows_and_strangers_use_up_none() {
    let house = House::start().await;
    let policy = Policy { mails_per_hour: Some(2), ..Policy::default() };
    let spa = house.tenant("spa", None, None, policy).await;
    let ask = |email: &'static str| reset::request(&house.core, &house.caller, &spa, email, LinkForm::RESET);
    for _ in 0..5 {
        ask("nobody@spa.example").await.unwrap();
    }
    for email in ["a@spa.example", "b@spa.example", "c@spa.example"] {
        house.person(&spa, email, Kind::Administrator, Role::User).await;
        ask(email).await.unwrap();
    }
    let mails = house.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.kind).collect::<Vec<_>>(), [MailKind::Reset; 2]);
    house.clock.advance(std::time::Duration::from_secs(3_601));
    ask("c@spa.example").await.unwrap();
    assert!(house.mails().await.iter().any(|mail| mail.content.to == "c@spa.example"));
}
