//! The Postman collection is the list of routes in the order of a run, with the bodies of docs/clients/salesseek.md.

use doorward_salesseek::Salesseek;
use doorward_testkit::postman::{Body, Call, Collection, Field, folders};
use doorward_web::{RouteInfo, route_list};
use serde_json::json;

const ABOUT: &str = "SalesSeek's calls at a Doorward door. Set base_url to your tenant's host, and the e-mail address and password of one \
                     of its administrators; after `doorward demo --data demo` they stand in demo/demo.json under `salesseek`. Postman \
                     keeps the cookie that signing in sets. A run from top to bottom signs in, invites a user and deletes them again, \
                     and signs out.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://northwind.salesseek.localhost:8080", "The tenant's host"),
    ("email_address", "admin@northwind.example", "Who signs in"),
    ("password", "", "With which password"),
    ("id", "", "A user's id; signing in sets one's own"),
    ("new_user", "", "The id of who was invited; inviting sets it"),
    ("callback_url", "{{base_url}}/#reset", "A page on the tenant's list"),
    ("token", "", "The code of a mailed link; nothing sets it"),
    ("feed_token", "", "The token in a user's ical_url; signing in sets one's own"),
];

const RUN: &[(&str, &[&str])] = &[
    ("Signing in", &["POST /api/login"]),
    (
        "Users",
        &[
            "GET /api/users",
            "GET /api/users/{id}",
            "PATCH /api/users/{id}",
            "GET /users/{id}/icalendar_feed",
            "POST /api/users",
            "DELETE /api/users/{id}",
        ],
    ),
    ("Passwords", &["POST /api/forgotten", "POST /api/reset", "DELETE /api/reset"]),
    ("Signing out", &["DELETE /api/logout"]),
];

fn call(step: &str, route: &RouteInfo) -> Call {
    let plain = Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: route.doc.to_owned(),
        about: format!("Who may call: {}.", route.access),
        answers: 200,
        ..Call::default()
    };
    match step {
        "POST /api/login" => Call {
            body: Body::Json(json!({ "email_address": "{{email_address}}", "password": "{{password}}" })),
            keeps: vec![("id", "answer.id"), ("feed_token", "answer.ical_url.split('token=')[1]")],
            ..plain
        },
        "GET /api/users" => {
            let off = |name, value| Field { is_on: false, ..Field::on(name, value) };
            let query = vec![
                off("search", "nora"),
                off("start", "0"),
                off("rows", "10"),
                off("order_by", "email_address desc"),
            ];
            Call { query, ..plain }
        }
        "PATCH /api/users/{id}" => Call {
            body: Body::Json(json!({ "notification_settings": { "instant_email_notifications": "True" } })),
            ..plain
        },
        "GET /users/{id}/icalendar_feed" => {
            Call { query: vec![Field::on("token", "{{feed_token}}")], ..plain }
        }
        "POST /api/users" => Call {
            body: Body::Json(
                json!({ "name": "Nils Neuling", "email_address": "nils@northwind.example", "is_admin": false }),
            ),
            answers: 201,
            keeps: vec![("new_user", "answer.id")],
            ..plain
        },
        "DELETE /api/users/{id}" => Call { fills: vec![("id", "new_user")], ..plain },
        "POST /api/forgotten" => Call {
            body: Body::Json(
                json!({ "email_address": "{{email_address}}", "callback_url": "{{callback_url}}" }),
            ),
            ..plain
        },
        "POST /api/reset" | "DELETE /api/reset" => Call {
            body: Body::Json(
                json!({ "user_id": "{{id}}", "token": "{{token}}", "password": "{{password}}" }),
            ),
            about: format!(
                "{} It sends the password from before, so that a run can be repeated.",
                plain.about
            ),
            without: Some(("token", 400)),
            ..plain
        },
        "GET /api/users/{id}" | "DELETE /api/logout" => plain,
        step => panic!("{step} has no example in the Postman collection"),
    }
}

#[test]
fn the_collection_is_fresh() {
    let known = route_list::<Salesseek>().into_iter().map(|it| (format!("{} {}", it.method, it.path), it));
    let collection = Collection {
        name: "Doorward: SalesSeek",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: folders(RUN, &known.collect::<Vec<_>>(), call),
    };
    collection.is_fresh("salesseek.json");
}
