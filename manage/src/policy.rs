//! The policy that holds at a tenant, where each value comes from, and changing what the tenant says itself.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{IF_MATCH, Shape, TENANT, object, or_null, uuid, word};
use doorward_core::manage::Scope;
use doorward_core::tenants::{self, Origin, PolicyEntry};
use doorward_core::{Actor, Branch};
use doorward_model::{EffectivePolicy, Language, Policy, PolicyValue, RateLimit};
use doorward_web::{Response, StatusCode, reply};
use http::Method;
use serde_json::{Map, Value, json};
use std::time::Duration;

const POLICY: Shape = Shape { name: "Policy", schema };
const CHANGES: Shape = Shape { name: "PolicyChanges", schema: changes_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
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
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        BASE,
        Endpoint {
            method: Method::PATCH,
            scope: Scope::PolicyWrite,
            name: "changePolicy",
            doc: "Changes what a tenant says itself: each value is set, null leaves it to what is above, others stay. \
                  `If-Match` is of the tenant's version. The five quotas (address_failures, address_mails, \
                  sign_ins_per_minute, mails_per_hour, sessions_per_person) are for an operator's token with the scope `manage`",
            parameters: &[TENANT, IF_MATCH],
            body: Some(CHANGES),
            handler: |ask| Box::pin(change(ask)),
            ..BASE
        },
    ]
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    told(&ask.bearer.actor, &branch)
}

async fn change(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(Policy::NAMES)?;
    let mut changes = Vec::new();
    for held in EffectivePolicy::held(&[]) {
        let Some(given) = fields.value(held.name)? else { continue };
        let value = if given.is_null() { None } else { Some(read(held.name, &held.value, given)?) };
        changes.push((held.name.to_owned(), value));
    }
    let expected = ask.expected()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let changed = tenants::change_policy(core, caller, &bearer.actor, &branch, changes, expected).await?;
    told(&bearer.actor, &changed)
}

fn told(actor: &Actor, branch: &Branch) -> Result<Response, Problem> {
    let entries = tenants::effective_policy(actor, branch)?;
    let shown: Map<String, Value> = entries.into_iter().map(|it| (it.name.to_owned(), shown(it))).collect();
    Ok(reply::json(StatusCode::OK, &shown))
}

/// A value that was sent, of the kind that `like` is of.
fn read(name: &str, like: &PolicyValue, given: &Value) -> Result<PolicyValue, Problem> {
    let wrong = |expected: &str| Problem::of(Code::Invalid).field(name, expected);
    let count = |given: &Value| given.as_u64().and_then(|count| u32::try_from(count).ok());
    match like {
        PolicyValue::Count(_) => {
            count(given).map(PolicyValue::Count).ok_or_else(|| wrong("expected a whole number"))
        }
        PolicyValue::Span(_) => {
            let seconds = given.as_u64().map(Duration::from_secs);
            seconds.map(PolicyValue::Span).ok_or_else(|| wrong("expected whole seconds"))
        }
        PolicyValue::Flag(_) => {
            given.as_bool().map(PolicyValue::Flag).ok_or_else(|| wrong("expected true or false"))
        }
        PolicyValue::List(_) => {
            let lines = given.as_array().and_then(|lines| {
                lines.iter().map(|line| line.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
            });
            lines.map(PolicyValue::List).ok_or_else(|| wrong("expected a list of texts"))
        }
        PolicyValue::Language(_) => {
            let language = given.as_str().and_then(Language::parse);
            language.map(PolicyValue::Language).ok_or_else(|| wrong("expected one of en, de, fr"))
        }
        PolicyValue::Rate(_) => {
            let calls = given.get("calls").and_then(count);
            let seconds = given.get("seconds").and_then(Value::as_f64);
            let window = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let is_all = given.as_object().is_some_and(|fields| fields.len() == 2);
            match (calls, window) {
                (Some(calls), Some(window)) if is_all => Ok(PolicyValue::Rate(RateLimit { calls, window })),
                (Some(_) | None, Some(_) | None) => Err(wrong("expected calls and seconds")),
            }
        }
    }
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

fn changes_schema() -> Value {
    let all = EffectivePolicy::held(&[]);
    let described = all.iter().map(|held| {
        let (doc, mut schema) = of_kind(&held.value);
        if let (Some(range), Some(fields)) = (tenants::policy_range(held.name), schema.as_object_mut()) {
            fields.insert("minimum".to_owned(), (*range.start()).into());
            fields.insert("maximum".to_owned(), (*range.end()).into());
        }
        (held.name, doc, or_null(schema))
    });
    object(&[], &described.collect::<Vec<_>>())
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
