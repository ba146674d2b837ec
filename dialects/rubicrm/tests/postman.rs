//! The Postman collection is the list of routes in the order of a run, with the fields of docs/clients/rubicrm.md.

use doorward_rubicrm::Rubicrm;
use doorward_testkit::postman::{Body, Call, Collection, Field, folders};
use doorward_web::{RouteInfo, route_list};

const ABOUT: &str = "RubiCRM's calls at a Doorward door, in the named framing. Set base_url to the door's host, and the keys, e-mail \
                     addresses and passwords to yours; after `doorward demo --data demo` they stand in demo/demo.json under \
                     `rubicrm`. Passwords are sent as Base64 of their UTF-8; scripts make it. Signing in keeps uid, codes and \
                     Doorward-Session for the other requests. LoginReset and the Plugin methods tell codes to a trusted server's key \
                     only. A run from top to bottom ends by setting the password that was there before.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://guild.rubicrm.localhost:8080", "The door's host"),
    ("apikey", "", "The API key"),
    ("trusted_apikey", "", "A trusted server's API key"),
    ("emailaddress", "verified@guild.example", "Who signs in"),
    ("password", "", "With which password, as it is typed"),
    ("password_base64", "", "The same in Base64; set by signing in"),
    ("new_emailaddress", "unverified@guild.example", "A contact whose address is not verified yet"),
    ("new_password", "", "Their password, as it is typed"),
    ("new_password_base64", "", "The same in Base64; set by their signing in"),
    ("uid", "", "The contact; set by signing in"),
    ("session", "", "Set by signing in"),
    ("validation_val", "", "The codes that verify an address; set by their signing in"),
    ("validation_id", "", "The second of them"),
    ("login_token_val", "", "The codes that sign in without a password; set by PluginCreateLoginToken"),
    ("login_token_id", "", "The second of them"),
    ("reset_val", "", "The codes for a new password; set by LoginReset"),
    ("reset_id", "", "The second of them"),
];

const RUN: &[(&str, &[&str])] = &[
    ("Signing in", &["/api/Login", "/api/UserActions"]),
    ("A contact who is not verified", &["/api/Login, not verified yet", "/api/Validation"]),
    ("Trusted servers", &["/api/EmailCheck", "/api/PluginCreateLoginToken", "/api/PluginSubmitLoginToken"]),
    ("A forgotten password", &["/api/LoginReset", "/api/PasswordReset"]),
];

/// The line of script that encodes a password.
fn encode(from: &str, to: &str) -> Vec<String> {
    let bytes = format!("require('buffer').Buffer.from(pm.variables.get('{from}') || '', 'utf8')");
    vec![format!("pm.collectionVariables.set('{to}', {bytes}.toString('base64'));")]
}

fn call(step: &str, route: &RouteInfo) -> Call {
    let (email, uid) = (("emailaddress", "{{emailaddress}}"), ("uid", "{{uid}}"));
    let (key, trusted) = (("apikey", "{{apikey}}"), ("apikey", "{{trusted_apikey}}"));
    let plain = Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: step.trim_start_matches("/api/").to_owned(),
        about: format!("{}.", route.doc),
        answers: 200,
        ..Call::default()
    };
    match step {
        "/api/Login" => Call {
            body: Body::Form(vec![email, ("password", "{{password_base64}}"), key]),
            before: encode("password", "password_base64"),
            keeps: vec![
                ("uid", "answer.ResponseMessage[0].uid"),
                ("session", "pm.response.headers.get('Doorward-Session')"),
            ],
            ..plain
        },
        "/api/UserActions" => {
            let names = ("updatevalues", "[{\"KnownAs\": \"Vee\"}]");
            Call {
                headers: vec![Field::on("Doorward-Session", "{{session}}")],
                body: Body::Form(vec![uid, ("calltype", "UserProfileUpdate"), names, key]),
                ..plain
            }
        }
        "/api/Login, not verified yet" => Call {
            about: format!(
                "{} The codes come until the address is verified; from then on they are null.",
                plain.about
            ),
            body: Body::Form(vec![
                ("emailaddress", "{{new_emailaddress}}"),
                ("password", "{{new_password_base64}}"),
                key,
            ]),
            before: encode("new_password", "new_password_base64"),
            keeps: vec![
                ("validation_val", "answer.ResponseMessage[0].ValidationVal || 'none'"),
                ("validation_id", "answer.ResponseMessage[0].ValidationID || 'none'"),
            ],
            ..plain
        },
        "/api/Validation" => Call {
            about: format!("{} `true` for codes that are good, `false` for all others.", plain.about),
            body: Body::Form(vec![("val", "{{validation_val}}"), ("id", "{{validation_id}}"), key]),
            ..plain
        },
        "/api/EmailCheck" => Call { body: Body::Form(vec![email, trusted]), ..plain },
        "/api/PluginCreateLoginToken" => Call {
            body: Body::Form(vec![email, trusted]),
            keeps: vec![
                ("login_token_val", "answer.ResponseMessage[0].LoginTokenVal"),
                ("login_token_id", "answer.ResponseMessage[0].LoginTokenID"),
            ],
            ..plain
        },
        "/api/PluginSubmitLoginToken" => Call {
            body: Body::Form(vec![
                uid,
                ("val", "{{login_token_val}}"),
                ("id", "{{login_token_id}}"),
                trusted,
            ]),
            ..plain
        },
        "/api/LoginReset" => Call {
            body: Body::Form(vec![email, uid, trusted]),
            keeps: vec![
                ("reset_val", "answer.ResponseMessage[0].PasswordResetVal"),
                ("reset_id", "answer.ResponseMessage[0].PasswordResetID"),
            ],
            ..plain
        },
        "/api/PasswordReset" => Call {
            about: format!(
                "{} It sends the password from before, so that a run can be repeated.",
                plain.about
            ),
            body: Body::Form(vec![
                ("val", "{{reset_val}}"),
                ("id", "{{reset_id}}"),
                ("newpassword", "{{password_base64}}"),
                trusted,
            ]),
            ..plain
        },
        step => panic!("{step} has no example in the Postman collection"),
    }
}

#[test]
fn the_collection_is_fresh() {
    let known = route_list::<Rubicrm>().into_iter().map(|route| (route.path.to_owned(), route));
    let collection = Collection {
        name: "Doorward: RubiCRM",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: folders(RUN, &known.collect::<Vec<_>>(), call),
    };
    collection.is_fresh("rubicrm.json");
}
