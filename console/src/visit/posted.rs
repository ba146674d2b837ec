//! A form that a signed-in visitor sent.

use super::{Pages, Visit};
use crate::say::message;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use doorward_web::{Fields, Response, StatusCode, limits, read_fields};

/// Who sent it, and what.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
}

impl FromRequest<Pages> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, pages).await?;
        match read_fields(&parts.headers, body, limits::BODY_BYTES).await {
            Ok(fields) => Ok(Self { visit, fields }),
            Err(_) => Err(message(StatusCode::BAD_REQUEST, "This form cannot be read", UNREADABLE)),
        }
    }
}

const UNREADABLE: &str = "Nothing was changed. Go back, reload the page and send it again.";

impl Posted {
    /// A field without the spaces around it; empty when it is missing or no text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.text(name).ok().flatten().unwrap_or_default().trim()
    }

    /// The same; `None` when nothing was filled in.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }
}
