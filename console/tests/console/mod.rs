//! The console, as operators and administrators use it with plain forms.

mod applications;
mod arranging;
mod doors;
mod evidence;
mod keys;
mod look;
mod once;
mod operators;
mod people;
mod refused;
mod signing_in;
mod tenants;
mod usage;
mod works;

use crate::browser::Browser;
use doorward_model::{Email, Secret};
use doorward_testkit::{Answer, House, PASSWORD};
use doorward_web::StatusCode;

pub(crate) const OPERATOR: &str = "ada@operators.example";

pub(crate) fn shows(page: &Answer, text: &str) {
    assert!(page.text().contains(text), "{text:?} is not in {}", page.text());
}

/// What stands to be copied under a name.
pub(crate) fn copied(page: &Answer, name: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("<dt>{name}</dt><dd><code class=\"copied\">")).unwrap();
    rest.split('<').next().unwrap().replace("&#36;", "$").replace("&#38;", "&")
}

/// A browser in front of which an operator is signed in.
pub(crate) async fn operator(house: &House) -> Browser {
    let email = Email::parse(OPERATOR).unwrap();
    doorward_core::operators::create_first(&house.core, &house.caller, email, &Secret::new(PASSWORD))
        .await
        .unwrap();
    signed_in(house, "", OPERATOR).await
}

/// One in front of which somebody of an organisation is.
pub(crate) async fn signed_in(house: &House, organisation: &str, email: &str) -> Browser {
    let browser = Browser::at(house);
    let fields = [("organisation", organisation), ("email", email), ("password", PASSWORD)];
    let entered = browser.post("/console/sign-in", &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    browser
}
