//! What a page is given: the link's parameters on the way in, the form's fields on the way back.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use doorward_core::Caller;
use doorward_model::{PersonId, Secret};
use doorward_web::{Arrival, Fields, Response, StatusCode, is_cross_site, limits, read_fields};
use http::request::Parts;

use crate::page;

/// The code's name in links; BookingBug's mails name it after their own field.
const CODE_PARAMETERS: [&str; 2] = ["token", "reset_password_token"];

/// A one-time code, and the person its link names.
pub(crate) struct Link {
    pub(crate) person: Option<PersonId>,
    pub(crate) code: Secret,
}

/// A submitted form from a page of ours.
pub(crate) struct Form {
    pub(crate) caller: Caller,
    pub(crate) link: Link,
    pub(crate) password: Option<Secret>,
    pub(crate) repeated: Option<Secret>,
}

impl<S: Send + Sync> FromRequestParts<S> for Link {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let headers = http::HeaderMap::from_iter([(
            http::header::CONTENT_TYPE,
            http::HeaderValue::from_static("application/x-www-form-urlencoded"),
        )]);
        let fields = read_fields(&headers, Body::from(query), limits::BODY_BYTES).await;
        fields.ok().and_then(|fields| Link::read(&fields)).ok_or_else(page::broken_link)
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        // Without what the plumbing knows of a request there is nobody to count attempts for.
        let arrival = parts.extensions.get::<Arrival>().ok_or_else(page::unavailable)?;
        if is_cross_site(&parts.method, &parts.headers, |_| false) && !is_same_host(&parts, arrival) {
            return Err(page::message(
                StatusCode::FORBIDDEN,
                "This form was sent from somewhere else",
                CROSS_SITE,
            ));
        }
        let fields = read_fields(&parts.headers, body, limits::BODY_BYTES).await.ok();
        fields.and_then(|fields| Self::read(arrival.caller.clone(), &fields)).ok_or_else(page::broken_link)
    }
}

const CROSS_SITE: &str = "Open the link in your mail again and use the form you find there.";

/// Older browsers send `Origin` without `Sec-Fetch-Site`.
fn is_same_host(parts: &Parts, arrival: &Arrival) -> bool {
    let origin = parts.headers.get(http::header::ORIGIN).and_then(|value| value.to_str().ok());
    let host = origin
        .and_then(|origin| origin.parse::<http::Uri>().ok())
        .and_then(|uri| uri.host().map(str::to_owned));
    host.is_some() && host == arrival.host && !parts.headers.contains_key("sec-fetch-site")
}

impl Form {
    fn read(caller: Caller, fields: &Fields) -> Option<Self> {
        Some(Self {
            caller,
            link: Link::read(fields)?,
            password: fields.secret("password").ok()?,
            repeated: fields.secret("password_again").ok()?,
        })
    }
}

impl Link {
    fn read(fields: &Fields) -> Option<Self> {
        let person = fields.text("user_id").ok()?.and_then(PersonId::parse);
        let code = CODE_PARAMETERS.iter().find_map(|name| fields.secret(name).ok().flatten())?;
        Some(Self { person, code })
    }
}
