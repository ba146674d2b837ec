//! Who is calling: the bearer of a token.

use crate::ask::Ask;
use crate::problem::{Code, Problem};
use doorward_core::manage::{self, Scope};
use doorward_core::{Actor, Branch, Caller, Core, Error, tenants};
use doorward_model::{Secret, TenantId};
use http::{HeaderMap, header};
use uuid::Uuid;

/// A caller who was let in.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub(crate) actor: Actor,
    /// The token's id: whose an idempotency key is.
    pub(crate) token: Uuid,
}

/// Errors: 401 without a good token, 403 without the scope.
pub(crate) async fn admit(
    core: &Core,
    caller: &Caller,
    headers: &HeaderMap,
    scope: Scope,
) -> Result<Bearer, Problem> {
    let token = sent(headers).ok_or_else(|| Problem::of(Code::Unauthorized))?;
    let bearer = manage::admit(core, caller, &token).await?;
    let actor = bearer.acting(scope).cloned().ok_or_else(|| {
        Problem::of(Code::Forbidden).said(format!("the token needs the scope {}", scope.as_str()))
    })?;
    Ok(Bearer { actor, token: bearer.token() })
}

/// What a request that is answered piece by piece asks again before each: who was let in may have been shut out since.
pub(crate) struct Again {
    core: Core,
    caller: Caller,
    token: Secret,
    scope: Scope,
    tenant: Option<TenantId>,
}

impl Again {
    /// For a request that was let in, about this tenant or about the house. `scope` is the endpoint's.
    ///
    /// Errors: 401 for a request without a token.
    pub(crate) fn of(ask: &Ask, scope: Scope, branch: Option<&Branch>) -> Result<Self, Problem> {
        Ok(Self {
            core: ask.core.clone(),
            caller: ask.caller.clone(),
            token: sent(&ask.head.headers).ok_or_else(|| Problem::of(Code::Unauthorized))?,
            scope,
            tenant: branch.map(|branch| branch.tenant().id),
        })
    }

    /// Who asks, and the tenant as it is now.
    ///
    /// Errors: [`Error::NotAllowed`] without the scope; those of [`manage::admit`] and [`tenants::reached`].
    pub(crate) async fn admit(&self) -> Result<(Actor, Option<Branch>), Error> {
        let bearer = manage::admit(&self.core, &self.caller, &self.token).await?;
        let actor = bearer.acting(self.scope).cloned().ok_or(Error::NotAllowed)?;
        let branch = match self.tenant {
            Some(id) => Some(tenants::reached(&self.core, &actor, id).await?),
            None if actor.runs_house(self.scope) => None,
            None => return Err(Error::NotAllowed),
        };
        Ok((actor, branch))
    }
}

/// `Authorization: Bearer …` (RFC 6750 §2.1); one given twice is none.
fn sent(headers: &HeaderMap) -> Option<Secret> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}
