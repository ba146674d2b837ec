//! Applications of a tenant: programs that may call. `applications/tokens.rs` has their bearer tokens.

mod tokens;

use crate::answer;
use crate::ask::{Ask, seconds, texts};
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IDEMPOTENCY_KEY, IF_MATCH, LIMIT, Parameter, Shape, TENANT, line, list, moment, object, of,
    or_null, page, shape, text, truth, uuid,
};
use doorward_core::applications::{self, Changes, Listed, NewApplication, NewKey, OVERLAP_MAX};
use doorward_core::manage::Scope;
use doorward_core::once::{self, Done};
use doorward_core::{Branch, cursor};
use doorward_model::{AppId, ApplicationId, PoolId};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// Of a name (core/src/applications/create.rs).
const NAME_CHARS: usize = 250;

const ID: Parameter =
    Parameter { name: "application", place: "path", doc: "The application's id", schema: uuid };
const APPLICATION: Shape = Shape { name: "Application", schema: Shown::schema };
const PAGE: Shape = Shape { name: "ApplicationPage", schema: || page("Application") };
const NEW: Shape = Shape { name: "NewApplication", schema: new_schema };
const WITH_KEY: Shape = Shape { name: "ApplicationWithKey", schema: WithKey::schema };
const CHANGES: Shape = Shape { name: "ApplicationChanges", schema: changes_schema };
const OVERLAP: Shape = Shape { name: "KeyOverlap", schema: overlap_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/tenants/{id}/applications/{application}",
    scope: Scope::ApplicationsWrite,
    name: "",
    tag: "Applications",
    doc: "",
    parameters: &[TENANT, ID, IF_MATCH],
    body: None,
    status: StatusCode::OK,
    answer: APPLICATION,
    handler: |ask| Box::pin(get(ask)),
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let own = vec![
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/applications",
            scope: Scope::ApplicationsRead,
            name: "listApplications",
            doc: "The applications of a tenant itself, by id",
            parameters: &[TENANT, LIMIT, CURSOR],
            answer: PAGE,
            handler: |ask| Box::pin(list_all(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/applications",
            name: "createApplication",
            doc: "Makes an application that may act in a tenant and below it, with a key that is shown this once",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            answer: WITH_KEY,
            handler: |ask| Box::pin(create(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::GET,
            scope: Scope::ApplicationsRead,
            name: "getApplication",
            doc: "One application",
            parameters: &[TENANT, ID],
            ..BASE
        },
        Endpoint {
            method: Method::PATCH,
            name: "changeApplication",
            doc: "Changes name, origins or trust; what is not sent stays. Trust is an owner's or operator's to give",
            body: Some(CHANGES),
            handler: |ask| Box::pin(edit(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/applications/{application}/disable",
            name: "disableApplication",
            doc: "Refuses an application from the next call on, with its tokens",
            handler: |ask| Box::pin(turn(ask, true)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/applications/{application}/enable",
            name: "enableApplication",
            doc: "Lets an application call again",
            handler: |ask| Box::pin(turn(ask, false)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/applications/{application}/key",
            name: "rotateApplicationKey",
            doc: "Gives an application a new key, shown this once; the key before stays good for a while. Send `If-Match`, so \
                  that a request sent again changes nothing",
            body: Some(OVERLAP),
            answer: WITH_KEY,
            handler: |ask| Box::pin(rotate(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::DELETE,
            path: "/tenants/{id}/applications/{application}/key",
            name: "removeApplicationKey",
            doc: "Takes an application's keys away: its id alone admits it from now on",
            handler: |ask| Box::pin(remove_key(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::DELETE,
            path: "/tenants/{id}/applications/{application}/previous-key",
            name: "endPreviousApplicationKey",
            doc: "Ends the key before the current one now, although its time is not over",
            handler: |ask| Box::pin(end_previous(ask)),
            ..BASE
        },
    ];
    own.into_iter().chain(tokens::endpoints()).collect()
}

shape! {
    /// An application.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The top of what it may act in"]
        tenant: String = uuid(),
        #[doc = "What people read"]
        name: String = text(),
        #[doc = "What it sends as its identity; no secret"]
        app_id: String = text(),
        #[doc = "Whether it must send a key, too"]
        has_key: bool = truth(),
        #[doc = "Until when the key before is good as well"]
        previous_key_until: Option<String> = or_null(moment()),
        #[doc = "Whether it may be told one-time codes"]
        trusted_server: bool = truth(),
        #[doc = "Browser origins it may be called from"]
        origins: Vec<String> = list(text()),
        #[doc = "Whether it is refused"]
        disabled: bool = truth(),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it last called, rounded"]
        last_used_at: Option<String> = or_null(moment()),
    }
}

shape! {
    /// An application with a key that is shown this once.
    WithKey {
        #[doc = "The application"]
        application: Shown = of("Application"),
        #[doc = "The key, in clear this once; null where it has none"]
        key: Option<String> = or_null(text()),
    }
}

fn origins() -> Value {
    list(json!({ "type": "string", "pattern": "^https?://[^/]+$" }))
}

fn name() -> Value {
    line(NAME_CHARS)
}

fn new_schema() -> Value {
    let app_id = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{4,64}$" });
    object(
        &["name"],
        &[
            ("name", "What people read", name()),
            ("app_id", "What it will send as its identity; made unless said", or_null(app_id)),
            ("with_key", "Whether it gets a key; true unless said", truth()),
            (
                "trusted_server",
                "Whether it may be told one-time codes, which an owner or operator decides; false unless said",
                truth(),
            ),
            ("origins", "Browser origins it may be called from; none unless said", origins()),
        ],
    )
}

fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("name", "What people read", name()),
            ("trusted_server", "Whether it may be told one-time codes", truth()),
            ("origins", "Browser origins it may be called from", origins()),
        ],
    )
}

fn overlap_schema() -> Value {
    let seconds = crate::schema::seconds(OVERLAP_MAX.as_secs());
    object(&[], &[("overlap_seconds", "How long the one before stays good; not at all unless said", seconds)])
}

impl From<&Listed> for Shown {
    fn from(Listed { application: it, previous_until }: &Listed) -> Self {
        Self {
            id: it.id.to_string(),
            tenant: it.tenant.to_string(),
            name: it.name.clone(),
            app_id: it.app_id.as_str().to_owned(),
            has_key: it.has_key,
            previous_key_until: previous_until.map(|until| until.civil().to_string()),
            trusted_server: it.trusted_server,
            origins: it.origins.clone(),
            disabled: it.disabled,
            version: it.version,
            created_at: it.created_at.civil().to_string(),
            last_used_at: it.last_used_at.map(|at| at.civil().to_string()),
        }
    }
}

async fn list_all(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let after = ApplicationId::new(ask.after(&wanted)?);
    let mut found = applications::list_after(core, actor, &branch, after, wanted.rows + 1).await?;
    let goes_on = found.len() > wanted.rows;
    found.truncate(wanted.rows);
    let last = found.last().filter(|_| goes_on);
    let next = last.map(|it| cursor::write(core, &wanted.list, it.application.id.as_bytes()));
    Ok(answer::page(&found.iter().map(Shown::from).collect::<Vec<_>>(), next))
}

/// The application that the path names, and where it is.
async fn named(ask: &Ask) -> Result<(Branch, Listed), Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = ApplicationId::parse(ask.parameter("application"));
    let id = id.ok_or_else(|| Problem::of(Code::NotFound))?;
    let found = applications::one_of(&ask.core, &ask.bearer.actor, &branch, id).await?;
    Ok((branch, found))
}

/// As it is now.
async fn again(ask: &Ask, branch: &Branch, id: ApplicationId) -> Result<Listed, Problem> {
    Ok(applications::one_of(&ask.core, &ask.bearer.actor, branch, id).await?)
}

fn shown(listed: &Listed) -> Response {
    answer::one(&Shown::from(listed), listed.application.version)
}

fn key_of(listed: &Listed) -> (PoolId, ApplicationId) {
    (listed.application.pool, listed.application.id)
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    Ok(shown(&named(&ask).await?.1))
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(&["name", "app_id", "with_key", "trusted_server", "origins"])?;
    let new = new_application(&fields)?;
    let has_key = matches!(new.key, NewKey::Random);
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let made = match once {
        None => Done::Now(applications::create(core, caller, &bearer.actor, &branch, new).await?),
        Some(once) => applications::create_once(core, caller, &bearer.actor, &branch, new, once).await?,
    };
    let (id, key) = match made {
        Done::Now(made) => (made.application.id, made.key.map(|key| key.expose().to_owned())),
        Done::Before(id) if has_key => return Err(once::shown_once(id).into()),
        Done::Before(id) => (ApplicationId::new(id), None),
    };
    let made = again(&ask, &branch, id).await?;
    let at = format!("/tenants/{}/applications/{id}", branch.tenant().id);
    Ok(answer::made(&WithKey { application: Shown::from(&made), key }, made.application.version, &at))
}

fn new_application(fields: &Fields) -> Result<NewApplication, Problem> {
    let wrong = || Problem::of(Code::Invalid).field("app_id", "expected 4 to 64 of A-Z a-z 0-9 _ -");
    let app_id = fields.text("app_id")?.map(|text| AppId::parse(text).ok_or_else(wrong)).transpose()?;
    let with_key = fields.boolean("with_key")?.unwrap_or(true);
    Ok(NewApplication {
        name: fields.required_text("name")?.to_owned(),
        app_id,
        key: if with_key { NewKey::Random } else { NewKey::None },
        trusted_server: fields.boolean("trusted_server")?.unwrap_or(false),
        origins: texts(fields, "origins")?.unwrap_or_default(),
    })
}

async fn edit(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let fields = ask.fields(&["name", "trusted_server", "origins"])?;
    let changes = Changes {
        name: fields.text("name")?.map(str::to_owned),
        trusted_server: fields.boolean("trusted_server")?,
        origins: texts(&fields, "origins")?,
        expected: ask.expected()?,
    };
    let Ask { core, caller, bearer, .. } = &ask;
    let (pool, id) = key_of(&found);
    applications::edit(core, caller, &bearer.actor, pool, id, changes).await?;
    Ok(shown(&again(&ask, &branch, id).await?))
}

async fn turn(ask: Ask, disabled: bool) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    applications::set_disabled_version(core, caller, &bearer.actor, of, disabled, expected).await?;
    Ok(shown(&again(&ask, &branch, of.1).await?))
}

async fn rotate(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let overlap = overlap(&ask)?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    let key = applications::rotate_key_version(core, caller, &bearer.actor, of, overlap, expected).await?;
    let now = again(&ask, &branch, of.1).await?;
    let with_key = WithKey { application: Shown::from(&now), key: Some(key.expose().to_owned()) };
    Ok(answer::one(&with_key, now.application.version))
}

/// How long what is replaced stays good.
pub(crate) fn overlap(ask: &Ask) -> Result<Duration, Problem> {
    Ok(seconds(&ask.fields(&["overlap_seconds"])?, "overlap_seconds")?.unwrap_or_default())
}

async fn remove_key(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    applications::remove_key_version(core, caller, &bearer.actor, of, expected).await?;
    Ok(shown(&again(&ask, &branch, of.1).await?))
}

async fn end_previous(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    applications::end_previous_key(core, caller, &bearer.actor, of, expected).await?;
    Ok(shown(&again(&ask, &branch, of.1).await?))
}
