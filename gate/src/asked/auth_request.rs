//! nginx's `auth_request`: `X-Original-Method` and `X-Original-URL`, a whole URL.

use super::{Asked, method};
use crate::carried::{Carried, Header};
use crate::question::Question;
use crate::refusal::Refusal;

pub(super) fn question(asked: Asked<'_>) -> Result<Question<'_>, Refusal> {
    let carried = Carried::of(&asked.parts.headers);
    let method = method(carried.metadata(Header::OriginalMethod)?)?;
    let url = carried.metadata(Header::OriginalUrl)?.ok_or(Refusal::Metadata)?;
    let rest =
        url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or(Refusal::Metadata)?;
    // Cut by hand: a URL parser would resolve `..`, and what is judged must be what the upstream sees.
    let slash = rest.find('/').ok_or(Refusal::Metadata)?;
    let (host, target) = rest.split_at(slash);
    asked.about(carried, method, host, target)
}
