//! `/cell/v1/…` on Doorward's own hosts: what other cells may ask. Nobody else: a request that no listed cell signed, just now and
//! for this one, is 401 and nothing more.

use super::channel::Channel;
use super::signature::{Asked, Refused, Signer, Taken, check_request, claimed, sign_answer};
use super::wire::{AnswerRow, PageRow, QuestionRow};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::routing::{get, post};
use bytes::Bytes;
use doorward_core::{Core, Error, cells};
use doorward_model::RegionCode;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Arrival, Response, StatusCode};
use http::request::Parts;
use http_body_util::{BodyExt as _, Limited};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Names, after a number.
pub(super) const DIRECTORY: &str = "/cell/v1/directory";
/// A key pair of this cell.
pub(super) const ACCESS_KEY: &str = "/cell/v1/access-key";

/// Every route, for whoever sweeps them; each is open to listed cells only.
pub const ROUTES: [(&str, &str); 2] = [("GET", DIRECTORY), ("POST", ACCESS_KEY)];

/// A question is a key and a secret of at most 256 characters each.
const BODY_BYTES: usize = 4 * 1024;
/// When to try again while the database does not answer.
const RETRY: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Answers {
    core: Core,
    channel: Arc<Channel>,
    allow_plain_http: bool,
}

/// The routes, to be merged into the house of a cell.
pub(crate) fn router(core: &Core, channel: &Arc<Channel>, allow_plain_http: bool) -> Router {
    let answers = Answers { core: core.clone(), channel: Arc::clone(channel), allow_plain_http };
    Router::new()
        .route(DIRECTORY, get(directory))
        .route(ACCESS_KEY, post(access_key))
        .with_state(Arc::new(answers))
}

async fn directory(
    State(answers): State<Arc<Answers>>,
    Extension(arrival): Extension<Arrival>,
    request: Request,
) -> Response {
    let (taken, parts, _) = match answers.take(&arrival, request).await {
        Ok(taken) => taken,
        Err(refusal) => return *refusal,
    };
    let query = parts.uri.query().unwrap_or_default();
    let after = query.strip_prefix("after=").and_then(|number| number.parse().ok());
    let Some(after) = after.filter(|number: &i64| *number >= 0) else {
        return answers.signed(&taken, StatusCode::BAD_REQUEST, &json!({ "error": "expected ?after=" }));
    };
    match cells::page(&answers.core, after).await {
        Ok(page) => answers.signed(&taken, StatusCode::OK, &PageRow::of(&page)),
        Err(fault) => answers.failed(&taken, &fault),
    }
}

async fn access_key(
    State(answers): State<Arc<Answers>>,
    Extension(arrival): Extension<Arrival>,
    request: Request,
) -> Response {
    let (taken, _, body) = match answers.take(&arrival, request).await {
        Ok(taken) => taken,
        Err(refusal) => return *refusal,
    };
    let question = serde_json::from_slice::<QuestionRow>(&body).ok().and_then(QuestionRow::question);
    let Some(question) = question else {
        return answers.signed(&taken, StatusCode::BAD_REQUEST, &json!({ "error": "expected a key pair" }));
    };
    match cells::answer(&answers.core, &question).await {
        Ok(answer) => answers.signed(&taken, StatusCode::OK, &AnswerRow::of(&answer)),
        Err(fault) => answers.failed(&taken, &fault),
    }
}

impl Answers {
    /// Takes a request that a listed cell signed and nobody sent before.
    async fn take(
        &self,
        arrival: &Arrival,
        request: Request,
    ) -> Result<(Taken, Parts, Bytes), Box<Response>> {
        // A peer on this machine needs no TLS; one that a proxy on this machine speaks for does.
        if !(arrival.secure || self.allow_plain_http || arrival.caller.address.is_loopback()) {
            let error = json!({ "error": "cells speak over https only" });
            return Err(Box::new(reply::json(StatusCode::FORBIDDEN, &error)));
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = read(body).await else {
            let error = json!({ "error": "the body is too large, or was cut off" });
            return Err(Box::new(reply::json(StatusCode::PAYLOAD_TOO_LARGE, &error)));
        };
        let asked = Asked { method: &parts.method, uri: &parts.uri, body: &body };
        let keys = |cell: &_| self.channel.peer(cell).map(|peer| peer.keys.as_slice());
        let checked = check_request(&self.channel.name, self.core.now(), &parts.headers, &asked, keys);
        let refuse = |refused| Box::new(self.refuse(arrival, &parts, refused));
        let taken = checked.map_err(refuse)?;
        match cells::take_request(&self.core, &taken.from, &taken.nonce, taken.until).await {
            Ok(true) => Ok((taken, parts, body)),
            Ok(false) => Err(refuse(Refused::Replayed)),
            Err(fault) => Err(Box::new(self.failed(&taken, &fault))),
        }
    }

    fn signed(&self, taken: &Taken, status: StatusCode, body: &impl Serialize) -> Response {
        let Ok(body) = serde_json::to_vec(body) else {
            tracing::error!("an answer to a cell cannot be written");
            return reply::empty(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let signer = Signer { key: &self.channel.key, name: &self.channel.name, now: self.core.now() };
        match sign_answer(&signer, &taken.signature, status, &body) {
            Ok(headers) => {
                let mut response = reply::content(status, "application/json", body);
                response.headers_mut().extend(headers);
                response
            }
            Err(fault) => {
                tracing::error!(%fault, "an answer to a cell cannot be signed");
                reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    fn refuse(&self, arrival: &Arrival, parts: &Parts, refused: Refused) -> Response {
        let claimed = claimed(&parts.headers).filter(|cell| self.channel.peer(cell).is_some());
        let cell = claimed.as_ref().map_or("none that is listed", RegionCode::as_str).to_owned();
        if let Some(unsaid) = self.channel.refusals.note(claimed, refused, self.core.now()) {
            let (from, request_id) = (arrival.caller.address, &arrival.caller.request_id);
            tracing::warn!(
                %from, request_id, cell, %refused, unsaid,
                "a request between cells is refused; the same is said once a minute"
            );
        }
        reply::json(StatusCode::UNAUTHORIZED, &json!({ "error": refused.to_string() }))
    }

    fn failed(&self, taken: &Taken, fault: &Error) -> Response {
        tracing::warn!(%fault, cell = taken.from.as_str(), "another cell is not answered");
        let error = json!({ "error": "this cell cannot answer now" });
        self.signed(taken, StatusCode::SERVICE_UNAVAILABLE, &error).with_retry_after(RETRY)
    }
}

async fn read(body: Body) -> Result<Bytes, axum::BoxError> {
    Ok(Limited::new(body, BODY_BYTES).collect().await?.to_bytes())
}
