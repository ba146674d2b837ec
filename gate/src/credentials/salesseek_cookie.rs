//! SalesSeek's cookie: good at its own tenant's host only.

use super::{Found, cookies::cookie, home};
use crate::carried::Header;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::verify::{self, Who};
use doorward_core::{Core, ResolvedDoor};
use doorward_model::{Dialect, Secret, SessionScheme};
use doorward_web::is_known_at;
use http::Uri;

/// The cookie's name where the door sets no other.
const COOKIE: &str = "salesseek";

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let token = match cookie(question.headers, name(question.door.as_ref()))? {
        Ok(token) => Secret::new(token),
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(identify(core, question, &token).await)
}

/// The cookie's name at a door, and where there is none.
pub(crate) fn name(door: Option<&ResolvedDoor>) -> &str {
    door.and_then(|door| door.door.settings.cookie_name.as_deref()).unwrap_or(COOKIE)
}

async fn identify(core: &Core, question: &Question<'_>, token: &Secret) -> Result<Found, Refusal> {
    let who = verify::by_session(core, question.client, SessionScheme::Cookie, token).await?;
    if is_cross_site(question, &who) {
        return Err(Refusal::CrossSite);
    }
    let door = question.door.as_ref().filter(|door| door.door.dialect == Dialect::Salesseek);
    match door {
        Some(door) if is_at_home(&who, door, question)? => Ok(who.into()),
        Some(_) => Err(Refusal::WrongHost),
        // Another host that the operator protects: its route says whose tenant it is.
        None if question.door.is_none() => Ok(who.into()),
        None => Err(Refusal::WrongHost),
    }
}

fn is_at_home(who: &Who, door: &ResolvedDoor, question: &Question<'_>) -> Result<bool, Refusal> {
    if let Some(is_theirs) = home::is_theirs(who, door) {
        return Ok(is_theirs);
    }
    // Names the tenant where the host carries no slug (dialects: SalesSeek).
    let named = question.carried.metadata(Header::ClientId)?;
    Ok(named.is_some_and(|slug| slug.eq_ignore_ascii_case(who.tenant().slug.as_str())))
}

/// The rule of the door itself (dialects: SalesSeek, CSRF), for the calls that are not its own: a browser sends a cookie
/// along by itself, for whoever's page. Only a signed-in tenant's own list of origins is worth asking.
fn is_cross_site(question: &Question<'_>, who: &Who) -> bool {
    doorward_web::is_cross_site(&question.method, question.headers, |origin| match &question.door {
        Some(door) => {
            let allowed = [door.door.settings.origins.clone(), who.branch().policy().origins].concat();
            is_known_at(door, &allowed, origin)
        }
        None => origin.parse::<Uri>().is_ok_and(|origin| origin.host() == Some(&question.host)),
    })
}
