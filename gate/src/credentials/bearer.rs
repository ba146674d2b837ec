//! Doorward's own bearer tokens: good at the route they are for, for the program they were made for.

use super::{Found, authorization};
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::{Core, verify};
use doorward_model::Secret;

const SCHEME: &str = "bearer";

/// `audience` is the route's name, where one is asked about.
pub(super) async fn find(
    core: &Core,
    question: &Question<'_>,
    audience: Option<&str>,
) -> Option<Result<Found, Refusal>> {
    let token = match authorization::credentials(question, SCHEME)? {
        Ok(token) => Secret::new(token),
        Err(refusal) => return Some(Err(refusal)),
    };
    let found = verify::by_token(core, question.client, &token, audience).await;
    Some(found.map(Found::from).map_err(Refusal::from))
}

/// The token of a bare header.
pub(crate) fn token(value: &str) -> Option<&str> {
    authorization::after(value, SCHEME)
}
