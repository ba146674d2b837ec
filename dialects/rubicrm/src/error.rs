//! Every refusal in RubiCRM's words: a `ResponseCode`, and a sentence as `ResponseMessage`; for wrong credentials `[]`.

use crate::framing::Framing;
use doorward_core::Error;
use doorward_web::reply::Reply;
use doorward_web::{Refusal, Response, StatusCode};
use serde_json::{Value, json};

/// Renders a refusal in a framing. `Retry-After` is a header in both.
pub(crate) fn render(framing: Framing, refusal: &Refusal) -> Response {
    let (code, message) = words(refusal);
    let response = framing.render(code, &message);
    match refusal {
        Refusal::Core(
            Error::Throttled { retry_after }
            | Error::RateLimited { retry_after, .. }
            | Error::Unavailable { retry_after }
            | Error::HomeAway { retry_after },
        ) => response.with_retry_after(*retry_after),
        Refusal::Core(_)
        | Refusal::UnknownPath
        | Refusal::MethodNotAllowed { .. }
        | Refusal::BodyTooLarge { .. }
        | Refusal::UriTooLong { .. }
        | Refusal::UnsupportedMediaType
        | Refusal::Malformed { .. }
        | Refusal::Invalid { .. }
        | Refusal::TooSlow
        | Refusal::CrossSite
        | Refusal::InsecureTransport => response,
    }
}

fn words(refusal: &Refusal) -> (StatusCode, Value) {
    use StatusCode as Status;
    match refusal {
        Refusal::Core(error) => core(error),
        Refusal::UnknownPath => (Status::NOT_FOUND, json!("There is no such method.")),
        Refusal::MethodNotAllowed { .. } => {
            (Status::METHOD_NOT_ALLOWED, json!("Methods are called with POST."))
        }
        Refusal::BodyTooLarge { .. } => (Status::PAYLOAD_TOO_LARGE, sentence(refusal)),
        Refusal::UriTooLong { .. } => (Status::URI_TOO_LONG, sentence(refusal)),
        Refusal::UnsupportedMediaType => (Status::UNSUPPORTED_MEDIA_TYPE, sentence(refusal)),
        Refusal::Malformed { .. } => (Status::BAD_REQUEST, sentence(refusal)),
        Refusal::Invalid { field, problem } => (Status::BAD_REQUEST, about(field, problem)),
        Refusal::TooSlow => (Status::REQUEST_TIMEOUT, sentence(refusal)),
        Refusal::CrossSite | Refusal::InsecureTransport => (Status::FORBIDDEN, sentence(refusal)),
    }
}

fn core(error: &Error) -> (StatusCode, Value) {
    use StatusCode as Status;
    match error {
        Error::WrongCredentials => (Status::UNAUTHORIZED, json!([])),
        Error::ApplicationRefused => (Status::UNAUTHORIZED, json!("The API key is missing or wrong.")),
        Error::NotSignedIn => (Status::UNAUTHORIZED, json!("Send the Doorward-Session of this person.")),
        Error::WrongRegion { .. } => (Status::UNAUTHORIZED, sentence(error)),
        Error::Invalid { field, problem } => (Status::BAD_REQUEST, about(wire_name(field), problem)),
        Error::PasswordRefused(_)
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused => (Status::BAD_REQUEST, sentence(error)),
        Error::Conflict { field, problem } => (Status::CONFLICT, about(wire_name(field), problem)),
        Error::NotAllowed => (Status::FORBIDDEN, json!("This API key is not allowed to do this.")),
        Error::PasswordResetRequired => (Status::FORBIDDEN, json!("Set a new password first.")),
        Error::NotFound => (Status::NOT_FOUND, json!("There is nobody of this uid here.")),
        Error::Throttled { .. } => {
            (Status::TOO_MANY_REQUESTS, json!("Too many attempts. Please try again later."))
        }
        Error::RateLimited { .. } => (Status::TOO_MANY_REQUESTS, sentence(error)),
        Error::Unavailable { .. } | Error::HomeAway { .. } => {
            (Status::SERVICE_UNAVAILABLE, json!("The service is busy. Please try again shortly."))
        }
        Error::Internal => (Status::INTERNAL_SERVER_ERROR, json!("Something went wrong on our side.")),
    }
}

/// A field keeps its spelling, so that it can be found in the request. Positional values have no name.
fn about(field: &str, problem: &str) -> Value {
    if field.is_empty() {
        json!(format!("A value: {problem}."))
    } else {
        json!(format!("{field}: {problem}."))
    }
}

/// The core's name of a field as clients of this dialect write it.
fn wire_name(field: &'static str) -> &'static str {
    match field {
        "email" => "emailaddress",
        "first_name" => "FirstName",
        "last_name" => "LastName",
        "known_as" => "KnownAs",
        other => other,
    }
}

/// A meaning's own text as a sentence.
fn sentence(what: &impl std::fmt::Display) -> Value {
    let text = what.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    json!(format!("{first}{}.", chars.as_str()))
}
