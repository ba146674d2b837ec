//! The path of a request: path and method, transport, token, scope, handler; then the answer's words.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{IDEMPOTENCY_KEY, IF_MATCH};
use crate::{BASE, openapi, reference, routes, token};
use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Extension, RawPathParams, Request, State};
use axum::routing::{MethodFilter, MethodRouter, any, get, on};
use bytes::Bytes;
use doorward_core::Core;
use doorward_web::reply::Reply as _;
use doorward_web::{Arrival, Refusal, Response, read_bytes};
use http::{HeaderMap, Method, header};
use std::collections::BTreeMap;
use std::sync::Arc;

struct Manage {
    core: Core,
    allow_plain_http: bool,
}

/// The API, to be merged into the house.
pub fn router(core: Core, allow_plain_http: bool) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter<Arc<Manage>>> = BTreeMap::new();
    for endpoint in routes::all() {
        let path = endpoint.path;
        // Every method of the list has a filter; a test calls them all.
        let Ok(filter) = MethodFilter::try_from(endpoint.method.clone()) else { continue };
        let known = paths.remove(path).unwrap_or_else(|| MethodRouter::new().fallback(wrong_method));
        paths.insert(path, known.merge(served(filter, endpoint)));
    }
    let api = Router::new()
        .route(&format!("{BASE}/openapi.json"), get(openapi::serve).fallback(wrong_method))
        .route(&format!("{BASE}/reference"), get(reference::serve).fallback(wrong_method))
        .route(&format!("{BASE}/reference.css"), get(reference::style).fallback(wrong_method))
        .route(BASE, any(nothing))
        .route(&format!("{BASE}/"), any(nothing))
        .route(&format!("{BASE}/{{*rest}}"), any(nothing));
    let api =
        paths.into_iter().fold(api, |api, (path, methods)| api.route(&format!("{BASE}{path}"), methods));
    api.with_state(Arc::new(Manage { core, allow_plain_http }))
}

fn served(filter: MethodFilter, endpoint: Endpoint) -> MethodRouter<Arc<Manage>> {
    let endpoint = Arc::new(endpoint);
    on(
        filter,
        move |State(manage): State<Arc<Manage>>,
              path: Result<RawPathParams, RawPathParamsRejection>,
              Extension(arrival): Extension<Arrival>,
              request: Request| async move {
            let id = arrival.caller.request_id.clone();
            let told = answer(&manage, &endpoint, path, arrival, request).await;
            let told = told.unwrap_or_else(|problem| problem.render(&id));
            // People's data: no cache keeps it.
            told.with_header(header::CACHE_CONTROL, "no-store")
        },
    )
}

async fn answer(
    manage: &Manage,
    endpoint: &Endpoint,
    path: Result<RawPathParams, RawPathParamsRejection>,
    arrival: Arrival,
    request: Request,
) -> Result<Response, Problem> {
    // A path that is no text names nothing.
    let path = path.map_err(|_| Problem::of(Code::NotFound))?;
    let parameters = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if !(arrival.secure || manage.allow_plain_http || arrival.caller.address.is_loopback()) {
        return Err(Problem::of(Code::InsecureTransport));
    }
    let (head, body) = request.into_parts();
    let bearer = token::admit(&manage.core, &arrival.caller, &head.headers, endpoint.scope).await?;
    // Before the body is looked at: who may not ask is told nothing about how to.
    if endpoint.is_of_house() && !bearer.actor.runs_house(endpoint.scope) {
        return Err(Problem::of(Code::Forbidden).said("this is for operators with a token for every tree"));
    }
    unsupported(endpoint, &head.headers)?;
    let body = match endpoint.body {
        Some(_) => read_bytes(&head.headers, body, endpoint.body_limit()).await.map_err(Refusal::from)?,
        None => Bytes::new(),
    };
    let ask = Ask { core: manage.core.clone(), caller: arrival.caller, bearer, parameters, head, body };
    (endpoint.handler)(ask).await
}

/// Who sends one of these relies on it, so where it does nothing it is refused. What only reads changes nothing either way.
fn unsupported(endpoint: &Endpoint, headers: &HeaderMap) -> Result<(), Problem> {
    if endpoint.method == Method::GET {
        return Ok(());
    }
    for (parameter, field) in [(&IF_MATCH, "if_match"), (&IDEMPOTENCY_KEY, "idempotency_key")] {
        let is_known = endpoint.parameters.iter().any(|known| known.name == parameter.name);
        if !is_known && headers.contains_key(parameter.name) {
            return Err(
                Problem::of(Code::Invalid).field(field, format!("{} is not supported here", parameter.name))
            );
        }
    }
    Ok(())
}

async fn wrong_method(Extension(arrival): Extension<Arrival>) -> Response {
    Problem::of(Code::MethodNotAllowed).render(&arrival.caller.request_id)
}

async fn nothing(Extension(arrival): Extension<Arrival>) -> Response {
    Problem::of(Code::NotFound).render(&arrival.caller.request_id)
}
