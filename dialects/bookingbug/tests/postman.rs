//! The Postman collection is the list of routes in the order of a run, with the bodies of docs/clients/bookingbug.md.

use doorward_bookingbug::Bookingbug;
use doorward_testkit::postman::{Body, Call, Collection, Field, folders};
use doorward_web::{RouteInfo, route_list};
use serde_json::json;

const ABOUT: &str = "BookingBug's (JRNI's) calls at a Doorward door. Set base_url to the door's host, and the application, the e-mail \
                     addresses and the passwords to yours; after `doorward demo --data demo` they stand in demo/demo.json under \
                     `bookingbug`. Signing in keeps the Auth-Tokens for the other requests. A run from top to bottom takes away whom it \
                     made, sets the passwords that were there before, and signs out.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://bookingbug.localhost:8080", "The door's host"),
    ("app_id", "", "The application's App-Id"),
    ("app_key", "", "Its App-Key; an application without one sends App-Id alone"),
    ("email", "owner@harbour.example", "An administrator of the company"),
    ("password", "", "Their password"),
    ("company_id", "37001", "The company they administer"),
    ("child_company_id", "37003", "One below it"),
    ("member_email", "member@harbour.example", "A member"),
    ("member_password", "", "Their password"),
    ("member_company_id", "37002", "The company they are a member of"),
    ("auth_token", "", "Set by signing in"),
    ("member_token", "", "Set by signing in as member"),
    ("member_id", "", "Set by signing in as member"),
    ("administrator_id", "", "An administrator; making one sets it"),
    ("reset_password_token", "", "The code of a link that was mailed to the administrator; nothing sets it"),
    ("member_reset_password_token", "", "The same of the member"),
];

const RUN: &[(&str, &[&str])] = &[
    (
        "Signing in",
        &[
            "POST /api/v1/login",
            "POST /api/v1/login/{company_id}",
            "POST /api/v1/login/admin",
            "POST /api/v1/login/admin/{company_id}",
            "POST /api/v1/login/member",
            "POST /api/v1/login/member/{company_id}",
            "GET /api/v1/login",
            "GET /api/v1/login/{company_id}",
            "GET /api/v1/login/admin",
            "GET /api/v1/login/admin/{company_id}",
            "GET /api/v1/login/member",
            "GET /api/v1/login/member/{company_id}",
            "PUT /api/v1/login/admin",
            "PUT /api/v1/login/admin, and back",
        ],
    ),
    (
        "Companies",
        &[
            "GET /api/v1/company/{id}",
            "GET /api/v1/company/{id}/children",
            "GET /api/v1/admin/{company_id}/company",
            "PUT /api/v1/admin/{company_id}/company",
        ],
    ),
    (
        "Administrators",
        &[
            "GET /api/v1/admin/{company_id}/administrators",
            "GET /api/v1/admin/{company_id}/administrators/new",
            "POST /api/v1/admin/{company_id}/administrators",
            "GET /api/v1/admin/{company_id}/administrators/{id}",
            "GET /api/v1/admin/{company_id}/administrators/{id}/edit",
            "PUT /api/v1/admin/{company_id}/administrators/{id}",
            "DELETE /api/v1/admin/{company_id}/administrators/{id}",
        ],
    ),
    (
        "Members",
        &[
            "GET /api/v1/{company_id}/members/{id}",
            "GET /api/v1/{company_id}/members/{id}/edit",
            "PUT /api/v1/{company_id}/members/{id}",
        ],
    ),
    (
        "Passwords",
        &[
            "GET /api/v1/login/admin/reset_password_schema",
            "POST /api/v1/login/{company_id}/update_password/{member_id}",
            "PUT /api/v1/login/admin/reset_password, here signed in",
            "POST /api/v1/login/admin/reset_password_email",
            "PUT /api/v1/login/admin/reset_password",
            "POST /api/v1/login/{company_id}/email_password_reset",
            "PUT /api/v1/login/{company_id}/reset_password",
        ],
    ),
    ("Signing out", &["DELETE /api/v1/login", "DELETE /api/v1/logout"]),
];

/// Whose call it is.
fn is_members(step: &str) -> bool {
    ["/member", "/email_password_reset", "/update_password"].iter().any(|part| step.contains(part))
        || step == "PUT /api/v1/login/{company_id}/reset_password"
        || step == "DELETE /api/v1/logout"
}

