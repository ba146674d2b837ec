//! Name and password with the request (RFC 7617), where the operator allows it: good at a host whose door names a
//! tenant, for whom that door's sign-in lets in. Each request costs a password hash and counts as a sign-in.

use super::{Found, authorization, invalid};
use crate::question::Question;
use crate::refusal::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_core::sign_in::{SessionWish, Wanted};
use doorward_core::verify::{self, Reason};
use doorward_core::{Caller, Core, Error, ResolvedDoor, tenants};
use doorward_model::{Dialect, Kind, PoolId, Secret, SessionScheme, TenantId};
use doorward_web::user_agent;

const SCHEME: &str = "basic";

/// As whom people sign in at doors that know passwords, and what a sign-in opens there.
const SALESSEEK: Login =
    Login { kinds: &[Kind::User, Kind::Administrator], opens: SessionWish::Open(SessionScheme::Cookie) };
const BOOKINGBUG: Login =
    Login { kinds: &[Kind::Administrator, Kind::Member], opens: SessionWish::Open(SessionScheme::AuthToken) };
const RUBICRM: Login = Login {
    kinds: &[Kind::Contact, Kind::User, Kind::Administrator],
    opens: SessionWish::OnceVerified(SessionScheme::DoorwardSession),
};

struct Login {
    kinds: &'static [Kind],
    opens: SessionWish,
}

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let text = match authorization::credentials(question, SCHEME)? {
        Ok(text) => text,
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(identify(core, question, text).await)
}

async fn identify(core: &Core, question: &Question<'_>, text: &str) -> Result<Found, Refusal> {
    let (name, password) = read(text).ok_or_else(invalid)?;
    let door = question.door.as_ref().ok_or(Refusal::WrongHost)?;
    let login = login(door).ok_or(Refusal::WrongHost)?;
    let (pool, tenant) = tenant(core, door).await?;
    let caller = Caller {
        address: question.address(),
        agent: user_agent(question.headers),
        request_id: "verify".to_owned(),
        door: Some(door.door.id),
        language: None,
    };
    let wanted = Wanted::Tenant { pool, tenant, kinds: login.kinds };
    let who = verify::by_password(core, &caller, wanted, login.opens, &name, password).await?;
    Ok(who.into())
}

/// Whether the host is a door's that knows passwords and names a tenant; whether there is such a tenant is not said.
pub(super) fn is_taken(question: &Question<'_>) -> bool {
    let names_a_tenant = |door: &&ResolvedDoor| door.slug.is_some() || door.door.tenant.is_some();
    question.door.as_ref().filter(names_a_tenant).and_then(login).is_some()
}

fn login(door: &ResolvedDoor) -> Option<Login> {
    match door.door.dialect {
        Dialect::Salesseek => Some(SALESSEEK),
        Dialect::Bookingbug => Some(BOOKINGBUG),
        Dialect::Rubicrm => Some(RUBICRM),
        // It knows key pairs only.
        Dialect::Leadsquared => None,
    }
}

/// The tenant that the door names, by the host's slug or by itself.
async fn tenant(core: &Core, door: &ResolvedDoor) -> Result<(PoolId, TenantId), Refusal> {
    match (&door.slug, door.door.tenant) {
        (Some(slug), _) => match tenants::by_slug(core, slug).await {
            Ok(branch) => Ok((branch.pool(), branch.tenant().id)),
            Err(Error::NotFound) => Err(invalid()),
            Err(fault) => Err(Reason::from(fault).into()),
        },
        (None, Some(bound)) => Ok(bound),
        (None, None) => Err(Refusal::WrongHost),
    }
}

/// Name and password: Base64 of UTF-8, the first colon between them.
fn read(text: &str) -> Option<(String, Secret)> {
    let plain = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (name, password) = plain.split_once(':')?;
    Some((name.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_colon_parts_name_and_password() {
        let (name, password) = read("YWRhQGIuZXhhbXBsZTp4Onk=").unwrap();
        assert_eq!((name.as_str(), password.expose()), ("ada@b.example", "x:y"));
        for broken in ["", "*", "YWRh", "/zo="] {
            assert!(read(broken).is_none(), "{broken}");
        }
    }
}
