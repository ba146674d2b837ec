//! What is sent to every route: broken bodies, paths, queries, headers and methods.
//!
//! Cases stay for ever. A case that once found a fault is worth more than a new one.

use crate::process::Ask;
use doorward_web::RouteInfo;

/// One way to be hostile. Every part that is `None` is as a decent client would send it.
pub(super) struct Case {
    /// What it is.
    pub(super) name: String,
    /// Whether a route that reads a body must refuse it.
    pub(super) must_be_refused: bool,
    /// The method.
    pub(super) method: Option<&'static str>,
    parameter: Option<String>,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<(Option<&'static str>, Vec<u8>)>,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=edge";

/// Names that the dialects read. The API key's is apart, and so is `name`: an administrator may call a company anything.
const FIELDS: &[&str] = &[
    "email",
    "email_address",
    "emailaddress",
    "EmailAddress",
    "password",
    "current_password",
    "newpassword",
    "new_password",
    "password_confirmation",
    "reset_password_token",
    "token",
    "user_id",
    "uid",
    "val",
    "id",
    "company_id",
    "callback_url",
    "calltype",
    "updatevalues",
    "role",
    "notification_settings",
];

impl Case {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            must_be_refused: false,
            method: None,
            parameter: None,
            query: None,
            headers: Vec::new(),
            body: None,
        }
    }

    fn refused(self) -> Self {
        Self { must_be_refused: true, ..self }
    }

    fn body(self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some((Some(content_type), body.into())), ..self }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The method for a route.
    pub(super) fn method(&self, route: &RouteInfo) -> String {
        self.method.map_or_else(|| route.method.to_string(), str::to_owned)
    }

    /// The path for a route: companies are the caller's own, every other id is nobody's.
    pub(super) fn path(&self, route: &RouteInfo) -> String {
        let decent = |name: &str| match name {
            "company_id" | "cid" => "37001".to_owned(),
            _ if route.path.contains("/api/v1/") => "999999".to_owned(),
            _ => "019aab00-0000-7000-8000-000000000000".to_owned(),
        };
        let path = super::doors::path(route, |name| self.parameter.clone().unwrap_or_else(|| decent(name)));
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        path + &query
    }

    /// Adds headers and body.
    pub(super) fn dress(&self, ask: Ask) -> Ask {
        let ask = self.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        match &self.body {
            Some((Some(content_type), body)) => ask.body(content_type, body.clone()),
            Some((None, body)) => ask.untyped_body(body.clone()),
            None => ask,
        }
    }
}

/// Every case. `api_key` is RubiCRM's, which stands in the body and must be right to come any further.
pub(super) fn all(api_key: &str) -> Vec<Case> {
    [json(api_key), forms(api_key), multipart(), types(), parameters(), queries(), headers(), methods()]
        .into_iter()
        .flatten()
        .collect()
}

