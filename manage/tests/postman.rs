//! The Postman collection is the document, with the bodies of docs/operators/manage.md.

mod examples;
mod run;

use doorward_testkit::postman::{Body, Call, Collection, Field, folders};
use serde_json::{Value, json};

const ABOUT: &str = "Doorward's management API. Set base_url to `/manage/v1` of one of your own hosts, and token to an operator's token \
                     for every tree with the scope `manage` (`doorward operator token create`); after `doorward demo --data demo` they \
                     stand in demo/demo.json under `manage`. What makes something sets its id. A run from top to bottom makes a tree \
                     of its own, with people, keys and all the rest, and deletes it at the end; what stays is the region of the \
                     variable `code`. With an application's token, set id to your tenant and send single requests.";

/// What a reference leads to.
fn found<'a>(document: &'a Value, said: &'a Value) -> &'a Value {
    let pointer = said["$ref"].as_str().map(|it| it.trim_start_matches('#'));
    pointer.map_or(said, |pointer| document.pointer(pointer).unwrap())
}

/// The least a schema takes.
fn least(document: &Value, schema: &Value) -> Value {
    if let Some(pointer) = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
        return document.pointer(pointer).map_or(Value::Null, |schema| least(document, schema));
    }
    if let Some(first) = schema["enum"].get(0).or_else(|| schema["anyOf"].get(0)) {
        return if first.is_object() { least(document, first) } else { first.clone() };
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let needed = schema["required"].as_array().cloned().unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap_or_default();
                (name.to_owned(), least(document, &schema["properties"][name]))
            };
            Value::Object(needed.iter().map(field).collect())
        }
        (Some("array"), _) => json!([]),
        (Some("integer"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(false),
        (_, Some("date-time")) => json!("2027-01-31T00:00:00Z"),
        (_, Some("uuid")) => json!("00000000-0000-0000-0000-000000000000"),
        _ => json!("…"),
    }
}

/// An example has what is needed, and nothing that is not known.
fn fits(document: &Value, operation: &str, schema: &Value, example: &Value) {
    let schema = document.pointer(schema["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
    for needed in schema["required"].as_array().unwrap() {
        assert!(example.get(needed.as_str().unwrap()).is_some(), "{operation} needs {needed}");
    }
    for field in example.as_object().unwrap().keys() {
        assert!(schema["properties"].get(field).is_some(), "{operation} knows no {field}");
    }
}

/// An operation of the document, and where it is.
struct Known<'a> {
    method: &'a str,
    path: &'a str,
    operation: &'a Value,
}

fn call(document: &Value, step: &str, known: &Known<'_>) -> Call {
    let Known { method, path, operation } = known;
    let text = |name: &str| operation[name].as_str().unwrap().to_owned();
    let name = text("operationId");
    let schema = operation.pointer("/requestBody/content/application~1json/schema");
    let body = schema.map_or(Body::None, |schema| {
        Body::Json(match examples::of(step) {
            Some(example) => {
                fits(document, &name, schema, &example);
                example
            }
            None => least(document, schema),
        })
    });
    let fields = |place: &str| -> Vec<Field> {
        let all = operation["parameters"].as_array().unwrap().iter().map(|it| found(document, it));
        let meant = all.filter(|it| it["in"] == place);
        let field = |it: &Value| {
            let name = it["name"].as_str().unwrap();
            // A new name for each request; whoever repeats one turns it into a text of their own.
            let is_once = name == "Idempotency-Key";
            let chosen = run::chosen(step).iter().find(|(known, _)| *known == name);
            let value = if is_once { "{{$guid}}" } else { chosen.map_or("", |it| it.1) };
            let is_on = is_once || chosen.is_some();
            let about = it["description"].as_str().unwrap().to_owned();
            Field { about, is_on, ..Field::on(name, value) }
        };
        meant.map(field).collect()
    };
    let said = operation["responses"].as_object().unwrap().keys().find(|it| it.starts_with('2')).unwrap();
    let refused = run::refused(step);
    Call {
        method: method.to_uppercase(),
        path: (*path).to_owned(),
        name: step.to_owned(),
        about: format!("{}. {}{}", text("summary"), text("description"), refused.map_or("", |it| it.1)),
        headers: fields("header"),
        query: fields("query"),
        body,
        fills: run::fills(step).to_vec(),
        answers: refused.map_or_else(|| said.parse().unwrap(), |it| it.0),
        keeps: run::keeps(step).to_vec(),
        until: run::until(step),
        ..Call::default()
    }
}

#[test]
fn the_collection_is_fresh() {
    let document = doorward_manage::document();
    let paths = document["paths"].as_object().unwrap();
    let known: Vec<(String, Known<'_>)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().iter().map(move |it| (path, it)))
        .map(|(path, (method, operation))| {
            (operation["operationId"].as_str().unwrap().to_owned(), Known { method, path, operation })
        })
        .collect();
    let collection = Collection {
        name: "Doorward: management API",
        about: ABOUT,
        variables: run::VARIABLES,
        bearer: true,
        folders: folders(run::RUN, &known, |step, known| call(&document, step, known)),
    };
    collection.is_fresh("manage.json");
}
