//! RubiCRM's rows, in the seed's own field order and types.

use doorward_core::tickets::Told;
use doorward_core::{Branch, Core, Identity, Result, sign_in::code::Recognised, tenants};
use doorward_model::{Membership, Person, Verified};
use serde::Serialize;

/// What every sign-in tells of a contact (seed: the first seven fields of "Login").
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Contact {
    #[serde(rename = "uid")]
    uid: String,
    email_address: String,
    first_name: Option<String>,
    last_name: Option<String>,
    known_as: Option<String>,
    company: String,
    web_admin: bool,
}

/// The answer of `Login`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Login {
    #[serde(flatten)]
    contact: Contact,
    login_verified: bool,
    consent_received: bool,
    user_status: Option<String>,
    allow_login: bool,
    validation_val: Option<String>,
    #[serde(rename = "ValidationID")]
    validation_id: Option<String>,
}

/// The answer of `PluginSubmitLoginToken`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TokenLogin {
    #[serde(flatten)]
    contact: Contact,
    user_status: Option<String>,
}

/// The answer of `LoginReset`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoginReset {
    #[serde(rename = "uid")]
    pub(crate) uid: String,
    pub(crate) login_verified: bool,
    pub(crate) password_reset_val: Option<String>,
    #[serde(rename = "PasswordResetID")]
    pub(crate) password_reset_id: Option<String>,
}

/// The answer of `EmailCheck` and `PluginCreateLoginToken`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoginToken {
    #[serde(rename = "uid")]
    uid: String,
    company: String,
    login_verified: bool,
    login_token_val: String,
    #[serde(rename = "LoginTokenID")]
    login_token_id: String,
}

impl Contact {
    pub(crate) async fn new(core: &Core, identity: &Identity, membership: &Membership) -> Result<Self> {
        let Person { id, email, profile, .. } = &identity.person;
        let role = identity.role_at(&identity.branch);
        Ok(Self {
            uid: id.to_string(),
            email_address: email.as_written().to_owned(),
            first_name: profile.first_name.clone(),
            last_name: profile.last_name.clone(),
            known_as: profile.known_as.clone(),
            company: company(core, &identity.branch, membership).await?,
            web_admin: role.is_some_and(|role| role.administers()),
        })
    }
}

impl Login {
    pub(crate) fn new(
        contact: Contact,
        identity: &Identity,
        membership: Membership,
        consent_received: bool,
        codes: Option<Told>,
    ) -> Self {
        let (val, id) = codes.map(|told| (told.code.expose().to_owned(), told.id.to_string())).unzip();
        Self {
            contact,
            login_verified: val.is_none(),
            consent_received,
            user_status: membership.standing,
            allow_login: identity.branch.policy().allow_login,
            validation_val: val,
            validation_id: id,
        }
    }
}

impl TokenLogin {
    pub(crate) fn new(contact: Contact, membership: Membership) -> Self {
        Self { contact, user_status: membership.standing }
    }
}

impl LoginToken {
    pub(crate) async fn new(core: &Core, branch: &Branch, found: &Recognised) -> Result<Self> {
        Ok(Self {
            uid: found.person.id.to_string(),
            company: company(core, branch, &found.membership).await?,
            login_verified: is_verified(&found.person),
            login_token_val: found.code.code.expose().to_owned(),
            login_token_id: found.code.id.to_string(),
        })
    }
}

/// `LoginVerified`: at this door, codes read from a login answer are enough.
pub(crate) fn is_verified(person: &Person) -> bool {
    person.verified != Verified::No
}

/// The name of the company somebody's place is in: the tenant signed in to, or one above it.
async fn company(core: &Core, branch: &Branch, membership: &Membership) -> Result<String> {
    let tenant = branch.tenant();
    if membership.tenant == tenant.id {
        return Ok(tenant.display_name.clone());
    }
    let above = tenants::by_id(core, branch.pool(), membership.tenant).await?;
    Ok(above.tenant().display_name.clone())
}
