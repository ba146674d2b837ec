//! Who is calling, in SalesSeek's terms: the host names the tenant, a cookie names the session.

use doorward_core::{Actor, Branch, Error, Identity, cells, tenants, verify};
use doorward_model::{Dialect, Kind, SessionScheme, Slug};
use doorward_web::{Call, CallContext, CorsPolicy, Refusal, refuse_cross_site};

/// The cookie's name where the door sets no other.
const COOKIE: &str = "salesseek";
/// Names the tenant where the host carries no slug.
const CLIENT_ID: &str = "ClientId";

/// As whom people are users here; administrators of a parent company reach down.
pub(crate) const KINDS: &[Kind] = &[Kind::User, Kind::Administrator];

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone who names a tenant.
    Anyone,
    /// Whoever is signed in to the host's tenant and need not set a new password first.
    SignedIn,
    /// Whoever is signed in to the host's tenant, a new password required or not.
    SignedInAnyway,
    /// Administrators of the host's tenant.
    Administrator,
}

/// Who is calling: a tenant's host, and perhaps someone signed in there.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The tenant the host names.
    pub branch: Branch,
    /// Who is signed in; always there unless the route lets anyone in.
    pub identity: Option<Box<Identity>>,
}

impl Guest {
    /// Who is signed in.
    pub(crate) fn identity(&self) -> Result<&Identity, Refusal> {
        self.identity.as_deref().ok_or(Refusal::Core(Error::NotSignedIn))
    }

    /// Whoever is signed in, as the one on whose behalf something is done.
    pub(crate) fn actor(&self) -> Result<Actor, Refusal> {
        Ok(Actor::Person(Box::new(self.identity()?.clone())))
    }

    /// Whether the one signed in administers the tenant.
    pub(crate) fn is_administrator(&self) -> bool {
        let role = self.identity.as_ref().and_then(|identity| identity.role_at(&self.branch));
        role.is_some_and(|role| role.administers())
    }
}

/// Finds the tenant, and who is signed in where the route asks for it.
pub(crate) async fn admit(access: Access, call: &Call) -> Result<Guest, Refusal> {
    let branch = tenant(call).await?;
    if carries_cookie(call) {
        refuse_cross_site(call, &origins(call, &branch))?;
    }
    if access == Access::Anyone {
        return Ok(Guest { branch, identity: None });
    }
    let identity = Some(Box::new(signed_in(call, &branch).await?));
    let guest = Guest { branch, identity };
    if guest.identity()?.person.password_reset_required && access != Access::SignedInAnyway {
        return Err(Error::PasswordResetRequired.into());
    }
    if access == Access::Administrator && !guest.is_administrator() {
        return Err(Error::NotAllowed.into());
    }
    Ok(guest)
}

/// Who holds the cookie of this call. A cookie of another tenant's host is nobody's.
pub(crate) async fn signed_in(call: &CallContext, branch: &Branch) -> Result<Identity, Refusal> {
    let token = call.cookie(cookie_name(call))?.ok_or(Error::NotSignedIn)?;
    let identity = verify::session(&call.core, SessionScheme::Cookie, &token).await?;
    if identity.tenant() == branch.tenant().id { Ok(identity) } else { Err(Error::NotSignedIn.into()) }
}

/// Whether a browser sent the session's cookie along, whatever it is worth.
fn carries_cookie(call: &CallContext) -> bool {
    !matches!(call.cookie(cookie_name(call)), Ok(None))
}

/// The cookie's name at this door.
pub(crate) fn cookie_name(call: &CallContext) -> &str {
    call.door.door.settings.cookie_name.as_deref().unwrap_or(COOKIE)
}

/// Browser origins that may call with the cookie.
pub(crate) fn origins(call: &CallContext, branch: &Branch) -> Vec<String> {
    [call.door.door.settings.origins.clone(), branch.policy().origins].concat()
}

pub(crate) async fn cors(call: &CallContext) -> CorsPolicy {
    let origins = match tenant(call).await {
        Ok(branch) => origins(call, &branch),
        Err(_unknown_or_away) => Vec::new(),
    };
    CorsPolicy {
        origins,
        credentials: true,
        allow_headers: &["Content-Type", "ClientId"],
        expose_headers: &["Records-Total", "Records-Start", "Records-Rows"],
    }
}

/// The tenant of the host's slug, else of the `ClientId` header. Another cell's is unknown here, and where it is, is said.
async fn tenant(call: &CallContext) -> Result<Branch, Refusal> {
    let slug = match &call.door.slug {
        Some(slug) => slug.clone(),
        None => {
            let named = call.header(CLIENT_ID)?.ok_or(Error::NotFound)?;
            Slug::parse(named).map_err(|_| Error::NotFound)?
        }
    };
    match tenants::by_slug(&call.core, &slug).await {
        Err(Error::NotFound) => {
            let home = cells::tenant_elsewhere(&call.core, &slug, Dialect::Salesseek).await?;
            Err(home.unwrap_or(Error::NotFound).into())
        }
        found => Ok(found?),
    }
}
