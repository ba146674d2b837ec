//! The console, as operators and administrators use it with plain forms.

mod people;
mod signing_in;
mod tenants;

use crate::browser::Browser;
use doorward_core::operators;
use doorward_model::{Email, Secret};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;

pub(crate) const OPERATOR: &str = "ada@operators.example";

/// A browser in front of which an operator is signed in.
pub(crate) async fn operator(house: &House) -> Browser {
    let email = Email::parse(OPERATOR).unwrap();
    operators::create_first(&house.core, &house.caller, email, &Secret::new(PASSWORD)).await.unwrap();
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
