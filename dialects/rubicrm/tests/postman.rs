//! The Postman collection is the list of routes, with the fields of docs/clients/rubicrm.md.

use doorward_rubicrm::Rubicrm;
use doorward_testkit::postman::{Body, Call, Collection, Field};
use doorward_web::{RouteInfo, route_list};

const ABOUT: &str = "RubiCRM's calls at a Doorward door, in the named framing. Set base_url to the door's host, and the key, the e-mail \
                     address and the password to yours; after `doorward demo --data demo` they stand in demo/demo.json under \
                     `rubicrm`. Passwords are Base64 of their UTF-8. Signing in keeps uid, codes and Doorward-Session for the other \
                     requests. LoginReset and the Plugin methods tell codes to a trusted server's key only.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://guild.rubicrm.localhost:8080", "The door's host"),
    ("apikey", "", "The API key"),
    ("trusted_apikey", "", "A trusted server's API key"),
    ("emailaddress", "verified@guild.example", "Who signs in"),
    ("password_base64", "", "With which password, in Base64"),
    ("new_password_base64", "cGFwZXIgYW5kIHRocmVhZCAy", "A new one: `paper and thread 2`"),
    ("uid", "", "The contact; signing in sets it"),
    ("val", "", "The first of two codes; set by what tells them"),
    ("id", "", "The second"),
    ("session", "", "Set by signing in"),
];

const KEEPS: [&str; 5] = [
    "const session = pm.response.headers.get('Doorward-Session');",
    "if (session) pm.collectionVariables.set('session', session);",
    "const row = [].concat(pm.response.json().ResponseMessage)[0] || {};",
    "if (row.uid) pm.collectionVariables.set('uid', row.uid);",
    "for (const [name, value] of Object.entries(row)) { if (value && name.endsWith('Val')) \
     pm.collectionVariables.set('val', value); if (value && name.endsWith('ID')) pm.collectionVariables.set('id', value); }",
];

fn call(route: RouteInfo) -> Call {
    let (email, uid) = (("emailaddress", "{{emailaddress}}"), ("uid", "{{uid}}"));
    let codes = [("val", "{{val}}"), ("id", "{{id}}")];
    let (key, trusted) = (("apikey", "{{apikey}}"), ("apikey", "{{trusted_apikey}}"));
    let [val, id] = codes;
    let (fields, tells) = match route.path {
        "/api/Login" => (vec![email, ("password", "{{password_base64}}"), key], true),
        "/api/Validation" => (vec![val, id, key], false),
        "/api/LoginReset" => (vec![email, uid, trusted], true),
        "/api/PasswordReset" => (vec![val, id, ("newpassword", "{{new_password_base64}}"), trusted], false),
        "/api/EmailCheck" => (vec![email, trusted], false),
        "/api/UserActions" => {
            let names = ("updatevalues", "[{\"KnownAs\": \"Vee\"}]");
            (vec![uid, ("calltype", "UserProfileUpdate"), names, key], false)
        }
        "/api/PluginCreateLoginToken" => (vec![email, trusted], true),
        "/api/PluginSubmitLoginToken" => (vec![uid, val, id, trusted], false),
        path => panic!("{path} has no example in the Postman collection"),
    };
    let is_own = route.path == "/api/UserActions";
    Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: route.path.trim_start_matches("/api/").to_owned(),
        about: format!("{}.", route.doc),
        headers: if is_own { vec![Field::on("Doorward-Session", "{{session}}")] } else { Vec::new() },
        query: Vec::new(),
        body: Body::Form(fields),
        after: KEEPS.iter().filter(|_| tells).map(|line| (*line).to_owned()).collect(),
    }
}

#[test]
fn the_collection_is_fresh() {
    let calls = route_list::<Rubicrm>().into_iter().map(call).collect();
    let collection = Collection {
        name: "Doorward: RubiCRM",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: vec![("RubiCRM".to_owned(), calls)],
    };
    collection.is_fresh("rubicrm.json");
}
