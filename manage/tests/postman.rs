//! The Postman collection is the document, with the bodies of docs/operators/manage.md.

use doorward_testkit::postman::{Body, Call, Collection, Field};
use serde_json::{Value, json};

const ABOUT: &str = "Doorward's management API. Set base_url to `/manage/v1` of one of your own hosts, and token to an operator's token \
                     (`doorward operator token create`) or an application's with the audience `manage`. The ids are those of what you \
                     ask about; what makes something sets its id.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://127.0.0.1:8080/manage/v1", "Where the API is"),
    ("token", "", "The bearer token"),
    ("id", "", "A tenant; making one sets it"),
    ("person", "", "A person of it; making one sets it"),
    ("kind", "user", "As what somebody belongs to a tenant"),
    ("application", "", "An application; making one sets it"),
    ("key", "", "An access key; making one sets it"),
];

/// Bodies as the page shows them; what is not here is made of the schema.
fn example(operation: &str) -> Option<Value> {
    Some(match operation {
        "createTenant" => json!({ "parent": "{{id}}", "slug": "harbour-spa", "display_name": "Harbour Spa" }),
        "changeTenant" => {
            json!({ "display_name": "Harbour Spa", "profile": { "timezone": "Europe/London" } })
        }
        "moveTenant" => json!({ "parent": "{{id}}" }),
        "createPerson" | "invitePerson" => json!({ "email": "eve@harbour.example", "first_name": "Eve" }),
        "createImport" => json!({ "people": [{ "email": "eve@harbour.example", "first_name": "Eve" }] }),
        "createExport" => json!({ "of": "people" }),
        "changePerson" => json!({ "last_name": "Moneypenny" }),
        "setPassword" => json!({ "password": "mild otter sings at dawn", "temporary": true }),
        "giveMembership" => json!({ "person": "{{person}}", "kind": "contact" }),
        "changeMembership" => json!({ "role": "user" }),
        "createApplication" => json!({ "name": "Partner" }),
        "changeApplication" => json!({ "name": "Partner", "origins": ["https://app.example.com"] }),
        "rotateApplicationKey" | "rotateAccessKey" => json!({ "overlap_seconds": 86_400 }),
        "createToken" => json!({ "label": "nightly", "audience": "crm", "scopes": ["crm:read"] }),
        "createAccessKey" => json!({ "person": "{{person}}", "label": "import" }),
        "changeAccessKey" => json!({ "rate": { "calls": 25, "seconds": 5 } }),
        _ => return None,
    })
}

/// What an answer is kept for: the variable, and where it stands.
fn kept(operation: &str) -> Option<(&'static str, &'static str)> {
    match operation {
        "createTenant" => Some(("id", "id")),
        "createPerson" | "invitePerson" => Some(("person", "id")),
        "createApplication" => Some(("application", "application.id")),
        "createAccessKey" => Some(("key", "key.id")),
        _ => None,
    }
}

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

fn call(document: &Value, method: &str, path: &str, operation: &Value) -> Call {
    let text = |name: &str| operation[name].as_str().unwrap().to_owned();
    let name = text("operationId");
    let schema = operation.pointer("/requestBody/content/application~1json/schema");
    let body = schema.map_or(Body::None, |schema| {
        Body::Json(match example(&name) {
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
            let is_on = name == "Idempotency-Key";
            let value = if is_on { "{{$guid}}" } else { "" };
            let about = it["description"].as_str().unwrap().to_owned();
            Field { about, is_on, ..Field::on(name, value) }
        };
        meant.map(field).collect()
    };
    let keeps = kept(&name).map(|(variable, place)| {
        format!("if (pm.response.code === 201) pm.collectionVariables.set('{variable}', pm.response.json().{place});")
    });
    Call {
        method: method.to_uppercase(),
        path: path.to_owned(),
        name: name.clone(),
        about: format!("{}. {}", text("summary"), text("description")),
        headers: fields("header"),
        query: fields("query"),
        body,
        after: keeps.into_iter().collect(),
    }
}

#[test]
fn the_collection_is_fresh() {
    let document = doorward_manage::document();
    let mut folders: Vec<(String, Vec<Call>)> = Vec::new();
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let call = call(&document, method, path, operation);
            let tag = operation["tags"][0].as_str().unwrap();
            match folders.iter_mut().find(|(name, _)| name == tag) {
                Some((_, calls)) => calls.push(call),
                None => folders.push((tag.to_owned(), vec![call])),
            }
        }
    }
    // Parameters of paths that are not named above are filled in by hand.
    let mut names: Vec<String> = paths
        .keys()
        .flat_map(|path| path.split('/'))
        .filter_map(|segment| Some(segment.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
        .filter(|name| !VARIABLES.iter().any(|(known, ..)| known == name))
        .collect();
    names.sort();
    names.dedup();
    let more = names.iter().map(|name| (name.as_str(), "", "What the path names"));
    let variables: Vec<(&str, &str, &str)> = VARIABLES.iter().copied().chain(more).collect();
    let collection = Collection {
        name: "Doorward: management API",
        about: ABOUT,
        variables: &variables,
        bearer: true,
        folders,
    };
    collection.is_fresh("manage.json");
}
