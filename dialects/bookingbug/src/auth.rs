//! Who is calling, in BookingBug's terms: an application by `App-Id` and `App-Key`, and perhaps a person by `Auth-Token`.

use doorward_core::{Error, Identity, applications, verify};
use doorward_model::{AppId, Application, Secret, SessionScheme};
use doorward_web::{Call, CallContext, CorsPolicy, HeaderName, Refusal, refuse_cross_site};

const APP_ID: &str = "App-Id";
const APP_KEY: &str = "App-Key";
/// A header, and a cookie of the same name.
const AUTH_TOKEN: &str = "Auth-Token";
/// The same header in an answer.
pub(crate) const TOKEN_HEADER: HeaderName = HeaderName::from_static("auth-token");

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Any application.
    Application,
    /// Whoever is signed in and need not set a new password first.
    SignedIn,
    /// Whoever is signed in, a new password required or not.
    SignedInAnyway,
}

/// Who is calling: an application, and perhaps someone signed in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The program.
    pub application: Application,
    /// Who is signed in; always there unless the route lets any application in.
    pub identity: Option<Box<Identity>>,
    /// Their token, if it came in the header: only then may an answer repeat it.
    pub token: Option<Secret>,
}

impl Guest {
    /// Who is signed in.
    pub(crate) fn identity(&self) -> Result<&Identity, Refusal> {
        self.identity.as_deref().ok_or(Refusal::Core(Error::NotSignedIn))
    }
}

/// Admits the application first, then whoever is signed in, where the route asks for it.
pub(crate) async fn admit(access: Access, call: &Call) -> Result<Guest, Refusal> {
    let application = application(call).await?;
    let guest = Guest { application, identity: None, token: None };
    if access == Access::Application {
        return Ok(guest);
    }
    let guest = signed_in(call, guest).await?;
    if guest.identity()?.person.password_reset_required && access != Access::SignedInAnyway {
        return Err(Error::PasswordResetRequired.into());
    }
    Ok(guest)
}

/// Finds who holds the token of this call. A token of another tree, or above the application's company, is nobody's.
pub(crate) async fn signed_in(call: &CallContext, guest: Guest) -> Result<Guest, Refusal> {
    let (token, from_header) = match call.header(AUTH_TOKEN)? {
        Some(token) => (Secret::new(token), true),
        None => (call.cookie(AUTH_TOKEN)?.ok_or(Error::NotSignedIn)?, false),
    };
    if !from_header {
        refuse_cross_site(call, &origins(call, Some(&guest.application)))?;
    }
    let identity = verify::session(&call.core, SessionScheme::AuthToken, &token).await?;
    if !applications::reaches(&guest.application, &identity.branch) {
        return Err(Error::NotSignedIn.into());
    }
    Ok(Guest { identity: Some(Box::new(identity)), token: from_header.then_some(token), ..guest })
}

async fn application(call: &CallContext) -> Result<Application, Refusal> {
    let app_id = call.header(APP_ID)?.unwrap_or_default();
    let key = call.header(APP_KEY)?.map(Secret::new);
    let application = applications::admit(&call.core, app_id, key.as_ref()).await?;
    match call.door.door.tenant {
        Some((pool, _)) if pool != application.pool => Err(Error::ApplicationRefused.into()),
        Some(_) | None => Ok(application),
    }
}

/// Browser origins that may call: the door's and the application's own.
fn origins(call: &CallContext, application: Option<&Application>) -> Vec<String> {
    let own = application.map(|application| application.origins.clone()).unwrap_or_default();
    [call.door.door.settings.origins.clone(), own].concat()
}

pub(crate) async fn cors(call: &CallContext) -> CorsPolicy {
    CorsPolicy {
        origins: allowed_origins(call).await,
        credentials: true,
        allow_headers: &["Content-Type", APP_ID, APP_KEY, AUTH_TOKEN],
        expose_headers: &[AUTH_TOKEN],
    }
}

/// A preflight cannot say which application its page belongs to, so there any application's origin will do.
async fn allowed_origins(call: &CallContext) -> Vec<String> {
    let named = call.header(APP_ID).ok().flatten().and_then(AppId::parse);
    match (named, call.origin()) {
        (Some(app_id), _) => {
            let found = applications::by_app_id(&call.core, &app_id).await.ok();
            origins(call, found.as_ref())
        }
        (None, Some(origin)) if applications::any_has_origin(&call.core, origin).await.unwrap_or(false) => {
            [origins(call, None), vec![origin.to_owned()]].concat()
        }
        (None, _) => origins(call, None),
    }
}
