//! The Postman collection is the list of routes, with the bodies of docs/clients/salesseek.md.

use doorward_salesseek::Salesseek;
use doorward_testkit::postman::{Body, Call, Collection, Field};
use doorward_web::{RouteInfo, route_list};
use serde_json::json;

const ABOUT: &str = "SalesSeek's calls at a Doorward door. Set base_url to your tenant's host, and the e-mail address and password to \
                     yours; after `doorward demo --data demo` they stand in demo/demo.json under `salesseek`. Postman keeps the cookie \
                     that signing in sets.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://northwind.salesseek.localhost:8080", "The tenant's host"),
    ("email_address", "admin@northwind.example", "Who signs in"),
    ("password", "", "With which password"),
    ("id", "", "A user's id; signing in sets one's own"),
    ("callback_url", "http://northwind.salesseek.localhost:8080/#reset", "A page on the tenant's list"),
    ("token", "", "The code of a mailed link"),
    ("feed_token", "", "The token in a user's ical_url; signing in sets one's own"),
];

fn call(route: RouteInfo) -> Call {
    let reset = json!({ "user_id": "{{id}}", "token": "{{token}}", "password": "I will remember this one" });
    let forgotten = json!({ "email_address": "{{email_address}}", "callback_url": "{{callback_url}}" });
    let keeps = [
        "const user = pm.response.json();",
        "pm.collectionVariables.set('id', user.id);",
        "pm.collectionVariables.set('feed_token', user.ical_url.split('token=')[1]);",
    ];
    let (body, query, after): (Body, Vec<Field>, &[&str]) = match (route.method.as_str(), route.path) {
        ("POST", "/api/login") => {
            let body = json!({ "email_address": "{{email_address}}", "password": "{{password}}" });
            (Body::Json(body), vec![], &keeps)
        }
        ("POST", "/api/forgotten") => (Body::Json(forgotten), vec![], &[]),
        ("POST" | "DELETE", "/api/reset") => (Body::Json(reset), vec![], &[]),
        ("POST", "/api/users") => {
            let body = json!({ "name": "Nils Neuling", "email_address": "nils@northwind.example", "is_admin": false });
            (Body::Json(body), vec![], &[])
        }
        ("PATCH", "/api/users/{id}") => {
            let body = json!({ "notification_settings": { "instant_email_notifications": "True" } });
            (Body::Json(body), vec![], &[])
        }
        ("GET", "/api/users") => {
            let off = |name, value| Field { is_on: false, ..Field::on(name, value) };
            let query = vec![
                off("search", "nora"),
                off("start", "0"),
                off("rows", "10"),
                off("order_by", "email_address desc"),
            ];
            (Body::None, query, &[])
        }
        ("GET", "/users/{id}/icalendar_feed") => {
            (Body::None, vec![Field::on("token", "{{feed_token}}")], &[])
        }
        ("GET" | "DELETE", _) => (Body::None, vec![], &[]),
        (method, path) => panic!("{method} {path} has no example in the Postman collection"),
    };
    Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: route.doc.to_owned(),
        about: format!("Who may call: {}.", route.access),
        body,
        query,
        after: after.iter().map(|line| (*line).to_owned()).collect(),
        ..Call::default()
    }
}

#[test]
fn the_collection_is_fresh() {
    let calls = route_list::<Salesseek>().into_iter().map(call).collect();
    let collection = Collection {
        name: "Doorward: SalesSeek",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: vec![("SalesSeek".to_owned(), calls)],
    };
    collection.is_fresh("salesseek.json");
}
