//! The policy that holds at a tenant, and where each value comes from.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::Problem;
use crate::schema::{Shape, TENANT, object, or_null, uuid, word};
use doorward_core::manage::Scope;
use doorward_core::tenants::{self, Origin, PolicyEntry};
use doorward_model::{EffectivePolicy, Language, PolicyValue};
use doorward_web::{Response, StatusCode, reply};
use http::Method;
use serde_json::{Map, Value, json};

const POLICY: Shape = Shape { name: "Policy", schema };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint {
        method: Method::GET,
        path: "/tenants/{id}/policy",
        scope: Scope::PolicyRead,
        name: "getPolicy",
        tag: "Policy",
        doc: "The policy that holds at a tenant, value by value, and where each comes from",
        parameters: &[TENANT],
        body: None,
        status: StatusCode::OK,
        answer: POLICY,
        handler: |ask| Box::pin(get(ask)),
    }]
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let entries = tenants::effective_policy(&ask.bearer.actor, &branch)?;
    let shown: Map<String, Value> = entries.into_iter().map(|it| (it.name.to_owned(), shown(it))).collect();
    Ok(reply::json(StatusCode::OK, &shown))
}

fn shown(entry: PolicyEntry) -> Value {
    let (source, tenant) = match entry.origin {
        Origin::Usual => ("usual", None),
        Origin::Own => ("own", None),
        Origin::Inherited(from) => ("inherited", Some(from.id.to_string())),
    };
    json!({ "value": value(entry.value), "source": source, "tenant": tenant })
}

fn value(value: PolicyValue) -> Value {
    match value {
        PolicyValue::Count(count) => count.into(),
        PolicyValue::Span(span) => span.as_secs().into(),
        PolicyValue::Flag(flag) => flag.into(),
        PolicyValue::Rate(rate) => json!({ "calls": rate.calls, "seconds": rate.window.as_secs_f64() }),
        PolicyValue::List(list) => list.into(),
        PolicyValue::Language(language) => language.as_str().into(),
    }
}

fn schema() -> Value {
    let all = EffectivePolicy::held(&[]);
    let names: Vec<&str> = all.iter().map(|held| held.name).collect();
    let described = all.iter().map(|held| {
        let (doc, schema) = of_kind(&held.value);
        let entry = object(
            &["value", "source", "tenant"],
            &[
                ("value", doc, schema),
                (
                    "source",
                    "Nobody decided it, the tenant itself did, or one above",
                    word(&["usual", "own", "inherited"]),
                ),
                ("tenant", "The one above that decided it", or_null(uuid())),
            ],
        );
        (held.name, "A value of the policy", entry)
    });
    object(&names, &described.collect::<Vec<_>>())
}

/// What its values look like.
fn of_kind(value: &PolicyValue) -> (&'static str, Value) {
    let whole = json!({ "type": "integer", "minimum": 0 });
    match value {
        PolicyValue::Count(_) => ("How many at most, or at least", whole),
        PolicyValue::Span(_) => ("How long, in seconds", whole),
        PolicyValue::Flag(_) => ("Yes or no", json!({ "type": "boolean" })),
        PolicyValue::List(_) => {
            ("Words or addresses", json!({ "type": "array", "items": { "type": "string" } }))
        }
        PolicyValue::Language(_) => ("A language", word(&Language::ALL.map(Language::as_str))),
        PolicyValue::Rate(_) => (
            "So many calls in a time",
            object(
                &["calls", "seconds"],
                &[
                    ("calls", "How many", whole),
                    ("seconds", "In how long", json!({ "type": "number", "minimum": 0 })),
                ],
            ),
        ),
    }
}
