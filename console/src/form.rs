//! What a page is given: the link's parameters on the way in, the form's fields on the way back.

use crate::asked::Asked;
use crate::pages::Pages;
use crate::trouble::{Trouble, problem};
use axum::extract::{FromRequest, FromRequestParts, Request};
use doorward_model::{PersonId, Secret};
use doorward_web::{Fields, HeaderMap, Method, Refusal, Response, is_cross_site, limits, read_fields};
use http::header;
use http::request::Parts;

/// The code's name in links; BookingBug's mails name it after their own field.
const CODE_PARAMETERS: [&str; 2] = ["token", "reset_password_token"];

/// A one-time code, and the person its link names.
pub(crate) struct Link {
    pub(crate) person: Option<PersonId>,
    pub(crate) code: Secret,
}

/// An opened link.
pub(crate) struct Opened {
    pub(crate) asked: Asked,
    pub(crate) link: Link,
}

/// A submitted form from a page of ours.
pub(crate) struct Form {
    pub(crate) asked: Asked,
    pub(crate) fields: Fields,
}

impl FromRequestParts<Pages> for Opened {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let asked = Asked::from_request_parts(parts, pages).await?;
        let fields = Fields::of_query(parts.uri.query().unwrap_or_default());
        match fields.ok().and_then(|fields| Link::read(&fields)) {
            Some(link) => Ok(Self { asked, link }),
            None => Err(problem(&asked, Trouble::BrokenLink)),
        }
    }
}

impl FromRequest<Pages> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, pages).await?;
        if is_foreign(&parts.method, &parts.headers, asked.host.as_deref()) {
            return Err(problem(&asked, Trouble::CrossSite));
        }
        match read_fields(&parts.headers, body, limits::BODY_BYTES).await {
            Ok(fields) => Ok(Self { asked, fields }),
            Err(Refusal::BodyTooLarge { .. }) => Err(problem(&asked, Trouble::TooLarge)),
            Err(
                Refusal::Core(_)
                | Refusal::UnknownPath
                | Refusal::MethodNotAllowed { .. }
                | Refusal::UriTooLong { .. }
                | Refusal::UnsupportedMediaType
                | Refusal::Malformed { .. }
                | Refusal::Invalid { .. }
                | Refusal::TooSlow
                | Refusal::CrossSite
                | Refusal::InsecureTransport,
            ) => Err(problem(&asked, Trouble::Unreadable)),
        }
    }
}

/// Whether a page of another site sends this. `host` is the one that was asked.
pub(crate) fn is_foreign(method: &Method, headers: &HeaderMap, host: Option<&str>) -> bool {
    is_cross_site(method, headers, |_| false) && !is_same_host(headers, host)
}

/// Older browsers send `Origin` without `Sec-Fetch-Site`.
fn is_same_host(headers: &HeaderMap, host: Option<&str>) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let theirs = origin
        .and_then(|origin| origin.parse::<http::Uri>().ok())
        .and_then(|uri| uri.host().map(str::to_owned));
    theirs.is_some() && theirs.as_deref() == host && !headers.contains_key("sec-fetch-site")
}

impl Form {
    /// A text that was typed, without the blanks around it; `None` for what is no single text.
    pub(crate) fn typed(&self, name: &str) -> Option<&str> {
        self.fields.text(name).ok().flatten().map(str::trim)
    }

    /// A password as it was typed; `None` for none.
    pub(crate) fn secret(&self, name: &str) -> Option<Secret> {
        self.fields.secret(name).ok().flatten().filter(|secret| !secret.expose().is_empty())
    }

    /// Whether a box is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.fields.text(name).ok().flatten().is_some_and(|value| !value.is_empty())
    }
}

impl Link {
    pub(crate) fn read(fields: &Fields) -> Option<Self> {
        let person = fields.text("user_id").ok()?.and_then(PersonId::parse);
        let code = CODE_PARAMETERS.iter().find_map(|name| fields.secret(name).ok().flatten())?;
        Some(Self { person, code })
    }
}
