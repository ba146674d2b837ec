//! Somebody who opens a sign-in although they are signed in: by a bookmark, or to become somebody else.

use super::{Visit, find, way_back};
use crate::pages::Pages;
use doorward_core::Error;
use doorward_core::browser::Visitor;
use http::request::Parts;

/// Who is signed in in this browser, and where a sign-in would have led them.
pub(crate) struct Already {
    pub(crate) who: String,
    /// Where: one address may have accounts at several tenants.
    pub(crate) place: String,
    pub(crate) href: String,
}

/// `None` for a stranger, who is asked for a password and nothing else.
///
/// Errors: [`Error::Unavailable`].
pub(crate) async fn already(parts: &Parts, pages: &Pages, to: &str) -> Result<Option<Already>, Error> {
    match find(parts, pages).await {
        Ok(visit) => Ok(visit.map(|visit| Already::of(&visit, to))),
        Err(Error::NotSignedIn) => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl Already {
    fn of(visit: &Visit, to: &str) -> Self {
        let (home, place) = match &visit.visitor {
            Visitor::Person(identity) => ("/account", identity.branch.tenant().display_name.clone()),
            Visitor::Operator(_) => ("/console", "Doorward".to_owned()),
        };
        let href = way_back(to).unwrap_or(home).to_owned();
        Self { who: visit.visitor.email().to_owned(), place, href }
    }
}
