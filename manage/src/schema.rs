//! Shapes of what is sent and answered, as JSON Schema 2020-12, beside the Rust that reads and writes them.
//!
//! [`shape!`] makes a struct and its schema of one text, so that neither can say what the other does not.

use serde_json::{Map, Value, json};

/// A named shape.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) schema: fn() -> Value,
}

/// A parameter of a path, a query or a header.
#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// OpenAPI's `in`.
    pub(crate) place: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) schema: fn() -> Value,
}

pub(crate) const TENANT: Parameter =
    Parameter { name: "id", place: "path", doc: "The tenant's id", schema: uuid };
pub(crate) const LIMIT: Parameter = Parameter {
    name: "limit",
    place: "query",
    doc: "How many at most",
    schema: || json!({ "type": "integer", "minimum": 1, "maximum": crate::ask::ROWS_MAX, "default": 50 }),
};
pub(crate) const CURSOR: Parameter =
    Parameter { name: "cursor", place: "query", doc: "`next` of the page before", schema: text };
pub(crate) const IDEMPOTENCY_KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    place: "header",
    doc: "Names the request for 24 hours: sent again, it makes nothing anew and answers with what was made",
    schema: || json!({ "type": "string", "pattern": "^[!-~]{1,255}$" }),
};

pub(crate) const IF_MATCH: Parameter = Parameter {
    name: "If-Match",
    place: "header",
    doc: "The `ETag` of what was read: another version is left as it is, with 412",
    schema: || json!({ "type": "string", "pattern": r#"^(\*|"[0-9]{1,18}")$"# }),
};

pub(crate) fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}
pub(crate) fn text() -> Value {
    json!({ "type": "string" })
}
pub(crate) fn truth() -> Value {
    json!({ "type": "boolean" })
}
pub(crate) fn version() -> Value {
    json!({ "type": "integer" })
}
pub(crate) fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}
pub(crate) fn number() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 2_147_483_647 })
}
/// A span in whole seconds, at most this long.
pub(crate) fn seconds(most: u64) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": most })
}
/// Another shape.
pub(crate) fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
pub(crate) fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}
/// One of some words.
pub(crate) fn word(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}
/// The same, or `null`.
pub(crate) fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
/// A line of text of at most `most` characters, without control characters.
pub(crate) fn line(most: usize) -> Value {
    json!({ "type": "string", "maxLength": most, "pattern": "^[^\\x00-\\x1f\\x7f-\\x9f]*$" })
}
/// A page of a list.
pub(crate) fn page(of: &str) -> Value {
    json!({
        "type": "object",
        "required": ["items", "next"],
        "additionalProperties": false,
        "properties": {
            "items": { "type": "array", "items": { "$ref": format!("#/components/schemas/{of}") } },
            "next": { "type": ["string", "null"], "description": "The cursor of the next page; null at the end" }
        }
    })
}

pub(crate) fn object(required: &[&str], properties: &[(&str, &str, Value)]) -> Value {
    let described = properties.iter().map(|(name, doc, schema)| {
        let mut schema = schema.clone();
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("description".to_owned(), doc.trim().into());
        }
        ((*name).to_owned(), schema)
    });
    let properties: Map<String, Value> = described.collect();
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

/// A struct that is answered, with its schema: every field is always there.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $(#[doc = $about:literal] $field:ident: $type:ty = $schema:expr,)+ }) => {
        $(#[$doc])*
        #[derive(serde::Serialize)]
        pub(crate) struct $name { $(#[doc = $about] pub(crate) $field: $type,)+ }

        impl $name {
            pub(crate) fn schema() -> serde_json::Value {
                $crate::schema::object(
                    &[$(stringify!($field)),+],
                    &[$((stringify!($field), $about, $schema)),+],
                )
            }
        }
    };
}
pub(crate) use shape;
