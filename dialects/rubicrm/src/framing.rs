//! The two framings: *named* (the seed) and *classic* (the vendor's browser sample).
//!
//! Named: fields by name; the answer is a JSON object, and its HTTP status is the `ResponseCode`. Classic: one form
//! field of empty name with a JSON array of positional values; the answer is a JSON string that holds the object, whose
//! `ResponseMessage` is JSON text again, always with HTTP 200, because the vendor's sample looks only inside.

use doorward_web::{Fields, Refusal, Response, StatusCode, reply};
use serde::Serialize;
use serde_json::{Value, json};

/// How a call was written, and how it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Fields by name.
    Named,
    /// Values by position.
    Classic,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<Code: Serialize, Message: Serialize> {
    response_code: Code,
    response_message: Message,
}

impl Framing {
    /// Tells the framing of a body: a field without a name, or an array where the object should be, is classic.
    pub(crate) fn of(body: &Fields) -> Self {
        let is_classic = body.array().is_some() || body.names().any(str::is_empty);
        if is_classic { Self::Classic } else { Self::Named }
    }

    /// An answer in this framing.
    pub(crate) fn render(self, code: StatusCode, message: &Value) -> Response {
        match self {
            Self::Named => {
                reply::json(code, &Envelope { response_code: code.as_u16(), response_message: message })
            }
            Self::Classic => {
                let response_code = code.as_str();
                let inside = json!(Envelope { response_code, response_message: message.to_string() });
                reply::json(StatusCode::OK, &inside.to_string())
            }
        }
    }
}

/// The values of a classic body, in the order they came.
pub(crate) fn positional(body: &Fields) -> Result<Vec<Value>, Refusal> {
    if let Some(values) = body.array() {
        return Ok(values.to_vec());
    }
    if body.names().any(|name| !name.is_empty()) {
        return Err(Refusal::malformed("send one field without a name, or fields by name"));
    }
    let inside = Fields::of_json_text(body.text("")?.unwrap_or_default())?;
    inside.array().map(<[Value]>::to_vec).ok_or_else(|| Refusal::malformed("expected a JSON array"))
}
