//! LeadSquared's key pair, in two headers or in the original's query: good in its pool's region.

use super::{Found, home, invalid};
use crate::carried::Header;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::{Core, verify};
use doorward_model::{Dialect, Secret};
use std::borrow::Cow;

/// The query's field of each half.
const ACCESS_KEY: &str = "accessKey";
const SECRET_KEY: &str = "secretKey";

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let query = InQuery::of(question.query.unwrap_or_default());
    let name = half(question.carried.credential(Header::AccessKey), query.access_key);
    let secret = half(question.carried.credential(Header::SecretKey), query.secret_key);
    let (name, secret) = match (name, secret) {
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
    if question.door.as_ref().is_some_and(|door| !home::is_in_their_pool(&who, door)) {
        return Err(Refusal::WrongHost);
    }
    Ok(who.into())
}

/// What the original's query has of a pair. Empty counts as absent.
#[derive(Default)]
struct InQuery<'a> {
    access_key: InField<'a>,
    secret_key: InField<'a>,
}

#[derive(Default)]
enum InField<'a> {
    #[default]
    Never,
    Once(Cow<'a, str>),
    More,
}

impl<'a> InQuery<'a> {
    fn of(query: &'a str) -> Self {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let field = if name.eq_ignore_ascii_case(ACCESS_KEY) {
                &mut found.access_key
            } else if name.eq_ignore_ascii_case(SECRET_KEY) {
                &mut found.secret_key
            } else {
                continue;
            };
            *field = if let InField::Never = field { InField::Once(value) } else { InField::More };
        }
        found
    }
}

/// One half of the pair; header and query must agree where both stand. Empty counts as absent.
fn half<'a>(
    header: Option<Result<&'a str, Refusal>>,
    query: InField<'a>,
) -> Option<Result<Cow<'a, str>, Refusal>> {
    match (header.filter(|value| !matches!(value, Ok(""))), query) {
        (_, InField::More) => Some(Err(Refusal::Ambiguous)),
        (Some(Err(refusal)), _) => Some(Err(refusal)),
        (Some(Ok(header)), InField::Once(query)) if header != query => Some(Err(Refusal::Ambiguous)),
        (Some(Ok(header)), _) => Some(Ok(Cow::Borrowed(header))),
        (None, InField::Once(query)) => Some(Ok(query)),
        (None, InField::Never) => None,
    }
}
