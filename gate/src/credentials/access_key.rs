//! LeadSquared's key pair, in two headers or in the original's query: good in its pool's region.

use super::{Found, invalid, once};
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::{Core, verify};
use doorward_model::{Dialect, Secret};
use std::borrow::Cow;

/// The header and the query's field of each half.
const ACCESS_KEY: (&str, &str) = ("x-LSQ-AccessKey", "accessKey");
const SECRET_KEY: (&str, &str) = ("x-LSQ-SecretKey", "secretKey");

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let (name, secret) = match (half(question, ACCESS_KEY), half(question, SECRET_KEY)) {
        (None, None) => return None,
        (Some(Ok(name)), Some(Ok(secret))) => (name, Secret::new(&*secret)),
        (Some(Err(refusal)), _) | (_, Some(Err(refusal))) => return Some(Err(refusal)),
        // Half a pair proves nothing.
        (Some(Ok(_)), None) | (None, Some(Ok(_))) => return Some(Err(invalid())),
    };
    Some(identify(core, question, &name, &secret).await)
}

async fn identify(
    core: &Core,
    question: &Question<'_>,
    name: &str,
    secret: &Secret,
) -> Result<Found, Refusal> {
    if question.door.as_ref().is_some_and(|door| door.door.dialect != Dialect::Leadsquared) {
        return Err(Refusal::WrongHost);
    }
    let of_door = question.door.as_ref().and_then(|door| door.door.settings.region.as_ref());
    let here = of_door.or(core.settings().region.as_ref());
    let who = verify::by_key(core, question.client, name, secret, here).await?;
    let bound = question.door.as_ref().and_then(|door| door.door.tenant);
    if bound.is_some_and(|(pool, _)| pool != who.pool()) {
        return Err(Refusal::WrongHost);
    }
    Ok(who.into())
}

/// One half of the pair; header and query must agree where both stand. Empty counts as absent.
fn half<'a>(
    question: &'a Question<'_>,
    (header, field): (&str, &str),
) -> Option<Result<Cow<'a, str>, Refusal>> {
    let header = once(question, header).filter(|value| !matches!(value, Ok("")));
    let mut fields = form_urlencoded::parse(question.query.unwrap_or_default().as_bytes())
        .filter(|(name, value)| name.eq_ignore_ascii_case(field) && !value.is_empty())
        .map(|(_, value)| value);
    let query = fields.next();
    if fields.next().is_some() {
        return Some(Err(Refusal::Ambiguous));
    }
    match (header, query) {
        (Some(Err(refusal)), _) => Some(Err(refusal)),
        (Some(Ok(header)), Some(query)) if header != query => Some(Err(Refusal::Ambiguous)),
        (Some(Ok(header)), _) => Some(Ok(Cow::Borrowed(header))),
        (None, query) => query.map(Ok),
    }
}
