//! A page that a signed-in visitor asks for, with what its address says.

use super::{Pages, Visit};
use crate::trouble::Trouble;
use axum::extract::FromRequestParts;
use axum::response::IntoResponse as _;
use doorward_web::{Fields, Response};
use http::request::Parts;

/// Who asks, and the query.
pub(crate) struct Viewing {
    pub(crate) visit: Visit,
    query: Fields,
}

impl FromRequestParts<Pages> for Viewing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, pages).await?;
        let query = Fields::of_query(parts.uri.query().unwrap_or_default());
        Ok(Self { visit, query: query.map_err(|_| Trouble::NotFound.into_response())? })
    }
}

impl Viewing {
    /// A parameter without the spaces around it; `None` when it is empty or missing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.query.text(name).ok().flatten().map(str::trim).filter(|text| !text.is_empty())
    }

    /// A parameter as what it stands for; `None` for what is none.
    pub(crate) fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }
}
