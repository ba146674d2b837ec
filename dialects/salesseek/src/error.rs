//! Every refusal in SalesSeek's words: `{"detail": "<sentence>"}`, the field that client programs read.

use doorward_core::Error;
use doorward_web::reply::{self, Reply};
use doorward_web::{Refusal, Response, StatusCode};
use serde_json::json;

pub(crate) fn render(refusal: &Refusal) -> Response {
    use StatusCode as Status;
    match refusal {
        Refusal::Core(error) => core(error),
        Refusal::UnknownPath => detail(Status::NOT_FOUND, "There is nothing at this address."),
        Refusal::MethodNotAllowed { .. } => {
            detail(Status::METHOD_NOT_ALLOWED, "This address does not answer that method.")
        }
        Refusal::BodyTooLarge { .. } => detail(Status::PAYLOAD_TOO_LARGE, &sentence(refusal)),
        Refusal::UriTooLong { .. } => detail(Status::URI_TOO_LONG, &sentence(refusal)),
        Refusal::UnsupportedMediaType => detail(Status::UNSUPPORTED_MEDIA_TYPE, &sentence(refusal)),
        Refusal::Malformed { .. } => detail(Status::BAD_REQUEST, &sentence(refusal)),
        Refusal::Invalid { field, problem } => detail(Status::BAD_REQUEST, &about(field, problem)),
        Refusal::TooSlow => detail(Status::REQUEST_TIMEOUT, &sentence(refusal)),
        Refusal::CrossSite | Refusal::InsecureTransport => detail(Status::FORBIDDEN, &sentence(refusal)),
    }
}

fn core(error: &Error) -> Response {
    use StatusCode as Status;
    match error {
        Error::Invalid { field, problem } | Error::Conflict { field, problem } => {
            detail(Status::BAD_REQUEST, &about(wire_name(field), problem))
        }
        Error::PasswordRefused(_)
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused => detail(Status::BAD_REQUEST, &sentence(error)),
        Error::WrongCredentials => detail(Status::UNAUTHORIZED, "The e-mail address or password is wrong."),
        Error::NotSignedIn => detail(Status::UNAUTHORIZED, "You are not signed in."),
        Error::ApplicationRefused => detail(Status::UNAUTHORIZED, "This application may not call here."),
        // An unknown slug, with the host that knows it.
        Error::WrongRegion { .. } => detail(Status::NOT_FOUND, &sentence(error)),
        Error::NotAllowed => detail(Status::FORBIDDEN, "You are not allowed to do this."),
        Error::PasswordResetRequired => {
            detail(Status::FORBIDDEN, "Set a new password first: PATCH your own user with a new password.")
        }
        Error::NotFound => detail(Status::NOT_FOUND, "There is nothing at this address."),
        Error::Throttled { retry_after } => {
            detail(Status::TOO_MANY_REQUESTS, "Too many attempts. Please try again later.")
                .with_retry_after(*retry_after)
        }
        Error::RateLimited { retry_after, .. } => {
            detail(Status::TOO_MANY_REQUESTS, &sentence(error)).with_retry_after(*retry_after)
        }
        Error::Unavailable { retry_after } | Error::HomeAway { retry_after } => {
            detail(Status::SERVICE_UNAVAILABLE, "The service is busy. Please try again shortly.")
                .with_retry_after(*retry_after)
        }
        Error::Internal => detail(Status::INTERNAL_SERVER_ERROR, "Something went wrong on our side."),
    }
}

fn detail(status: StatusCode, sentence: &str) -> Response {
    reply::json(status, &json!({ "detail": sentence }))
}

/// A field keeps its spelling, so that it can be found in the request. It has no name where an array was sent.
fn about(field: &str, problem: &str) -> String {
    if field.is_empty() { format!("A value: {problem}.") } else { format!("{field}: {problem}.") }
}

/// The core's name of a field as clients of this dialect write it.
fn wire_name(field: &'static str) -> &'static str {
    if field == "email" { "email_address" } else { field }
}

/// A meaning's own text as a sentence.
fn sentence(what: &impl std::fmt::Display) -> String {
    let text = what.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
