//! Every refusal in LeadSquared's words: `{"Status":"Error","ExceptionType":…,"ExceptionMessage":…}`.

use crate::credentials::MISSING;
use doorward_core::Error;
use doorward_web::reply::{self, Reply};
use doorward_web::{Refusal, Response, StatusCode};
use serde::Serialize;

/// The vendor's own names of refusals (its documentation, "API error codes"); clients match them.
#[derive(Clone, Copy, Debug, Serialize)]
enum Exception {
    #[serde(rename = "MXUnAuthorizedAccessException")]
    Unauthorized,
    #[serde(rename = "MXMandatoryAttributeMissingException")]
    Missing,
    #[serde(rename = "MXInvalidInputException")]
    InvalidInput,
    #[serde(rename = "MXResourceNotFoundException")]
    NotFound,
    #[serde(rename = "MXMethodNotAllowedException")]
    MethodNotAllowed,
    #[serde(rename = "MXAPIRateLimitExceededException")]
    RateLimit,
    #[serde(rename = "MXInternalException")]
    Internal,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    status: &'static str,
    exception_type: Exception,
    exception_message: &'a str,
}

pub(crate) fn render(refusal: &Refusal) -> Response {
    use StatusCode as Status;
    match refusal {
        Refusal::Core(error) => core(error),
        Refusal::UnknownPath => not_found(),
        Refusal::MethodNotAllowed { .. } => error(
            Status::METHOD_NOT_ALLOWED,
            Exception::MethodNotAllowed,
            "This API does not answer that method.",
        ),
        Refusal::Invalid { problem, .. } if problem == MISSING => {
            error(Status::BAD_REQUEST, Exception::Missing, &sentence(refusal))
        }
        Refusal::Invalid { .. } | Refusal::Malformed { .. } => invalid(Status::BAD_REQUEST, refusal),
        Refusal::BodyTooLarge { .. } => invalid(Status::PAYLOAD_TOO_LARGE, refusal),
        Refusal::UriTooLong { .. } => invalid(Status::URI_TOO_LONG, refusal),
        Refusal::UnsupportedMediaType => invalid(Status::UNSUPPORTED_MEDIA_TYPE, refusal),
        Refusal::TooSlow => invalid(Status::REQUEST_TIMEOUT, refusal),
        Refusal::CrossSite | Refusal::InsecureTransport => {
            error(Status::FORBIDDEN, Exception::Unauthorized, &sentence(refusal))
        }
    }
}

fn core(refusal: &Error) -> Response {
    use StatusCode as Status;
    match refusal {
        Error::WrongCredentials | Error::NotSignedIn | Error::ApplicationRefused => error(
            Status::UNAUTHORIZED,
            Exception::Unauthorized,
            "Invalid access credentials. Check your AccessKey and SecretKey.",
        ),
        Error::WrongRegion { host } => error(
            Status::UNAUTHORIZED,
            Exception::Unauthorized,
            &format!("This account is served by {host}. Send your calls to that host."),
        ),
        Error::NotAllowed | Error::PasswordResetRequired => {
            error(Status::FORBIDDEN, Exception::Unauthorized, &sentence(refusal))
        }
        Error::NotFound => not_found(),
        Error::Invalid { .. }
        | Error::Conflict { .. }
        | Error::PasswordRefused(_)
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused => invalid(Status::BAD_REQUEST, refusal),
        Error::Throttled { retry_after } => {
            let text = "Too many attempts. Please try again later.";
            error(Status::TOO_MANY_REQUESTS, Exception::RateLimit, text).with_retry_after(*retry_after)
        }
        Error::RateLimited { limit, retry_after } => {
            let (calls, seconds) = (limit.calls, limit.window.as_secs());
            let text = format!("API calls exceeded the limit of {calls} in {seconds} second(s)");
            error(Status::TOO_MANY_REQUESTS, Exception::RateLimit, &text).with_retry_after(*retry_after)
        }
        Error::Unavailable { retry_after } => {
            let text = "The service is busy. Please try again shortly.";
            error(Status::SERVICE_UNAVAILABLE, Exception::Internal, text).with_retry_after(*retry_after)
        }
        Error::HomeAway { retry_after } => {
            let text = "The home region of this account does not answer. Please try again shortly.";
            error(Status::SERVICE_UNAVAILABLE, Exception::Internal, text).with_retry_after(*retry_after)
        }
        Error::Internal => {
            error(Status::INTERNAL_SERVER_ERROR, Exception::Internal, "Something went wrong on our side.")
        }
    }
}

fn not_found() -> Response {
    let text = "The API could not be found. Please check the API signature.";
    error(StatusCode::NOT_FOUND, Exception::NotFound, text)
}

fn invalid(status: StatusCode, what: &impl std::fmt::Display) -> Response {
    error(status, Exception::InvalidInput, &sentence(what))
}

fn error(status: StatusCode, exception_type: Exception, exception_message: &str) -> Response {
    reply::json(status, &Body { status: "Error", exception_type, exception_message })
}

/// A meaning's own text as a sentence; the field's name at its head keeps its case.
fn sentence(what: &impl std::fmt::Display) -> String {
    format!("{what}.")
}
