//! `apply`: what a password of a plan ends.

use crate::tree::try_sign_in_with;
use doorward_core::links::LinkForm;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::people::{NewPassword, NewPerson};
use doorward_core::provision::{self, Mode, PasswordWish, PersonPlan, PlacePlan, Plan};
use doorward_core::{Branch, Error, Identity, invite};
use doorward_model::{Kind, MailKind, Person, Role, Secret, Slug};
use doorward_testkit::House;

const NEW: &str = "seven-quiet-herons-0815";
const OTHER: &str = "eight-loud-magpies-4711";

async fn apply(house: &House, person: &Person) {
    let entry = PersonPlan {
        email: person.email.clone(),
        first_name: None,
        last_name: None,
        known_as: None,
        extra: Vec::new(),
        places: vec![PlacePlan {
            tenant: Slug::parse("spa").unwrap(),
            kind: Kind::Member,
            role: Role::User,
            standing: None,
        }],
        password: PasswordWish::Given(Secret::new(NEW)),
        set_password: true,
        verified: None,
        disabled: None,
        sign_in_mails: None,
        language: None,
    };
    let plan = Plan { people: vec![entry], ..Plan::default() };
    let applied = provision::apply(&house.core, &house.caller, &house.operator, plan, Mode::Write).await;
    assert_eq!(applied.unwrap().unwrap().changes.len(), 1);
}

async fn someone(house: &House, change: impl FnOnce(&mut NewPerson)) -> (Branch, Person) {
    let spa = house.pool("spa").await;
    let ada = house.person_with(&spa, "ada@spa.example", Kind::Member, Role::User, change).await;
    (spa, ada)
}

async fn mailed_code(house: &House, kind: MailKind) -> Secret {
    let letter = house.mails().await.into_iter().find(|letter| letter.kind == kind).unwrap();
    let link = letter.content.link.unwrap();
    Secret::new(link.rsplit('=').next().unwrap_or_default())
}

async fn tries(house: &House, at: &Branch, password: &str) -> Result<Identity, Error> {
    try_sign_in_with(house, &house.caller, at, "ada@spa.example", password).await
}

#[tokio::test]
async fn a_first_password_ends_the_invitation_that_was_mailed_before() {
    let house = House::start().await;
    let (spa, ada) = someone(&house, |new| new.password = NewPassword::None).await;
    let form = LinkForm::INVITATION;
    invite::again(&house.core, &house.caller, &house.operator, &spa, ada.id, form).await.unwrap();
    let code = mailed_code(&house, MailKind::Invitation).await;
    apply(&house, &ada).await;
    let late =
        reset::finish(&house.core, &house.caller, &code, Expected::default(), Secret::new(OTHER)).await;
    assert!(matches!(late, Err(Error::CodeRefused)));
    assert!(tries(&house, &spa, NEW).await.is_ok());
}

#[tokio::test]
async fn another_password_opens_a_locked_account_and_tells_its_owner() {
    let house = House::start().await;
    let (spa, ada) = someone(&house, |_| ()).await;
    house.mails().await;
    let email = ada.email.as_written();
    reset::request(&house.core, &house.caller, &spa, email, LinkForm::RESET).await.unwrap();
    let code = mailed_code(&house, MailKind::Reset).await;
    while !matches!(tries(&house, &spa, OTHER).await, Err(Error::Throttled { .. })) {}
    apply(&house, &ada).await;
    assert!(tries(&house, &spa, NEW).await.is_ok());
    assert!(house.mails().await.iter().any(|letter| letter.kind == MailKind::PasswordChanged));
    let late =
        reset::finish(&house.core, &house.caller, &code, Expected::default(), Secret::new(OTHER)).await;
    assert!(matches!(late, Err(Error::CodeRefused)));
}
