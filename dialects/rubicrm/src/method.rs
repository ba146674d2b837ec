//! From an admitted call to an answer in the framing it came in: the one place where that happens.

use crate::auth::{Access, Admitted, Guest, SESSION_HEADER};
use crate::{Rubicrm, error};
use doorward_core::Error;
use doorward_model::Secret;
use doorward_web::reply::Reply;
use doorward_web::{Call, HeaderName, Refusal, Response, Route, StatusCode};
use serde::Serialize;
use serde_json::Value;

/// A method of the API.
pub(crate) trait Method: Copy + Send + Sync + 'static {
    /// Answers a call.
    fn answer(self, call: &Call, admitted: &Admitted)
    -> impl Future<Output = Result<Answer, Refusal>> + Send;
}

/// What a method answers.
pub(crate) struct Answer {
    message: Value,
    session: Option<Secret>,
}

impl Answer {
    /// `[{…}]`: none or one row.
    pub(crate) fn rows(row: Option<impl Serialize>) -> Result<Self, Refusal> {
        let rows: Vec<_> = row.into_iter().collect();
        let message = serde_json::to_value(rows)
            .map_err(|fault| Error::internal("answer cannot be serialised", &fault))?;
        Ok(Self { message, session: None })
    }

    /// `true` or `false`.
    pub(crate) fn of(truth: bool) -> Self {
        Self { message: Value::Bool(truth), session: None }
    }

    /// With the session's token in a header.
    pub(crate) fn with_session(self, session: Option<Secret>) -> Self {
        Self { session, ..self }
    }
}

/// Mounts a method.
pub(crate) fn route(
    path: &'static str,
    access: Access,
    method: impl Method,
    doc: &'static str,
) -> Route<Rubicrm> {
    Route::post(path, access, move |call, guest| run(method, call, guest), doc)
}

async fn run(method: impl Method, call: Call, guest: Guest) -> Result<Response, Refusal> {
    let Guest { framing, admitted } = guest;
    let answer = match admitted {
        Ok(admitted) => method.answer(&call, &admitted).await,
        Err(refusal) => Err(refusal),
    };
    Ok(match answer {
        Ok(Answer { message, session }) => {
            let response = framing.render(StatusCode::OK, &message);
            match session {
                Some(token) => {
                    response.with_secret_header(HeaderName::from_static(SESSION_HEADER), token.expose())
                }
                None => response,
            }
        }
        Err(refusal) => error::render(framing, &refusal),
    })
}
