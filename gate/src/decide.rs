//! The decision: which route, which credential, and whether the one is enough for the other.

use crate::Gate;
use crate::credentials::{self, Found};
use crate::path::{cut, normalised};
use crate::question::Question;
use crate::refusal::Refusal;
use crate::route::{Route, Target};

/// A request that may pass.
pub(crate) struct Passed<'g> {
    /// Who is calling; `None` at a public route.
    pub(crate) found: Option<Found>,
    pub(crate) route: &'g Route,
}

/// A request that may not, and the route it wanted, if one protects it.
pub(crate) struct Refused<'g> {
    pub(crate) refusal: Refusal,
    pub(crate) route: Option<&'g Route>,
}

pub(crate) async fn decide<'g>(gate: &'g Gate, question: &Question<'_>) -> Result<Passed<'g>, Refused<'g>> {
    let route = route(gate, question).map_err(|refusal| Refused { refusal, route: None })?;
    // A public route looks at no credential, so nothing a client sends can become an identity there.
    if route.is_public() {
        return Ok(Passed { found: None, route });
    }
    let refused = |refusal| Refused { refusal, route: Some(route) };
    let found = credentials::find(gate, question, Some(&route.name)).await.outcome().map_err(refused)?;
    if route.lets_in(&found.who) {
        Ok(Passed { found: Some(found), route })
    } else {
        Err(refused(Refusal::Role))
    }
}

/// Who is calling, whatever they want to do; a token is held to `audience` where one is named.
pub(crate) async fn identify(
    gate: &Gate,
    question: &Question<'_>,
    audience: Option<&str>,
) -> Result<Found, Refusal> {
    credentials::find(gate, question, audience).await.outcome()
}

fn route<'g>(gate: &'g Gate, question: &Question<'_>) -> Result<&'g Route, Refusal> {
    let path = normalised(question.path).map_err(|_| Refusal::Metadata)?;
    let found = leading(gate, question, &path);
    // Two routes for one request, depending on who reads the path: then neither.
    if let Some(cut) = cut(&path)
        && leading(gate, question, &cut) != found
    {
        return Err(Refusal::Metadata);
    }
    found.ok_or(Refusal::Route)
}

/// The first route that a path leads to.
fn leading<'g>(gate: &'g Gate, question: &Question<'_>, path: &str) -> Option<&'g Route> {
    let is_owned = question.door.as_ref().is_some_and(|door| (gate.settings().owns)(door, path));
    let target = Target { host: &question.host, path, is_door: question.door.is_some(), is_owned };
    gate.settings().routes.iter().find(|route| route.fits(&target))
}

/// All credentials must stand for one person; then the first of the contract's order speaks.
#[derive(Default)]
pub(crate) enum Agreed {
    #[default]
    Nobody,
    /// By one credential, so its own refusal counts.
    ByOne(Result<Found, Refusal>),
    BySeveral(Result<Found, Refusal>),
}

impl Agreed {
    /// Together with the next kind of credential, if it is there.
    pub(crate) fn and(self, next: Option<Result<Found, Refusal>>) -> Self {
        let Some(next) = next else { return self };
        match self {
            Self::Nobody => Self::ByOne(next),
            Self::ByOne(first) => {
                Self::BySeveral(first.map_err(unless_busy).and_then(|first| first.and(next)))
            }
            Self::BySeveral(first) => Self::BySeveral(first.and_then(|first| first.and(next))),
        }
    }

    fn outcome(self) -> Result<Found, Refusal> {
        match self {
            Self::Nobody => Err(Refusal::None),
            Self::ByOne(found) | Self::BySeveral(found) => found,
        }
    }
}

impl Found {
    fn and(self, other: Result<Self, Refusal>) -> Result<Self, Refusal> {
        let other = other.map_err(unless_busy)?;
        let are_one = other.who.person() == self.who.person() && other.who.pool() == self.who.pool();
        if are_one { Ok(self) } else { Err(Refusal::Ambiguous) }
    }
}

/// One valid and one invalid credential are ambiguous; where one could not be checked, nothing is known.
fn unless_busy(refusal: Refusal) -> Refusal {
    if refusal.retry_after().is_some() { refusal } else { Refusal::Ambiguous }
}
