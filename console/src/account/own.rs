//! Whose account it is: a person who is signed in to these pages. Everybody else is led to where they can.

use super::terms;
use crate::asked::Asked;
use crate::form::Form;
use crate::pages::Pages;
use crate::trouble::refused;
use crate::visit::{self, see_other, to_sign_in, wanted_page};
use crate::words::moment;
use axum::extract::{FromRequest, FromRequestParts, Request};
use doorward_core::browser::Visitor;
use doorward_core::{Actor, Caller, Core, Error, Identity};
use doorward_model::{SessionId, Timestamp};
use doorward_web::Response;
use http::request::Parts;

/// A person's request for a page of their account.
pub(super) struct Own {
    pub(super) core: Core,
    pub(super) asked: Asked,
    pub(super) visitor: Visitor,
    pub(super) identity: Box<Identity>,
}

/// A form that a person sent from a page of their account.
pub(super) struct Sent {
    pub(super) own: Own,
    pub(super) form: Form,
}

/// Where strangers say which organisation they belong to.
pub(super) const WHERE: &str = "/account/sign-in";
/// What somebody of whom a new password is required may do, and nothing else.
pub(super) const PASSWORD: &str = "/account/password";
const SIGN_OUT: &str = "/account/sign-out";

impl Own {
    pub(super) fn actor(&self) -> Actor {
        Actor::Person(self.identity.clone())
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.asked.caller
    }

    /// A moment by the clock they live by ([`super::rooms::Rooms::times`] names it).
    pub(super) fn moment(&self, at: Timestamp) -> String {
        moment(self.asked.lang, &self.identity.zone(), at)
    }

    /// The session of this browser.
    pub(super) fn session(&self) -> Option<SessionId> {
        self.identity.session().map(|session| session.id)
    }
}

impl FromRequestParts<Pages> for Own {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let asked = Asked::from_request_parts(parts, pages).await?;
        let visit = match visit::find(parts, pages).await {
            Ok(Some(visit)) => visit,
            Ok(None) | Err(Error::NotSignedIn) => {
                return Err(to_sign_in(WHERE, parts));
            }
            Err(fault) => return Err(refused(&asked, &fault)),
        };
        let identity = match &visit.visitor {
            Visitor::Person(identity) => identity.clone(),
            // Operators have no account of this kind.
            Visitor::Operator(_) => return Err(see_other("/console")),
        };
        if let Some(first) =
            asked_first(parts, &pages.core, &identity).await.map_err(|fault| refused(&asked, &fault))?
        {
            return Err(see_other(&first));
        }
        Ok(Self { core: pages.core.clone(), asked, visitor: visit.visitor, identity })
    }
}

/// Where somebody must go before they see this page, if anywhere: a new password comes before terms, and whoever wants neither
/// may sign out.
async fn asked_first(parts: &Parts, core: &Core, identity: &Identity) -> Result<Option<String>, Error> {
    let path = parts.uri.path();
    if path == SIGN_OUT {
        Ok(None)
    } else if identity.person.password_reset_required {
        Ok((path != PASSWORD).then(|| PASSWORD.to_owned()))
    } else if terms::is_before(path) {
        Ok(None)
    } else {
        terms::asked_for(core, identity, &wanted_page(parts)).await
    }
}

impl FromRequest<Pages> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let own = Own::from_request_parts(&mut parts, pages).await?;
        let form = Form::from_request(Request::from_parts(parts, body), pages).await?;
        Ok(Self { own, form })
    }
}
