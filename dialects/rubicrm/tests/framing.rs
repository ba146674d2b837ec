//! The two framings, to the byte, in success and refusal; and paths in every spelling.

use crate::guild::{
    Guild, HOST, KEY, OPEN, PASSWORD, SHARED, UNVERIFIED, VERIFIED, classic, row, said, said_classic,
};
use doorward_testkit::{Answer, Request};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

/// A text with its ids replaced.
fn redacted(answer: &Answer, guild: &Guild) -> String {
    answer.text().replace(&guild.verified.id.to_string(), "[id]") + "\n"
}

#[tokio::test]
async fn a_login_in_both_framings_to_the_byte() {
    let guild = Guild::open().await;
    let named = guild.login(VERIFIED).await;
    assert_eq!(redacted(&named, &guild), include_str!("golden/login.named.answer.txt"));
    let body = include_str!("golden/login.classic.request.txt").trim_end();
    let answer = guild.client.send(Request::post(HOST, "/api/Login").body(FORM, body)).await;
    assert_eq!(redacted(&answer, &guild), include_str!("golden/login.classic.answer.txt"));
    for answer in [&named, &answer] {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(answer.header("doorward-session").is_some());
    }
}

#[tokio::test]
async fn a_classic_body_may_be_less_encoded_than_it_should_be() {
    let guild = Guild::open().await;
    let raw = format!("={}", json!([VERIFIED, PASSWORD, KEY]));
    let answer = guild.client.send(Request::post(HOST, "/api/Login").body(FORM, raw)).await;
    assert_eq!(said_classic(&answer).0, "200");
}

#[tokio::test]
async fn named_fields_come_as_json_or_form() {
    let guild = Guild::open().await;
    let form = format!("emailaddress=verified%40guild.example&password={PASSWORD}&apikey={KEY}");
    let json = json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": KEY }).to_string();
    let multipart = format!(
        "--b\r\nContent-Disposition: form-data; name=\"emailaddress\"\r\n\r\n{VERIFIED}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{PASSWORD}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\n{KEY}\r\n--b--\r\n"
    );
    let bodies = [
        (FORM, form.clone()),
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", form),
        ("application/json", json.clone()),
        (FORM, json),
        ("multipart/form-data; boundary=b", multipart),
    ];
    for (content_type, body) in bodies {
        let answer = guild.client.send(Request::post(HOST, "/api/Login").body(content_type, body)).await;
        assert_eq!(row(&answer)["EmailAddress"], json!(VERIFIED), "{content_type}");
    }
}

#[tokio::test]
async fn methods_are_found_with_and_without_api_in_any_case() {
    let guild = Guild::open().await;
    let fields = json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": KEY });
    for path in ["/api/Login", "/Login", "/api/login", "/API/LOGIN", "/login/"] {
        assert_eq!(guild.client.send(Request::post(HOST, path).json(&fields)).await.status, 200, "{path}");
    }
    for path in ["/", "/api", "/api/api/Login", "/api/Logins", "/apiLogin", "/api//Login"] {
        let answer = guild.client.send(Request::post(HOST, path).json(&fields)).await;
        assert_eq!(said(&answer), (404, json!("There is no such method.")), "{path}");
    }
    let get = guild.client.send(Request::get(HOST, "/api/Login")).await;
    assert_eq!(said(&get), (405, json!("Methods are called with POST.")));
    assert_eq!(get.header("allow"), Some("POST, OPTIONS"));
}

