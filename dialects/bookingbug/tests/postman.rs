//! The Postman collection is the list of routes, with the bodies of docs/clients/bookingbug.md.

use doorward_bookingbug::Bookingbug;
use doorward_testkit::postman::{Body, Call, Collection, Field};
use doorward_web::{RouteInfo, route_list};
use serde_json::json;

const ABOUT: &str = "BookingBug's (JRNI's) calls at a Doorward door. Set base_url to the door's host, and the application, the e-mail \
                     address and the password to yours; after `doorward demo --data demo` they stand in demo/demo.json under \
                     `bookingbug`. Signing in keeps the Auth-Token for the other requests.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://bookingbug.localhost:8080", "The door's host"),
    ("app_id", "", "The application's App-Id"),
    ("app_key", "", "Its App-Key; an application without one sends App-Id alone"),
    ("email", "owner@harbour.example", "Who signs in"),
    ("password", "", "With which password"),
    ("auth_token", "", "Set by signing in"),
    ("company_id", "37001", "A company"),
    ("id", "37002", "A company, an administrator or a member, as the path says"),
    ("member_id", "", "A member"),
    ("reset_password_token", "", "The code of a mailed link"),
];

const KEEPS: [&str; 2] = [
    "const login = pm.response.json();",
    "if (login.auth_token) pm.collectionVariables.set('auth_token', login.auth_token);",
];

fn call(route: RouteInfo) -> Call {
    let sign_in = json!({ "email": "{{email}}", "password": "{{password}}" });
    let reset =
        json!({ "reset_password_token": "{{reset_password_token}}", "password": "sea and slow boats" });
    let method = route.method.as_str();
    let body = match (method, route.path) {
        ("POST", path) if path.starts_with("/api/v1/login") && !path.contains("password") => {
            Body::Json(sign_in)
        }
        ("PUT", "/api/v1/login/admin") => Body::Json(json!({ "company_id": 37_003 })),
        (
            "POST",
            "/api/v1/login/{company_id}/email_password_reset" | "/api/v1/login/admin/reset_password_email",
        ) => Body::Json(json!({ "email": "{{email}}" })),
        ("PUT", "/api/v1/login/{company_id}/reset_password" | "/api/v1/login/admin/reset_password") => {
            Body::Json(reset)
        }
        ("POST", "/api/v1/login/{company_id}/update_password/{member_id}") => Body::Json(json!({
            "current_password": "{{password}}",
            "password": "sea and slow boats",
            "password_confirmation": "sea and slow boats"
        })),
        ("PUT", "/api/v1/admin/{company_id}/company") => Body::Json(json!({ "name": "Harbour Gym & Pool" })),
        ("POST", "/api/v1/admin/{company_id}/administrators") => {
            Body::Json(json!({ "name": "Nadia Neu", "email": "nadia@harbour.example", "role": "user" }))
        }
        ("PUT", "/api/v1/admin/{company_id}/administrators/{id}") => {
            Body::Json(json!({ "role": "callcentre" }))
        }
        ("PUT", "/api/v1/{company_id}/members/{id}") => Body::Json(json!({ "first_name": "Maria" })),
        ("GET" | "DELETE", _) => Body::None,
        (method, path) => panic!("{method} {path} has no example in the Postman collection"),
    };
    let is_sign_in = method == "POST"
        && matches!(&body, Body::Json(body) if body.get("password").is_some())
        && !route.path.contains("update_password");
    let mut headers = vec![Field::on("App-Id", "{{app_id}}"), Field::on("App-Key", "{{app_key}}")];
    if route.access != "Application" {
        headers.push(Field::on("Auth-Token", "{{auth_token}}"));
    }
    let off = |name, value| Field { is_on: false, ..Field::on(name, value) };
    let is_list = route.path.ends_with("/administrators") && method == "GET";
    Call {
        method: method.to_owned(),
        path: route.path.to_owned(),
        name: route.doc.to_owned(),
        about: format!("Who may call: {}.", route.access),
        headers,
        query: if is_list { vec![off("per_page", "10"), off("page", "1")] } else { Vec::new() },
        body,
        after: KEEPS.iter().filter(|_| is_sign_in).map(|line| (*line).to_owned()).collect(),
    }
}

#[test]
fn the_collection_is_fresh() {
    let mut folders: Vec<(String, Vec<Call>)> = Vec::new();
    for route in route_list::<Bookingbug>() {
        let folder = match route.path {
            path if path.contains("password") => "Passwords",
            path if path.contains("/login") || path.contains("/logout") => "Signing in and out",
            path if path.contains("/administrators") => "Administrators",
            path if path.contains("/members") => "Members",
            _ => "Companies",
        };
        match folders.iter_mut().find(|(name, _)| name == folder) {
            Some((_, calls)) => calls.push(call(route)),
            None => folders.push((folder.to_owned(), vec![call(route)])),
        }
    }
    let collection = Collection {
        name: "Doorward: BookingBug",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders,
    };
    collection.is_fresh("bookingbug.json");
}