fn json(api_key: &str) -> Vec<Case> {
    let key = format!("\"apikey\":\"{api_key}\"");
    let harmless = |value: &str| {
        let fields: Vec<String> = FIELDS.iter().map(|name| format!("\"{name}\":{value}")).collect();
        format!("{{{key},{}}}", fields.join(","))
    };
    let every = |value: &str| harmless(value).replace("{\"apikey", &format!("{{\"name\":{value},\"apikey"));
    let refused = |name: &str, body: String| Case::new(name).refused().body(JSON, body);
    let long = "x".repeat(60_000);
    vec![
        refused("JSON cut off", format!("{{{key},\"email")),
        refused("JSON with a tail", format!("{{{key}}} tail")),
        refused("no JSON at all", "<xml/>".to_owned()),
        refused("a bare string", "\"text\"".to_owned()),
        refused("a bare number", "17".to_owned()),
        refused("not a number", every("NaN")),
        refused("a NUL in every field", every("\"a\\u0000b\"")),
        refused("half a surrogate pair", every("\"\\ud800\"")),
        refused("half a surrogate pair as a name", "{\"\\udfff\":1}".to_owned()),
        refused("a list in every field", every("[\"a@b.example\",\"c@d.example\"]")),
        refused("an object in every field", every("{\"$gt\":\"\"}")),
        refused("true in every field", every("true")),
        refused("a number beyond numbers", every("1e999")),
        refused("nothing in every field", every("\"\"")),
        Case::new("null in every field").body(JSON, every("null")),
        Case::new("nothing at all").body(JSON, format!("{{{key}}}")),
        refused(
            "every field twice",
            format!("{{{key},{0},{0}}}", &every("\"x\"")[key.len() + 2..].trim_end_matches('}')),
        ),
        refused("lists 50,000 deep", "[".repeat(50_000)),
        refused("objects 40 deep", format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40))),
        refused("a body of 70 kB", every("\"x\"").replace('x', &long[..4_000])),
        refused("a body of 2 MB", format!("{{{key},\"email\":\"{}\"}}", long.repeat(34))),
        refused(
            "10,000 fields",
            format!("{{{}}}", (0..10_000).map(|n| format!("\"f{n}\":1")).collect::<Vec<_>>().join(",")),
        ),
        Case::new("no UTF-8").refused().body(JSON, b"{\"email\":\"\xff\xfe\"}".to_vec()),
        Case::new("an empty body").body(JSON, ""),
        Case::new("null").body(JSON, "null"),
        Case::new("unknown fields")
            .body(JSON, format!("{{{key},\"__proto__\":{{\"is_admin\":true}},\"constructor\":1}}")),
        Case::new("letters without end")
            .body(JSON, format!("{{{key},\"email\":\"{long}\",\"email_address\":\"{long}\"}}")),
        Case::new("wildcards and quotes").body(JSON, harmless("\"%' OR 1=1 --_\"")),
        Case::new("directions and joiners").body(JSON, harmless("\"\\u202e\\u200d\\ufeff\"")),
    ]
}

