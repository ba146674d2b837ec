//! Every refusal in BookingBug's words: `{"error": "<text>"}`, with `details` where a field is at fault.

use doorward_core::Error;
use doorward_web::reply::{self, Reply};
use doorward_web::{Refusal, Response, StatusCode};
use serde_json::json;

/// Exactly the seed's text; an unknown application, a dead token and a wrong password are one answer.
const UNAUTHORIZED: &str = "401 Unauthorized";
/// Client programs compare this text (dialects: "error strings").
const CODE_REFUSED: &str = "Reset password token is invalid";
/// Client programs compare this text.
const CURRENT_PASSWORD_WRONG: &str = "current_password doesn't match existing password";

pub(crate) fn render(refusal: &Refusal) -> Response {
    use StatusCode as Status;
    match refusal {
        Refusal::Core(error) => core(error),
        Refusal::UnknownPath => error(Status::NOT_FOUND, "Not Found"),
        Refusal::MethodNotAllowed { .. } => error(Status::METHOD_NOT_ALLOWED, "Method Not Allowed"),
        Refusal::BodyTooLarge { .. } => error(Status::PAYLOAD_TOO_LARGE, &refusal.to_string()),
        Refusal::UriTooLong { .. } => error(Status::URI_TOO_LONG, &refusal.to_string()),
        Refusal::UnsupportedMediaType => error(Status::UNSUPPORTED_MEDIA_TYPE, &refusal.to_string()),
        Refusal::Malformed { .. } => error(Status::BAD_REQUEST, &refusal.to_string()),
        Refusal::Invalid { field, problem } => at_fault(Status::BAD_REQUEST, field, problem),
        Refusal::TooSlow => error(Status::REQUEST_TIMEOUT, &refusal.to_string()),
        Refusal::CrossSite | Refusal::InsecureTransport => error(Status::FORBIDDEN, &refusal.to_string()),
    }
}

fn core(meaning: &Error) -> Response {
    use StatusCode as Status;
    match meaning {
        Error::Invalid { field, problem } => at_fault(Status::BAD_REQUEST, field, problem),
        Error::Conflict { field, problem } => at_fault(Status::CONFLICT, field, problem),
        Error::PasswordRefused(why) => at_fault(Status::BAD_REQUEST, "password", &why.to_string()),
        Error::CurrentPasswordWrong => error(Status::BAD_REQUEST, CURRENT_PASSWORD_WRONG),
        Error::CodeRefused => error(Status::BAD_REQUEST, CODE_REFUSED),
        Error::CallbackRefused => error(Status::BAD_REQUEST, &meaning.to_string()),
        Error::WrongCredentials | Error::NotSignedIn | Error::ApplicationRefused => {
            error(Status::UNAUTHORIZED, UNAUTHORIZED)
        }
        Error::NotAllowed => error(Status::FORBIDDEN, "Forbidden"),
        Error::PasswordResetRequired => error(Status::FORBIDDEN, "Set a new password first"),
        Error::NotFound => error(Status::NOT_FOUND, "Not Found"),
        Error::WrongRegion { .. } => error(Status::NOT_FOUND, &meaning.to_string()),
        Error::Throttled { retry_after } | Error::RateLimited { retry_after, .. } => {
            error(Status::TOO_MANY_REQUESTS, "Too many attempts, try again later")
                .with_retry_after(*retry_after)
        }
        Error::Unavailable { retry_after } | Error::HomeAway { retry_after } => {
            error(Status::SERVICE_UNAVAILABLE, "Busy, try again shortly").with_retry_after(*retry_after)
        }
        Error::Internal => error(Status::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

fn error(status: StatusCode, text: &str) -> Response {
    reply::json(status, &json!({ "error": text }))
}

fn at_fault(status: StatusCode, field: &str, problem: &str) -> Response {
    let details = json!([{ "field": field, "problem": problem }]);
    reply::json(status, &json!({ "error": format!("{field}: {problem}"), "details": details }))
}
