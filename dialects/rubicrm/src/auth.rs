//! Who is calling, in RubiCRM's terms: a program with an API key, for one tenant.
//!
//! The tenant is the door's, else that of the key's application. A refusal here must be answered in the framing of the
//! call, so it travels to `method.rs` inside the [`Guest`] instead of stopping admission.

use crate::arguments::{Arguments, Parameter, Received, receive};
use crate::framing::Framing;
use doorward_core::{Branch, Error, Speaker, applications, tenants, verify};
use doorward_model::{Application, Secret, SessionScheme};
use doorward_web::{Call, CallContext, CorsPolicy, Fields, Refusal};
use std::fmt;

/// Carries the session's token, in answers and back.
pub(crate) const SESSION_HEADER: &str = "doorward-session";

/// Who may call a method, and what it takes.
#[derive(Clone, Copy)]
pub struct Access {
    pub(crate) who: Who,
    pub(crate) parameters: &'static [Parameter],
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever has an API key, where the door asks for one.
    Key,
    /// An application marked `trusted_server`.
    TrustedServer,
    /// A person with their own `Doorward-Session`, or a trusted server.
    ThemselvesOrTrustedServer,
}

/// What admission found out.
pub struct Guest {
    pub(crate) framing: Framing,
    pub(crate) admitted: Result<Admitted, Refusal>,
}

/// A call that may go on.
pub(crate) struct Admitted {
    /// The tenant.
    pub(crate) branch: Branch,
    /// The program; `None` on a door that asks for no key.
    pub(crate) application: Option<Application>,
    /// Who speaks; always there where the method asks for it.
    speaker: Option<Speaker>,
    /// The parameters.
    pub(crate) arguments: Arguments,
}

impl Admitted {
    /// The program, if it is a server that the tenant trusts.
    pub(crate) fn trusted_server(&self) -> Option<&Application> {
        self.application.as_ref().filter(|application| application.trusted_server)
    }

    /// Who speaks for the person of this call.
    pub(crate) fn speaker(&self) -> Result<&Speaker, Refusal> {
        self.speaker.as_ref().ok_or(Refusal::Core(Error::NotSignedIn))
    }
}

/// Reads the body, and finds program, tenant and speaker.
pub(crate) async fn admit(access: Access, call: &Call) -> Result<Guest, Refusal> {
    match call.body().await {
        Ok(body) => {
            let framing = Framing::of(body);
            Ok(Guest { framing, admitted: admitted(access, call, framing, body).await })
        }
        Err(refusal) if call.body_is_broken_list() => {
            Ok(Guest { framing: Framing::Classic, admitted: Err(refusal) })
        }
        Err(refusal) => Err(refusal),
    }
}

async fn admitted(access: Access, call: &Call, framing: Framing, body: &Fields) -> Result<Admitted, Refusal> {
    let key_is_required = call.door.door.settings.require_api_key || call.door.door.tenant.is_none();
    let Received { key, arguments } = receive(framing, body, access.parameters, key_is_required)?;
    let application = application(call, key, key_is_required).await?;
    let branch = branch(call, application.as_ref()).await?;
    let speaker = match access.who {
        Who::Key => None,
        Who::TrustedServer => Some(server(application.as_ref()).ok_or(Error::NotAllowed)?),
        Who::ThemselvesOrTrustedServer => Some(match server(application.as_ref()) {
            Some(server) => server,
            None => themselves(call, &branch).await?,
        }),
    };
    Ok(Admitted { branch, application, speaker, arguments: arguments? })
}

async fn application(
    call: &CallContext,
    key: Option<Secret>,
    key_is_required: bool,
) -> Result<Option<Application>, Refusal> {
    match key {
        Some(key) => Ok(Some(applications::by_key(&call.core, &key).await?)),
        None if key_is_required => Err(Error::ApplicationRefused.into()),
        None => Ok(None),
    }
}

/// The door's tenant, which the application must reach; else the application's own.
async fn branch(call: &CallContext, application: Option<&Application>) -> Result<Branch, Refusal> {
    let named = call.door.door.tenant.or_else(|| application.map(|known| (known.pool, known.tenant)));
    let (pool, tenant) = named.ok_or(Error::ApplicationRefused)?;
    let branch = tenants::by_id(&call.core, pool, tenant).await?;
    let reaches = application.is_none_or(|application| applications::reaches(application, &branch));
    if reaches { Ok(branch) } else { Err(Error::ApplicationRefused.into()) }
}

fn server(application: Option<&Application>) -> Option<Speaker> {
    let server = application.filter(|application| application.trusted_server)?;
    Some(Speaker::Server(Box::new(server.clone())))
}

/// Whoever holds the session of this call, at this tenant.
async fn themselves(call: &CallContext, branch: &Branch) -> Result<Speaker, Refusal> {
    let token = call.header(SESSION_HEADER)?.map(Secret::new).ok_or(Error::NotSignedIn)?;
    let identity = verify::session(&call.core, SessionScheme::DoorwardSession, &token).await?;
    if identity.tenant() == branch.tenant().id {
        Ok(Speaker::Themselves(Box::new(identity)))
    } else {
        Err(Error::NotSignedIn.into())
    }
}

/// The vendor's sample is browser code, so pages of configured origins may call; nothing of theirs is sent along.
pub(crate) async fn cors(call: &CallContext) -> CorsPolicy {
    let of_tenant = match branch(call, None).await {
        Ok(branch) => branch.policy().origins,
        Err(_no_tenant_yet) => Vec::new(),
    };
    CorsPolicy {
        origins: [call.door.door.settings.origins.clone(), of_tenant].concat(),
        credentials: false,
        allow_headers: &["Content-Type", "Doorward-Session"],
        expose_headers: &["Doorward-Session"],
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.who.fmt(f)
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").field("framing", &self.framing).finish_non_exhaustive()
    }
}
