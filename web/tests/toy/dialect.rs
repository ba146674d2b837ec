//! The toy dialect: every refusal is `{"toy": "<meaning>"}`.

use doorward_core::Error;
use doorward_web::reply::{self, Reply};
use doorward_web::{
    Call, CallContext, Cookie, CorsPolicy, Dialect, Refusal, Response, Route, SameSite, StatusCode,
    refuse_cross_site,
};
use serde_json::{Value, json};
use std::borrow::Cow;

pub struct Toy;

#[derive(Clone, Copy, Debug)]
pub enum Access {
    Anyone,
    Application,
}

impl Dialect<()> for Toy {
    const NAME: &'static str = "salesseek";
    type Access = Access;
    type Guest = &'static str;

    fn routes() -> Vec<Route<Self, ()>> {
        vec![
            Route::get("/things/{id}", Access::Anyone, thing, "one thing"),
            Route::get("/things/new", Access::Anyone, new_thing, "an empty thing"),
            Route::patch("/things/{id}", Access::Application, thing, "change a thing"),
            Route::get("/slug", Access::Anyone, slug, "the tenant's slug"),
            Route::post("/echo", Access::Application, echo, "what was sent"),
            Route::post("/field/{kind}", Access::Anyone, field, "field `a`, read as a kind"),
            Route::post("/large", Access::Anyone, echo, "a large body").body_limit(usize::MAX),
            Route::post("/change", Access::Anyone, change, "a change by cookie"),
            Route::get("/cookie", Access::Anyone, cookie, "the session cookie"),
            Route::get("/bearer", Access::Anyone, bearer, "the bearer token"),
            Route::post("/sign-in", Access::Anyone, sign_in, "sets a cookie"),
            Route::get("/caller", Access::Anyone, caller, "who calls"),
            Route::get("/panic", Access::Anyone, panics, "panics"),
            Route::get("/fault", Access::Anyone, fault, "a fault of ours"),
            Route::get("/never", Access::Anyone, never, "never answers"),
        ]
    }

    async fn admit(access: Access, call: &mut Call<()>) -> Result<&'static str, Refusal> {
        match access {
            Access::Anyone => Ok("anyone"),
            Access::Application if call.header("app-id")? == Some("good") => Ok("application"),
            Access::Application => Err(Error::ApplicationRefused.into()),
        }
    }

    fn refuse(refusal: &Refusal, call: &CallContext<()>) -> Response {
        let status = match refusal {
            Refusal::Core(Error::ApplicationRefused | Error::NotSignedIn) => StatusCode::UNAUTHORIZED,
            Refusal::Core(Error::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Core(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Refusal::UnknownPath => StatusCode::NOT_FOUND,
            Refusal::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::UriTooLong { .. } => StatusCode::URI_TOO_LONG,
            Refusal::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::Malformed { .. } | Refusal::Invalid { .. } => StatusCode::BAD_REQUEST,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::CrossSite | Refusal::InsecureTransport => StatusCode::FORBIDDEN,
        };
        let answer = json!({ "toy": refusal.to_string(), "door": call.door.door.name });
        reply::json(status, &answer)
    }

    async fn cors(_: &CallContext<()>) -> CorsPolicy {
        CorsPolicy {
            origins: vec!["https://app.example".to_owned()],
            credentials: true,
            allow_headers: &["App-Id", "Content-Type"],
            expose_headers: &["Auth-Token"],
        }
    }

    fn normalise_path(path: &str) -> Cow<'_, str> {
        path.strip_prefix("/api").unwrap_or(path).into()
    }
}

fn ok(body: Value) -> Result<Response, Refusal> {
    Ok(reply::json(StatusCode::OK, &body))
}

async fn thing(call: Call<()>, guest: &'static str) -> Result<Response, Refusal> {
    ok(json!({ "id": call.path("id"), "search": call.query().text("search")?, "guest": guest }))
}

async fn new_thing(_: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    ok(json!("new"))
}

async fn slug(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    ok(json!({ "slug": call.door.slug.as_ref().map(|slug| slug.as_str()), "base": call.base_url() }))
}

/// Every field in order; the items of a top-level array.
async fn echo(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    let fields = call.body().await?;
    let names: Vec<String> = fields.names().map(str::to_owned).collect();
    let values: Result<Vec<_>, Refusal> =
        names.iter().map(|name| Ok(json!([name, fields.value(name)?]))).collect();
    ok(json!({ "fields": values?, "array": fields.array() }))
}

async fn field(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    let fields = call.body().await?;
    ok(match call.path("kind") {
        "text" => json!(fields.text("a")?),
        "required" => json!(fields.required_text("a")?),
        "integer" => json!(fields.integer("a")?),
        "boolean" => json!(fields.boolean("a")?),
        "object" => json!(fields.object("a")?),
        "secret" => json!(fields.secret("a")?.map(|secret| format!("{secret:?} {}", secret.expose()))),
        _ => return Err(Refusal::UnknownPath),
    })
}

async fn change(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    refuse_cross_site(&call, &["https://app.example".to_owned()])?;
    ok(json!("changed"))
}

async fn cookie(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    ok(json!(call.cookie("session")?.map(|secret| secret.expose().to_owned())))
}

async fn bearer(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    ok(json!(call.bearer()?.map(|secret| secret.expose().to_owned())))
}

async fn sign_in(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    let cookie = Cookie {
        name: "session",
        value: "11111111-2222",
        path: "/",
        same_site: SameSite::Lax,
        secure: call.secure,
        max_age: None,
    };
    Ok(reply::json(StatusCode::OK, &Value::Null).with_cookie(&cookie))
}

async fn caller(call: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    ok(json!({ "address": call.caller.address, "agent": call.caller.agent, "secure": call.secure }))
}

async fn panics(_: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    panic!("a handler panics")
}

async fn fault(_: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    Err(Error::internal("toy", &"disk on fire").into())
}

async fn never(_: Call<()>, _: &'static str) -> Result<Response, Refusal> {
    std::future::pending().await
}
