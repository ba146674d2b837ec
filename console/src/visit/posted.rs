//! A form that a signed-in visitor sent.

use super::{Pages, Visit};
use crate::trouble::Trouble;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::IntoResponse as _;
use doorward_web::{Fields, Response, limits, read_fields};

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
            Err(_) => Err(Trouble::Unreadable.into_response()),
        }
    }
}

impl Posted {
    /// A field without the spaces around it; empty when it is missing or no text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.text(name).ok().flatten().unwrap_or_default().trim()
    }

    /// The same; `None` when nothing was filled in.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// What was typed over what stood there when the form was opened (`NAME_was`); `None` for a field that was left alone, which others
    /// may have changed meanwhile.
    pub(crate) fn touched(&self, name: &str) -> Option<&str> {
        let typed = self.text(name);
        let was = self.fields.text(&format!("{name}_was")).ok().flatten();
        Some(typed).filter(|typed| was.is_none_or(|was| was.trim().lines().ne(typed.lines())))
    }

    /// Whether a box was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }
}
