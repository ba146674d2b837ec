//! Answers about one thing, with its version as entity tag (RFC 9110 §8.8.3), and pages of many.

use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::header;
use serde::Serialize;
use serde_json::json;

/// One thing as it is.
pub(crate) fn one(shown: &impl Serialize, version: i64) -> Response {
    tagged(reply::json(StatusCode::OK, shown), version)
}

/// One thing that was made, and where it is found below [`crate::BASE`].
pub(crate) fn made(shown: &impl Serialize, version: i64, at: &str) -> Response {
    let answer = tagged(reply::json(StatusCode::CREATED, shown), version);
    answer.with_header(header::LOCATION, &format!("{}{at}", crate::BASE))
}

/// A part of a list, and the cursor of the next.
pub(crate) fn page<T: Serialize>(items: &[T], next: Option<String>) -> Response {
    reply::json(StatusCode::OK, &json!({ "items": items, "next": next }))
}

fn tagged(answer: Response, version: i64) -> Response {
    answer.with_header(header::ETAG, &format!("\"{version}\""))
}
