//! Forgotten and changed passwords.

use crate::auth::{self, Guest};
use crate::hal::{self, Link};
use crate::links::Links;
use crate::login::current::{render, standing};
use crate::wire::{Login, Place};
use crate::{forms, reach};
use doorward_core::links::LinkForm;
use doorward_core::passwords::{self, reset::Expected};
use doorward_core::{Branch, Error, memberships, tenants};
use doorward_model::{Kind, Secret};
use doorward_web::{Call, Fields, Refusal, Response, StatusCode};
use serde_json::json;

/// The mailed link leads to our own page, which knows the code by the vendor's name.
const LINK: LinkForm = LinkForm::House { page: "/reset", code_parameter: "reset_password_token" };
/// As whom people are shown after they set a password.
const KINDS: [Kind; 2] = [Kind::Administrator, Kind::Member];

/// Mails a code. The answer is the same whoever the address belongs to (P8).
pub(crate) async fn request(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let branch = company_or_own(&call, &guest).await?;
    let email = call.body().await?.required_text("email")?;
    passwords::reset::request(&call.core, &call.caller, &branch, email, LINK).await?;
    let own = Link::to(Links::of(&call).base_login(None));
    let message = "If we know this address, a mail with instructions is on its way.";
    let body = json!({ "result": "OK", "message": message, "_links": { "self": own } });
    Ok(hal::answer(&call, StatusCode::CREATED, &body))
}

/// Sets a new password with the mailed code. Nobody is signed in by it.
pub(crate) async fn reset(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let branch = company_or_own(&call, &guest).await?;
    let code = call.body().await?.secret("reset_password_token")?.ok_or(Error::CodeRefused)?;
    finish(&call, &guest, &branch, &code).await
}

/// With a code as above; without one, whoever is signed in changes theirs.
pub(crate) async fn reset_or_change(call: Call, guest: Guest) -> Result<Response, Refusal> {
    match call.body().await?.secret("reset_password_token")? {
        Some(code) => {
            let branch = company_or_own(&call, &guest).await?;
            finish(&call, &guest, &branch, &code).await
        }
        None => change(&call, &auth::signed_in(&call, guest).await?, StatusCode::OK).await,
    }
}

/// Changes one's own password; nobody has anybody else's current one.
pub(crate) async fn update(call: Call, guest: Guest) -> Result<Response, Refusal> {
    reach::reached(&call, &guest).await?;
    if reach::person_number(call.path("member_id"))? != guest.identity()?.person.number {
        return Err(Error::NotAllowed.into());
    }
    change(&call, &guest, StatusCode::CREATED).await
}

/// What a new password must look like.
pub(crate) async fn schema(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let branch = company_or_own(&call, &guest).await?;
    let form = forms::reset_password(&branch, Link::to(Links::of(&call).reset_schema()));
    Ok(hal::answer(&call, StatusCode::OK, &form))
}

/// The company of the path, else the application's own.
async fn company_or_own(call: &Call, guest: &Guest) -> Result<Branch, Refusal> {
    match call.path("company_id") {
        "" => Ok(tenants::by_id(&call.core, guest.application.pool, guest.application.tenant).await?),
        text => reach::company(call, guest, text).await,
    }
}

async fn finish(call: &Call, guest: &Guest, branch: &Branch, code: &Secret) -> Result<Response, Refusal> {
    let new = new_password(call.body().await?)?;
    let expected = Expected { pool: Some(guest.application.pool), ..Expected::default() };
    let person = passwords::reset::finish(&call.core, &call.caller, code, expected, new).await?;
    let links = Links::of(call);
    for kind in KINDS {
        match memberships::reaching(&call.core, branch, person.number, kind).await {
            Ok((_, place)) => {
                let login = Login::new(&links, Place::new(&person, branch, &place), None);
                return Ok(hal::answer(call, StatusCode::OK, &login));
            }
            Err(Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    // Nobody of this company itself: shown where they are below it, administrators first.
    let below = memberships::below(&call.core, branch, person.id).await?;
    let at = |kind: Kind| below.iter().find(|(_, place)| place.kind == kind);
    if let Some((branch, place)) = KINDS.into_iter().find_map(at) {
        let login = Login::new(&links, Place::new(&person, branch, place), None);
        return Ok(hal::answer(call, StatusCode::OK, &login));
    }
    // The code was for another company of the tree: the password is set, but nobody is shown who is not here.
    let own = Link::to(links.base_login(None));
    Ok(hal::answer(call, StatusCode::OK, &json!({ "_links": { "self": own } })))
}

async fn change(call: &Call, guest: &Guest, status: StatusCode) -> Result<Response, Refusal> {
    let body = call.body().await?;
    let new = new_password(body)?;
    let identity = guest.identity()?;
    let current = body.secret("current_password")?;
    let person = passwords::change(&call.core, &call.caller, identity, current, new).await?;
    let changed = doorward_core::Identity { person, ..identity.clone() };
    let place = standing(&changed, &changed.branch, &KINDS).ok_or(Error::NotAllowed)?;
    Ok(render(call, guest, status, place))
}

/// The new password, written twice the same where it is written twice.
fn new_password(body: &Fields) -> Result<Secret, Refusal> {
    let new = body.required_text("password")?;
    let again = body.text("password_confirmation")?;
    if again.is_some_and(|again| again != new) {
        return Err(Refusal::invalid("password_confirmation", "doesn't match password"));
    }
    Ok(Secret::new(new))
}