#[tokio::test]
async fn classic_answers_are_always_http_200_with_the_code_inside() {
    let guild = Guild::open().await;
    let wrong = guild.classic(KEY, "Login", &[VERIFIED, "d3Jvbmc="]).await;
    assert_eq!(wrong.text(), r#""{\"ResponseCode\":\"401\",\"ResponseMessage\":\"[]\"}""#);
    let stranger = guild.classic("wrong", "Login", &[VERIFIED, PASSWORD]).await;
    assert_eq!(said_classic(&stranger), ("401".to_owned(), json!("The API key is missing or wrong.")));
    let empty = guild.classic(KEY, "Login", &[VERIFIED, ""]).await;
    assert_eq!(said_classic(&empty), ("400".to_owned(), json!("password: is required.")));
    let nul = guild.client.send(Request::post(HOST, "/api/Login").body(FORM, "=[%22a\\u0000%22]")).await;
    assert_eq!(said_classic(&nul).1, json!("A value: a NUL character."));
    let short = guild.classic(KEY, "Login", &[VERIFIED]).await;
    assert_eq!(said_classic(&short).0, "400");
    let server_only = guild.classic(KEY, "PluginCreateLoginToken", &[VERIFIED]).await;
    assert_eq!(said_classic(&server_only).0, "403");
    for text in ["", "null", "{}", "7", "[", r#"["a\u0000b"]"#, &"[".repeat(100)] {
        let body = format!("={}", text.replace('"', "%22"));
        let answer = guild.client.send(Request::post(HOST, "/api/Login").body(FORM, body)).await;
        assert!(["400", "401"].contains(&said_classic(&answer).0.as_str()), "{text}");
    }
}

#[tokio::test]
async fn a_classic_call_may_leave_the_key_out_where_none_is_required() {
    let guild = Guild::open().await;
    let send =
        async |host, values: Value| said_classic(&guild.client.send(classic(host, "Login", &values)).await).0;
    assert_eq!(send(OPEN, json!([VERIFIED, PASSWORD])).await, "200");
    assert_eq!(send(OPEN, json!([VERIFIED, PASSWORD, KEY])).await, "200");
    assert_eq!(send(OPEN, json!([VERIFIED, PASSWORD, ""])).await, "200");
    assert_eq!(send(OPEN, json!([VERIFIED, PASSWORD, null])).await, "200");
    assert_eq!(send(OPEN, json!([VERIFIED, PASSWORD, "wrong"])).await, "401");
    assert_eq!(send(OPEN, json!([VERIFIED])).await, "400");
    assert_eq!(send(HOST, json!([VERIFIED, PASSWORD])).await, "401");
    assert_eq!(send(SHARED, json!([VERIFIED, PASSWORD, KEY])).await, "200");
}

#[tokio::test]
async fn a_bare_array_is_classic_too() {
    let guild = Guild::open().await;
    let body = json!([UNVERIFIED, PASSWORD, KEY]);
    let answer = guild.client.send(Request::post(HOST, "/api/Login").json(&body)).await;
    assert_eq!(said_classic(&answer).1[0]["LoginVerified"], json!(false));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_the_named_framing() {
    let guild = Guild::open().await;
    let cases = [
        ("application/json", "{\"emailaddress\":".to_owned(), 400),
        (FORM, "emailaddress=%FF".to_owned(), 400),
        (FORM, format!("password=cGFzcw==&{}", "a=b&".repeat(300)), 400),
        ("text/plain", "=[]".to_owned(), 415),
        (FORM, format!("=[%22{}%22]", "x".repeat(70_000)), 413),
        ("text/xml", "<a/>".to_owned(), 415),
        ("application/json", format!("{{\"a\":\"{}\"}}", "x".repeat(70_000)), 413),
        ("application/json", "null".to_owned(), 401),
    ];
    for (content_type, body, status) in cases {
        let answer = guild.client.send(Request::post(HOST, "/api/Login").body(content_type, body)).await;
        let (code, message) = said(&answer);
        assert_eq!(code, status, "{content_type} {message}");
        assert!(message.is_string());
    }
}

#[tokio::test]
async fn a_classic_body_that_cannot_be_read_is_refused_in_the_classic_framing() {
    let guild = Guild::open().await;
    let many = format!("=[]{}", "&a=b".repeat(300));
    let deep = "[".repeat(100);
    let cases = [
        (FORM, "=%FF", "Expected UTF-8 text."),
        (FORM, "=%5B%22a%00%22%5D", "A value: a NUL character."),
        (FORM, "a=b&=%FF", "Expected UTF-8 text."),
        (FORM, many.as_str(), "More than 200 fields."),
        (FORM, "[\"a\", ", "The JSON is broken."),
        ("application/json", "[\"a\\u0000\"]", "A value: a NUL character."),
        ("application/json", deep.as_str(), "The JSON is broken."),
    ];
    for (content_type, body, said) in cases {
        let request = Request::post(HOST, "/api/Login").body(content_type, body.to_owned());
        let answer = guild.client.send(request).await;
        assert_eq!(said_classic(&answer), ("400".to_owned(), json!(said)), "{content_type} {body}");
    }
}