fn call(step: &str, route: &RouteInfo) -> Call {
    let is_members = is_members(step);
    let (path, more) = step.split_once(", ").map_or((step, ""), |(path, more)| (path, more));
    let plain = Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: if more.is_empty() { route.doc.to_owned() } else { format!("{}, {more}", route.doc) },
        about: format!("Who may call: {}.", route.access),
        headers: headers(&route.access, if is_members { "{{member_token}}" } else { "{{auth_token}}" }),
        fills: if is_members {
            vec![("company_id", "member_company_id"), ("id", "member_id")]
        } else {
            vec![]
        },
        answers: 200,
        ..Call::default()
    };
    match path {
        "PUT /api/v1/login/admin/reset_password" | "PUT /api/v1/login/{company_id}/reset_password" => {
            set_password(more, is_members, plain)
        }
        "POST /api/v1/login/{company_id}/update_password/{member_id}" => Call {
            body: Body::Json(json!({
                "current_password": "{{member_password}}",
                "password": "{{member_password}}",
                "password_confirmation": "{{member_password}}"
            })),
            about: format!(
                "{} It sends the password from before, so that a run can be repeated.",
                plain.about
            ),
            answers: 201,
            keeps: vec![("member_token", "answer.auth_token || pm.variables.get('member_token')")],
            ..plain
        },
        "POST /api/v1/login/{company_id}/email_password_reset" => {
            Call { body: Body::Json(json!({ "email": "{{member_email}}" })), answers: 201, ..plain }
        }
        "POST /api/v1/login/admin/reset_password_email" => {
            Call { body: Body::Json(json!({ "email": "{{email}}" })), answers: 201, ..plain }
        }
        path if path.starts_with("POST /api/v1/login") => sign_in(is_members, plain),
        "PUT /api/v1/login/admin" => {
            let company = if more.is_empty() { "{{child_company_id}}" } else { "{{company_id}}" };
            Call { body: Body::Json(json!({ "company_id": company })), ..plain }
        }
        "GET /api/v1/company/{id}" | "GET /api/v1/company/{id}/children" => {
            Call { fills: vec![("id", "company_id")], ..plain }
        }
        "PUT /api/v1/admin/{company_id}/company" => Call {
            body: Body::Json(json!({ "name": "Harbour Gym & Pool" })),
            fills: vec![("company_id", "child_company_id")],
            ..plain
        },
        path if path.contains("/administrators") => administrators(path, plain),
        "PUT /api/v1/{company_id}/members/{id}" => {
            Call { body: Body::Json(json!({ "first_name": "Maria" })), ..plain }
        }
        path if path.starts_with("GET ") || path.starts_with("DELETE ") => plain,
        path => panic!("{path} has no example in the Postman collection"),
    }
}

fn headers(access: &str, token: &str) -> Vec<Field> {
    let mut headers = vec![Field::on("App-Id", "{{app_id}}"), Field::on("App-Key", "{{app_key}}")];
    headers.extend((access != "Application").then(|| Field::on("Auth-Token", token)));
    headers
}

fn sign_in(is_members: bool, plain: Call) -> Call {
    let (email, password) = match is_members {
        true => ("{{member_email}}", "{{member_password}}"),
        false => ("{{email}}", "{{password}}"),
    };
    let keeps = match is_members {
        true => vec![
            ("member_token", "answer.auth_token"),
            ("member_id", "answer._links.member.href.split('/').pop()"),
        ],
        false => vec![("auth_token", "answer.auth_token")],
    };
    let body = Body::Json(json!({ "email": email, "password": password }));
    Call { body, answers: 201, keeps, ..plain }
}

/// With a mailed code, or signed in.
fn set_password(more: &str, is_members: bool, plain: Call) -> Call {
    let about = format!("{} It sends the password from before, so that a run can be repeated.", plain.about);
    let (body, variable) = match (more, is_members) {
        ("", true) => (
            json!({ "reset_password_token": "{{member_reset_password_token}}", "password": "{{member_password}}" }),
            Some("member_reset_password_token"),
        ),
        ("", false) => (
            json!({ "reset_password_token": "{{reset_password_token}}", "password": "{{password}}" }),
            Some("reset_password_token"),
        ),
        _ => (json!({ "current_password": "{{password}}", "password": "{{password}}" }), None),
    };
    let token = variable.is_none().then(|| Field::on("Auth-Token", "{{auth_token}}"));
    Call {
        headers: plain.headers.iter().cloned().chain(token).collect(),
        body: Body::Json(body),
        about,
        without: variable.map(|it| (it, 400)),
        ..plain
    }
}

fn administrators(path: &str, plain: Call) -> Call {
    let off = |name, value| Field { is_on: false, ..Field::on(name, value) };
    let plain = Call { fills: vec![("id", "administrator_id")], ..plain };
    match path {
        "GET /api/v1/admin/{company_id}/administrators" => {
            Call { query: vec![off("per_page", "10"), off("page", "1")], ..plain }
        }
        "POST /api/v1/admin/{company_id}/administrators" => Call {
            body: Body::Json(
                json!({ "name": "Nadia Neu", "email": "nadia@harbour.example", "role": "user" }),
            ),
            answers: 201,
            keeps: vec![("administrator_id", "answer.id")],
            ..plain
        },
        "PUT /api/v1/admin/{company_id}/administrators/{id}" => {
            Call { body: Body::Json(json!({ "role": "callcentre" })), ..plain }
        }
        _ => plain,
    }
}

#[test]
fn the_collection_is_fresh() {
    let known = route_list::<Bookingbug>().into_iter().map(|it| (format!("{} {}", it.method, it.path), it));
    let collection = Collection {
        name: "Doorward: BookingBug",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: folders(RUN, &known.collect::<Vec<_>>(), call),
    };
    collection.is_fresh("bookingbug.json");
}
