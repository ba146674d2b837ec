//! BookingBug's `Auth-Token`, with the program that sends it: good within the program's scope.

use super::{Found, cookies::cookie, home, invalid};
use crate::carried::Header;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::{Core, verify};
use doorward_model::{Dialect, Secret, SessionScheme};

/// The header's name is a cookie's too.
const COOKIE: &str = "Auth-Token";

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let header = question.carried.credential(Header::AuthToken);
    let token = match header.or_else(|| cookie(question.headers, COOKIE))? {
        Ok(token) => Secret::new(token),
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(identify(core, question, &token).await)
}

async fn identify(core: &Core, question: &Question<'_>, token: &Secret) -> Result<Found, Refusal> {
    let app_id = question.carried.credential(Header::AppId).transpose()?.ok_or_else(invalid)?;
    let app_key = question.carried.credential(Header::AppKey).transpose()?.map(Secret::new);
    let program = verify::program(core, question.client, app_id, app_key.as_ref()).await?;
    let who = verify::by_session(core, question.client, SessionScheme::AuthToken, token).await?;
    if !program.reaches(who.branch()) {
        return Err(invalid());
    }
    let is_at_home = question
        .door
        .as_ref()
        .is_none_or(|door| door.door.dialect == Dialect::Bookingbug && home::is_in_their_pool(&who, door));
    if !is_at_home {
        return Err(Refusal::WrongHost);
    }
    Ok(Found { who, program: Some(program.program()) })
}
