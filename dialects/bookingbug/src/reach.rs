//! Which company a call is about, and what its caller may do there.
//!
//! Outside the application's tree, and above its company, everything is 404; inside the tree, what the sign-in does not
//! reach is 403 (dialects: "403 inside the tree, 404 outside it").

use crate::auth::Guest;
use crate::login::current::standing;
use doorward_core::{Actor, Branch, Error, applications, tenants};
use doorward_model::{CompanyNumber, Kind, PersonNumber, Role};
use doorward_web::{Call, Fields, Refusal};
use serde_json::Value;

/// The company that a path names, if the application may act there.
pub(crate) async fn company(call: &Call, guest: &Guest, text: &str) -> Result<Branch, Refusal> {
    by_number(call, guest, number(text)).await
}

/// The company of the path where it names one, else of the body's `field`.
pub(crate) async fn wanted(call: &Call, guest: &Guest, field: &str) -> Result<Option<Branch>, Refusal> {
    let in_path = call.path("company_id");
    if !in_path.is_empty() {
        return company(call, guest, in_path).await.map(Some);
    }
    match whole_number(call.body().await?, field)? {
        Some(number) => by_number(call, guest, Some(number)).await.map(Some),
        None => Ok(None),
    }
}

/// The company that a path names, and the role of whoever is signed in there.
pub(crate) async fn reached(call: &Call, guest: &Guest) -> Result<(Branch, Role), Refusal> {
    let branch = company(call, guest, call.path("company_id")).await?;
    let role = guest.identity()?.role_at(&branch).ok_or(Error::NotAllowed)?;
    Ok((branch, role))
}

/// The same, for whoever is signed in as an administrator, however little their role lets them do.
pub(crate) async fn as_administrator(call: &Call, guest: &Guest) -> Result<(Branch, Role), Refusal> {
    let (branch, role) = reached(call, guest).await?;
    standing(guest.identity()?, &branch, &[Kind::Administrator]).ok_or(Error::NotAllowed)?;
    Ok((branch, role))
}

/// The same, for those whose role administers.
pub(crate) async fn administered(call: &Call, guest: &Guest) -> Result<(Branch, Role), Refusal> {
    let (branch, role) = as_administrator(call, guest).await?;
    if role.administers() { Ok((branch, role)) } else { Err(Error::NotAllowed.into()) }
}

/// Whoever is signed in, as the core wants them named.
pub(crate) fn actor(guest: &Guest) -> Result<Actor, Refusal> {
    Ok(Actor::Person(Box::new(guest.identity()?.clone())))
}

/// The number of an administrator or member in a path; what cannot be one is nobody's.
pub(crate) fn person_number(text: &str) -> Result<PersonNumber, Refusal> {
    let number = number(text).and_then(|number| PersonNumber::new(number).ok());
    number.ok_or(Refusal::Core(Error::NotFound))
}

async fn by_number(call: &Call, guest: &Guest, number: Option<i64>) -> Result<Branch, Refusal> {
    let number = number.and_then(|number| CompanyNumber::new(number).ok()).ok_or(Error::NotFound)?;
    let branch = tenants::by_number(&call.core, number).await?;
    if applications::reaches(&guest.application, &branch) { Ok(branch) } else { Err(Error::NotFound.into()) }
}

/// Digits only, so that one company has one address.
fn number(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

/// A number that some clients send as JSON text.
fn whole_number(fields: &Fields, name: &str) -> Result<Option<i64>, Refusal> {
    match fields.value(name)? {
        Some(Value::String(text)) if !text.is_empty() => {
            let read = number(text).ok_or_else(|| Refusal::invalid(name, "expected a whole number"));
            read.map(Some)
        }
        Some(_) | None => fields.integer(name),
    }
}
