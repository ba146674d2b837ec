//! Asking: whose request it is, what a credential is worth, and many at once.

use crate::stage::{ADA, HARBOUR, Stage, head};
use doorward_client::{Credential, Denied, Identity, Kind, Question, Reason, Role};

fn email(identity: &Identity) -> Option<&str> {
    identity.person.as_ref()?.email.as_deref()
}

fn reason(answer: Result<Identity, Denied>) -> Reason {
    match answer.unwrap_err() {
        Denied::Refused(refused) => refused.reason,
        Denied::Unanswered(fault) => Reason::Other(fault.to_string()),
    }
}

#[tokio::test]
async fn a_person_is_known_by_their_request() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let known = stage.client().verify(&head("/people?search=x", &[("cookie", &cookie)])).await.unwrap();
    let person = known.person.as_ref().unwrap();
    assert_eq!(person.id, stage.ada.id.to_string());
    assert_eq!(email(&known), Some(ADA));
    assert_eq!((person.first_name.as_deref(), person.last_name.as_deref()), (Some("Ada"), Some("Example")));
    let tenant = stage.pool.tenant();
    assert_eq!(known.tenant.id.as_deref(), Some(tenant.id.to_string().as_str()));
    assert_eq!((known.tenant.number, known.tenant.slug.as_str()), (tenant.number.get(), "harbour"));
    let place = &known.memberships[0];
    assert_eq!(
        (place.tenant, &place.kind, &place.role),
        (Some(tenant.number.get()), &Kind::User, &Role::Admin)
    );
    assert!(known.has_role(&Role::Admin) && !known.has_role(&Role::Owner));
    assert_eq!(known.method.as_deref(), Some("password"));
    assert_eq!(known.door.as_deref(), Some("{slug}.crm.example"));
    assert!(known.expires_at > known.signed_in_at && known.session.is_some() && known.pool.is_some());
    assert!(!format!("{known:?}").contains(cookie.rsplit('=').next().unwrap()), "the token is never told");
}

#[tokio::test]
async fn credentials_that_do_not_agree_are_nobodys() {
    let stage = Stage::start().await;
    let (cookie, other) = (stage.sign_in().await, stage.sign_in().await);
    let client = stage.client();
    let both = format!("{cookie}; {other}");
    assert_eq!(reason(client.verify(&head("/", &[("cookie", &both)])).await), Reason::Ambiguous);
    let mixed = [("cookie", cookie.as_str()), ("doorward-session", "made-up")];
    assert_eq!(reason(client.verify(&head("/", &mixed)).await), Reason::Ambiguous);
}

#[tokio::test]
async fn a_program_is_known_by_its_token_where_the_token_is_for_this_service() {
    let stage = Stage::start().await;
    let token = stage.token("billing", &["people:read"]).await;
    let bearing = format!("Bearer {token}");
    let at = |audience: &str| stage.builder().audience(audience).build().unwrap();
    let known = at("billing").verify(&head("/", &[("authorization", &bearing)])).await.unwrap();
    assert_eq!((known.person, known.application.as_deref()), (None, Some("till0001")));
    assert_eq!((known.method.as_deref(), known.scopes), (Some("token"), vec!["people:read".to_owned()]));
    assert_eq!(reason(at("stock").verify(Credential::bearer(token)).await), Reason::WrongHost);
}

#[tokio::test]
async fn key_pairs_stand_in_headers_and_in_queries() {
    let stage = Stage::start().await;
    let (name, secret) = stage.key_pair().await;
    let client = stage.client();
    let host = [("host", "api.example")];
    let query = format!("/x?page=2&accessKey={name}&secretKey={secret}");
    let in_query = http::Request::get(query).header(host[0].0, host[0].1).body(()).unwrap().into_parts().0;
    assert_eq!(email(&client.verify(&in_query).await.unwrap()), Some(ADA));
    assert_eq!(email(&client.verify(Credential::access_key(&name, &secret)).await.unwrap()), Some(ADA));
    assert_eq!(reason(client.verify(Credential::access_key(name, "wrong")).await), Reason::Invalid);
}

#[tokio::test]
async fn many_are_answered_in_their_order_a_hundred_at_a_time() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let value = cookie.split_once('=').unwrap().1;
    let good = Question::from(Credential::cookie(value).at_host(HARBOUR));
    let elsewhere = Question::from(Credential::cookie(value).at_host("other.crm.example"));
    let nobody = Question::from(&head("/", &[]));
    let mut questions = vec![good.clone(), elsewhere, nobody, good.clone()];
    questions.resize(101, Question::from(Credential::session("made-up")));
    questions.push(good);
    let answers = stage.client().verify_all(questions).await;
    assert_eq!(stage.questions(), 2);
    let known: Vec<usize> = (0..answers.len()).filter(|&index| answers[index].is_ok()).collect();
    assert_eq!(known, [0, 3, 101]);
    let reasons: Vec<Reason> = answers.into_iter().skip(1).take(2).map(reason).collect();
    assert_eq!(reasons, [Reason::WrongHost, Reason::None]);
}

#[tokio::test]
async fn one_callers_long_headers_cost_nobody_else_their_answer() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let long = format!("padding={}; {cookie}", "x".repeat(16 * 1024));
    let questions = (0..60).map(|_| Question::from(&head("/", &[("cookie", &long)])));
    let answers = stage.client().verify_all(questions).await;
    assert!(answers.len() == 60 && answers.iter().all(Result::is_ok));
    assert_eq!(stage.questions(), 2);
}

#[tokio::test]
async fn a_service_elsewhere_asks_with_a_token_of_the_scope() {
    let stage = Stage::closed().await;
    let token = stage.token("*", &["verify"]).await;
    let cookie = stage.sign_in().await;
    let client = stage.builder().token(token).build().unwrap();
    assert_eq!(email(&client.verify(&head("/", &[("cookie", &cookie)])).await.unwrap()), Some(ADA));
}
