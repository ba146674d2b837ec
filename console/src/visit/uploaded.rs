//! A form with a file that a signed-in visitor sent.

use super::{Pages, Visit};
use crate::trouble::Trouble;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::IntoResponse as _;
use doorward_web::{Refusal, Response, Upload, limits, read_upload};

/// What the field of the file is called.
const FILE: &str = "file";

/// Who sent it, and what.
pub(crate) struct Uploaded {
    pub(crate) visit: Visit,
    pub(crate) upload: Upload,
}

impl FromRequest<Pages> for Uploaded {
    type Rejection = Response;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        // Whoever is not signed in sends nothing that is read.
        let visit = Visit::from_request_parts(&mut parts, pages).await?;
        match read_upload(&parts.headers, body, FILE, limits::TABLE_BYTES).await {
            Ok(upload) => Ok(Self { visit, upload }),
            Err(Refusal::BodyTooLarge { .. }) => Err(Trouble::TooLarge.into_response()),
            Err(_) => Err(Trouble::Unreadable.into_response()),
        }
    }
}
