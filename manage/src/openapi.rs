//! The OpenAPI 3.1 document, made of the endpoints. The binary serves the file that a test keeps equal to it, so that what
//! makes it is in no binary.

use crate::endpoint::Endpoint;
use crate::export::EXPORT;
use crate::imports::TABLE;
use crate::problem::Code;
use crate::schema::{IF_MATCH, Parameter, Shape, object, text};
use crate::{BASE, routes};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::{Method, header};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const FILE: &str = include_str!("../openapi.json");

pub(crate) async fn serve() -> Response {
    reply::content(StatusCode::OK, "application/json", FILE).with_header(header::CACHE_CONTROL, CACHED)
}

/// An hour: it changes with the program only.
pub(crate) const CACHED: &str = "public, max-age=3600";

/// The document, made anew.
pub fn document() -> Value {
    let (mut paths, mut schemas, shared) = (Map::new(), Map::new(), shared());
    schemas.insert("Problem".to_owned(), problem());
    for endpoint in routes::all() {
        for shape in endpoint.body.iter().chain([&endpoint.answer]).filter(|it| it.name != EXPORT.name) {
            schemas.insert(shape.name.to_owned(), (shape.schema)());
        }
        for (name, schema) in nested() {
            schemas.insert(name.to_owned(), schema);
        }
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(endpoint.method.as_str().to_lowercase(), operation(&endpoint, &shared));
        }
    }
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Doorward management API", "version": "1", "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" } },
        "servers": [{ "url": BASE }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "A token of an application with the audience `manage`, or of an operator" } },
            "schemas": schemas,
            "parameters": shared,
            "responses": { "Problem": {
                "description": "Not done; the body says why",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
            } }
        }
    })
}

/// Shapes that stand in pages only.
fn nested() -> impl Iterator<Item = (&'static str, Value)> {
    let shapes = [
        crate::tenants::TENANT,
        crate::people::PERSON,
        crate::events::EVENT,
        crate::terms::TERMS,
        crate::terms::CONSENT,
        crate::sessions::SESSION,
        crate::mails::MAIL,
        crate::doors::DOOR,
        crate::regions::REGION,
        crate::memberships::MEMBERSHIP,
        crate::keys::RATE,
        crate::usage::SEEN,
        crate::usage::DAY,
        crate::usage::TREE,
        crate::usage::USER,
        crate::imports::IMPORT,
        crate::imports::REFUSED,
        crate::exports::SHOWN,
    ];
    shapes.into_iter().map(|shape| (shape.name, (shape.schema)()))
}

/// Parameters that are the same wherever their name stands in this place: said once, because the document is in the binary.
fn shared() -> Map<String, Value> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for it in routes::all().iter().flat_map(|endpoint| endpoint.parameters) {
        let (known, said) = (all.entry(key(it)).or_default(), parameter(it));
        if !known.contains(&said) {
            known.push(said);
        }
    }
    all.retain(|_, known| known.len() == 1);
    all.into_iter().filter_map(|(name, known)| known.into_iter().next().map(|said| (name, said))).collect()
}

/// How a parameter is named among the shared ones.
fn key(parameter: &Parameter) -> String {
    format!("{}.{}", parameter.name, parameter.place)
}

fn operation(endpoint: &Endpoint, shared: &Map<String, Value>) -> Value {
    let mut responses = Map::new();
    let mut done = json!({
        "description": "Done",
        "content": content(endpoint)
    });
    let mut headers = Map::new();
    if endpoint.status == StatusCode::CREATED {
        headers
            .insert("Location".to_owned(), json!({ "description": "Where it is found", "schema": text() }));
    }
    // A number: terms have a version, too, which is a name.
    let version = (endpoint.answer.schema)().pointer("/properties/version/type").cloned();
    if version == Some("integer".into()) {
        headers.insert("ETag".to_owned(), json!({ "description": "The version", "schema": text() }));
    }
    if let Some(fields) = done.as_object_mut().filter(|_| !headers.is_empty()) {
        fields.insert("headers".to_owned(), headers.into());
    }
    responses.insert(endpoint.status.as_str().to_owned(), done);
    for status in refusals(endpoint) {
        responses.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    let said = |it: &Parameter| {
        let key = key(it);
        let is_shared = shared.contains_key(&key);
        if is_shared { json!({ "$ref": format!("#/components/parameters/{key}") }) } else { parameter(it) }
    };
    let parameters: Vec<Value> = endpoint.parameters.iter().map(said).collect();
    let mut operation = json!({
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.doc,
        "description": format!("Needs the scope `{}`.", endpoint.scope.as_str()),
        "parameters": parameters,
        "responses": responses,
    });
    if let (Some(shape), Some(fields)) = (&endpoint.body, operation.as_object_mut()) {
        let mut content = json!({ "application/json": { "schema": reference(shape.name) } });
        if let Some(media) = content.as_object_mut().filter(|_| shape.name == TABLE.name) {
            media.insert("text/csv".to_owned(), json!({ "schema": text() }));
        }
        fields.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation
}

/// The media types of an answer.
fn content(endpoint: &Endpoint) -> Value {
    if endpoint.answer.name != EXPORT.name {
        return json!({ "application/json": { "schema": reference(endpoint.answer.name) } });
    }
    let rows = json!({ "type": "array", "items": { "type": "object" } });
    json!({ "text/csv": { "schema": text() }, "application/json": { "schema": rows }, "application/jsonl": { "schema": text() } })
}

/// What an endpoint may answer besides success: what all may, and what a path, a body and a write add.
fn refusals(endpoint: &Endpoint) -> Vec<u16> {
    let mut all = vec![400, 401, 403, 422, 429, 500, 503];
    all.extend(endpoint.path.contains('{').then_some(404));
    all.extend(endpoint.parameters.iter().any(|it| it.name == "parent").then_some(404));
    let names_parent = |body: &Shape| (body.schema)().pointer("/properties/parent").is_some();
    all.extend(endpoint.body.as_ref().is_some_and(names_parent).then_some(404));
    // A file that is not made yet is none to be read.
    let is_made_before =
        endpoint.answer.name == EXPORT.name && endpoint.parameters.iter().any(|it| it.name == "export");
    if endpoint.method != Method::GET || is_made_before {
        all.push(409);
    }
    all.extend(endpoint.parameters.iter().any(|it| it.name == IF_MATCH.name).then_some(412));
    if endpoint.body.is_some() {
        all.extend([408, 413, 415]);
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.doc,
        "schema": (parameter.schema)(),
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn problem() -> Value {
    let words: Vec<&str> = Code::ALL.iter().map(|(_, word, ..)| *word).collect();
    let mut problem = object(
        &["type", "title", "status", "code", "request_id"],
        &[
            (
                "type",
                "Where this code is explained, on this server",
                json!({ "type": "string", "format": "uri-reference" }),
            ),
            ("title", "The code in words", text()),
            ("status", "The status of the answer", json!({ "type": "integer" })),
            ("code", "What to tell apart", crate::schema::word(&words)),
            ("detail", "What is wrong with this request", text()),
            ("field", "The field at fault", text()),
            ("request_id", "How the log names the request", text()),
        ],
    );
    // RFC 9457 §3.2: clients must ignore members they do not know.
    if let Some(fields) = problem.as_object_mut() {
        fields.insert("additionalProperties".to_owned(), true.into());
    }
    problem
}