fn forms(api_key: &str) -> Vec<Case> {
    let every = |value: &str| {
        let fields: Vec<String> = FIELDS.iter().map(|name| format!("{name}={value}")).collect();
        format!("apikey={api_key}&{}", fields.join("&"))
    };
    let refused = |name: &str, body: String| Case::new(name).refused().body(FORM, body);
    // Only RubiCRM knows the field without a name; to the others it is one they do not read.
    let tolerated = |name: &str, body: String| Case::new(name).body(FORM, body);
    vec![
        refused("form: a NUL in every field", every("a%00b")),
        refused("form: no UTF-8", every("%ff%fe")),
        refused("form: surrogates in UTF-8", every("%ED%A0%80")),
        refused("form: every field twice", format!("name=x&name=y&{}&{}", every("x"), every("y"))),
        refused("form: 1,000 fields", (0..1_000).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&")),
        Case::new("form: broken percent encoding").body(FORM, every("%zz%")),
        Case::new("form: only separators").body(FORM, "&&&===&&&"),
        tolerated("form: classic with a broken array", "=%5B%22a%22%2C".to_owned()),
        tolerated("form: classic with an object", "=%7B%22a%22%3A1%7D".to_owned()),
        tolerated("form: classic with a deep array", format!("={}", "%5B".repeat(3_000))),
        tolerated("form: classic with numbers", "=%5B1%2C2%2C3%5D".to_owned()),
    ]
}

fn multipart() -> Vec<Case> {
    let part = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let many: String = (0..200).map(|n| part(&format!("f{n}"), "1")).collect();
    let nul: String = FIELDS.iter().map(|name| part(name, "a\0b")).collect();
    vec![
        Case::new("multipart without a boundary").refused().body("multipart/form-data", part("email", "x")),
        Case::new("multipart cut off").refused().body(MULTIPART, part("email", "x")),
        Case::new("multipart of 200 parts").refused().body(MULTIPART, many + "--edge--\r\n"),
        Case::new("multipart with NULs").refused().body(MULTIPART, nul + "--edge--\r\n"),
        Case::new("multipart without a name").refused().body(MULTIPART, "--edge\r\n\r\nx\r\n--edge--\r\n"),
        Case::new("multipart that is something else").refused().body(MULTIPART, "{\"email\":\"x\"}"),
    ]
}

fn types() -> Vec<Case> {
    let body = "{\"email\":\"x\",\"password\":\"y\"}";
    let typed = |content_type: &'static str| Case::new(content_type).body(content_type, body).refused();
    vec![
        typed("text/xml"),
        typed("application/octet-stream"),
        typed("nonsense"),
        // A charset is never believed: JSON is UTF-8, whatever its type says.
        Case::new("an odd charset").body("application/json; charset=utf-7", body),
        Case { body: Some((None, body.into())), ..Case::new("a body without a type") },
        typed("application/json").header("content-encoding", "gzip"),
        Case::new("two types").refused().body("text/plain", body).header("content-type", "text/csv"),
    ]
}

fn parameters() -> Vec<Case> {
    let values = [
        "%00",
        "%ff",
        "%zz",
        "%",
        "..%2f..%2fetc%2fpasswd",
        "..",
        "-1",
        "0",
        "99999999999999999999",
        "2147483648",
        "1e3",
        "37001%20",
        "'%20OR%201=1--",
        "%25",
        "_",
        "*",
        "%ED%A0%80",
        "%F0%9F%92%A9",
        "null",
        "019AAB00-0000-7000-8000-000000000000",
        "{id}",
        "%7B%7D",
        ";a=b",
        "a%2Fb",
    ];
    let short = values.into_iter().map(str::to_owned);
    let cases = short.chain(["7".repeat(4_000), "a".repeat(5_000)]);
    cases
        .map(|value| Case { parameter: Some(value.clone()), ..Case::new(&format!("parameter {value:.40}")) })
        .collect()
}

fn queries() -> Vec<Case> {
    let values = [
        "a=%00",
        "%ff=%ff",
        "a=%zz",
        "&&&&=",
        "email=a&email=b",
        "accessKey=%00&secretKey=%ff",
        "accessKey=a&accessKey=b&secretKey=c",
        "accesskey=u$r&secretkey=x",
        "start=-1&rows=99999999999999999999",
        "start=a&rows=b&order_by=%27;drop%20table",
        "search=%25%27_%00",
        "page=-1&per_page=0",
        "page=99999999999999999999",
        "token=%00",
        "%5B%5D=1",
        "_method=DELETE",
    ];
    let long = [format!("a={}", "b".repeat(9_000)), (0..400).map(|n| format!("f{n}=1&")).collect()];
    let cases = values.into_iter().map(str::to_owned).chain(long);
    cases
        .map(|query| Case { query: Some(query.clone()), ..Case::new(&format!("query {query:.40}")) })
        .collect()
}

fn headers() -> Vec<Case> {
    let one = |name: &str, value: &str| Case::new(&format!("header {name}: {value:.30}")).header(name, value);
    let mut crowd = Case::new("90 headers");
    for number in 0..90 {
        crowd = crowd.header(&format!("x-{number}"), "1");
    }
    vec![
        one("x-http-method-override", "DELETE"),
        one("x-method-override", "PATCH"),
        one("x-forwarded-for", "203.0.113.7, not-an-address"),
        one("x-forwarded-host", "evil.example"),
        one("forwarded", "for=\"[::1"),
        one("x-forwarded-proto", "gopher"),
        one("x-original-url", "/admin"),
        one("x-rewrite-url", "/admin"),
        one("cookie", "salesseek=; salesseek=a; =;;; \t"),
        one("cookie", "salesseek=\"quoted\\\""),
        one("cookie", &"a=b; ".repeat(900)),
        one("auth-token", "\u{ff}\u{fe}"),
        one("auth-token", ""),
        one("app-id", "twice"),
        one("clientid", "../northwind"),
        one("doorward-session", &"x".repeat(5_000)),
        one("x-lsq-accesskey", "u$r\u{ff}"),
        one("origin", "null"),
        one("origin", "http://%zz"),
        one("referer", "http://[::"),
        one("range", "bytes=0-0,99999999999999999999-"),
        one("if-match", "*"),
        one("accept", "application/\u{ff}"),
        one("accept-charset", "utf-7"),
        one("user-agent", &"A".repeat(8_000)),
        one("expect", "42-maybe"),
        crowd,
    ]
}

fn methods() -> Vec<Case> {
    let methods = ["TRACE", "FOO", "get", "PROPFIND", "HEAD", "OPTIONS", "PRI"];
    methods
        .into_iter()
        .map(|method| Case { method: Some(method), ..Case::new(&format!("method {method}")) })
        .collect()
}
