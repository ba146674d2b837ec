//! Who is calling: the bearer of a token.

use crate::problem::{Code, Problem};
use doorward_core::manage::{self, Scope};
use doorward_core::{Actor, Caller, Core};
use doorward_model::Secret;
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

/// `Authorization: Bearer …` (RFC 6750 §2.1); one given twice is none.
fn sent(headers: &HeaderMap) -> Option<Secret> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}
