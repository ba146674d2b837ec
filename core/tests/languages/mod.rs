//! In which language somebody is written to.

use doorward_core::links::LinkForm;
use doorward_core::passwords::reset::{self, Expected};
use doorward_core::people::{self, Edit};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_core::{Actor, Branch, Caller};
use doorward_model::{
    Kind, Language, MailKind, NotificationSettings, Person, Policy, Role, Secret, SessionScheme,
};
use doorward_testkit::{House, PASSWORD};

const ADA: &str = "ada@spa.example";

async fn spa(language: Option<Language>) -> (House, Branch, Person) {
    let house = House::start().await;
    let spa = house.tenant("spa", None, None, Policy { language, ..Policy::default() }).await;
    let ada = house.person(&spa, ADA, Kind::User, Role::User).await;
    (house, spa, ada)
}

fn reading(house: &House, language: Language) -> Caller {
    Caller { language: Some(language), ..house.caller.clone() }
}

/// Asks for a reset as whoever reads this; returns the language of the mail and its code.
async fn reset(house: &House, spa: &Branch, caller: &Caller) -> (Language, Secret) {
    reset::request(&house.core, caller, spa, ADA, LinkForm::RESET).await.unwrap();
    let letter = house.mails().await.into_iter().find(|letter| letter.kind == MailKind::Reset).unwrap();
    let link = letter.content.link.clone().unwrap();
    (letter.content.language(), Secret::new(link.rsplit('=').next().unwrap_or_default()))
}

async fn sign_in(house: &House, spa: &Branch, caller: &Caller) {
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: spa.pool(), tenant: spa.tenant().id, kinds: &[Kind::User] },
        email: ADA.to_owned(),
        password: Secret::new(PASSWORD),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    sign_in::with_password(&house.core, caller, attempt).await.unwrap();
}

async fn language(house: &House, ada: &Person) -> Option<Language> {
    people::by_id(&house.core, ada.pool, ada.id).await.unwrap().language
}

#[tokio::test]
async fn the_language_of_a_browser_is_remembered_once_it_proves_whose_it_is() {
    let (house, spa, ada) = spa(None).await;
    let french = reading(&house, Language::Fr);
    let (written, code) = reset(&house, &spa, &french).await;
    assert_eq!(written, Language::Fr, "nothing else is known");
    assert_eq!(language(&house, &ada).await, None, "whoever asks may be anybody");
    let new = Secret::new("brave kettle hums 1968");
    reset::finish(&house.core, &french, &code, Expected::default(), new).await.unwrap();
    assert_eq!(language(&house, &ada).await, Some(Language::Fr));
    let told = house.mails().await;
    assert!(told.iter().all(|letter| letter.content.language() == Language::Fr));
    let (written, _) = reset(&house, &spa, &reading(&house, Language::De)).await;
    assert_eq!(written, Language::Fr, "a stranger's language is not theirs");
}

#[tokio::test]
async fn a_sign_in_shows_it_too_and_a_choice_stands_above() {
    let (house, spa, ada) = spa(None).await;
    let sign_in = async |language: Option<Language>| {
        sign_in(&house, &spa, &Caller { language, ..house.caller.clone() }).await;
    };
    sign_in(None).await;
    assert_eq!(language(&house, &ada).await, None, "programs ask for nothing");
    sign_in(Some(Language::De)).await;
    assert_eq!(language(&house, &ada).await, Some(Language::De));
    let edit = Edit { language: Some(Some(Language::Fr)), ..Edit::default() };
    let actor: &Actor = &house.operator;
    people::edit(&house.core, &house.caller, actor, &spa, ada.id, edit).await.unwrap();
    sign_in(Some(Language::De)).await;
    assert_eq!(language(&house, &ada).await, Some(Language::Fr));
    assert_eq!(reset(&house, &spa, &house.caller).await.0, Language::Fr);
}

#[tokio::test]
async fn a_thief_with_a_password_does_not_choose_the_language_of_the_warning() {
    let (house, spa, ada) = spa(None).await;
    let choose = Edit {
        notifications: Some(NotificationSettings { instant: true, ..ada.notifications }),
        ..Edit::default()
    };
    people::edit(&house.core, &house.caller, &house.operator, &spa, ada.id, choose).await.unwrap();
    sign_in(&house, &spa, &Caller { language: None, ..house.caller.clone() }).await;
    house.mails().await;
    let thief = Caller { address: "203.0.113.7".parse().unwrap(), ..reading(&house, Language::Fr) };
    sign_in(&house, &spa, &thief).await;
    let warned = house.mails().await;
    let [warning] = warned.as_slice() else { panic!("{warned:?}") };
    assert_eq!((warning.kind, warning.content.language()), (MailKind::NewSignIn, Language::En));
    assert_eq!(language(&house, &ada).await, None, "nor that of the mails after it");
    sign_in(&house, &spa, &reading(&house, Language::De)).await;
    assert_eq!(language(&house, &ada).await, Some(Language::De), "a place that is known shows it");
}

#[tokio::test]
async fn where_nothing_is_known_the_tenant_says() {
    let (house, spa, ada) = spa(Some(Language::De)).await;
    assert_eq!(reset(&house, &spa, &house.caller).await.0, Language::De);
    let actor: &Actor = &house.operator;
    let french = reading(&house, Language::Fr);
    reset::request_as(&house.core, &french, actor, &spa, ADA, LinkForm::RESET).await.unwrap();
    let mails = house.mails().await;
    assert!(
        mails.iter().all(|it| it.content.language() == Language::De),
        "an administrator reads for themselves"
    );
    let edit = Edit { language: Some(Some(Language::Fr)), ..Edit::default() };
    people::edit(&house.core, &house.caller, actor, &spa, ada.id, edit).await.unwrap();
    let edit = Edit { language: Some(None), ..Edit::default() };
    people::edit(&house.core, &house.caller, actor, &spa, ada.id, edit).await.unwrap();
    assert_eq!(reset(&house, &spa, &house.caller).await.0, Language::De);
}
