//! Doors: where dialects are mounted.

use crate::answer;
use crate::ask::{Ask, texts};
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IF_MATCH, LIMIT, Parameter, Shape, TENANT, line, object, or_null, page, shape, text, uuid,
    version, word,
};
use doorward_core::installation::{self, DoorWish};
use doorward_core::manage::Scope;
use doorward_core::{Keyed, cursor};
use doorward_model::{Dialect, Door, DoorId, DoorSettings, HostPattern, RegionCode, TenantId};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// As core/src/installation/doors.rs has them.
const NAME_CHARS: usize = 100;
const URL_CHARS: usize = 500;
const ORIGINS: usize = 100;

/// What `model::HostPattern::parse` takes, but for the length of the whole.
const HOST: &str = r"^(\{slug\}\.)?[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";

pub(crate) const ID: Parameter =
    Parameter { name: "door", place: "path", doc: "The door's id", schema: uuid };
pub(crate) const DOOR: Shape = Shape { name: "Door", schema: Shown::schema };
const PAGE: Shape = Shape { name: "DoorPage", schema: || page("Door") };
const NEW: Shape = Shape { name: "NewDoor", schema: new_schema };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |method, path, name, doc, parameters, answer, handler| Endpoint {
        scope: if method == Method::GET { Scope::DoorsRead } else { Scope::DoorsWrite },
        method,
        path,
        name,
        tag: "Doors",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    };
    vec![
        of(
            Method::GET,
            "/tenants/{id}/doors",
            "listDoorsOfTenant",
            "The doors that lead to a tenant or to one below it: bound to it, to one above or below, or to none",
            &[TENANT, LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list_of_tenant(ask)),
        ),
        of(
            Method::GET,
            "/doors",
            "listDoors",
            "Every door, in the order in which they were made; operators only",
            &[LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        Endpoint {
            body: Some(NEW),
            status: StatusCode::CREATED,
            ..of(
                Method::POST,
                "/doors",
                "createDoor",
                "Makes a door and opens it at once; operators only",
                &[],
                DOOR,
                |ask| Box::pin(create(ask)),
            )
        },
        of(Method::GET, "/doors/{door}", "getDoor", "One door; operators only", &[ID], DOOR, |ask| {
            Box::pin(get(ask))
        }),
        Endpoint {
            body: Some(NEW),
            ..of(
                Method::PUT,
                "/doors/{door}",
                "replaceDoor",
                "Makes a door another one than it was, in everything but its id; operators only",
                &[ID, IF_MATCH],
                DOOR,
                |ask| Box::pin(replace(ask)),
            )
        },
        of(
            Method::DELETE,
            "/doors/{door}",
            "deleteDoor",
            "Takes a door away, and answers what it was; operators only",
            &[ID, IF_MATCH],
            DOOR,
            |ask| Box::pin(remove(ask)),
        ),
    ]
}

shape! {
    /// A door.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "What people read"]
        name: String = text(),
        #[doc = "Which hosts lead here; `{slug}` stands for a tenant's"]
        host: String = text(),
        #[doc = "What printed URLs begin with"]
        base_url: String = text(),
        #[doc = "What is spoken"]
        dialect: &'static str = dialects(),
        #[doc = "The one tenant behind it"]
        tenant: Option<String> = or_null(uuid()),
        #[doc = "RubiCRM: whether the API key is required"]
        require_api_key: bool = json!({ "type": "boolean" }),
        #[doc = "LeadSquared: which region's host this is"]
        region: Option<String> = or_null(text()),
        #[doc = "SalesSeek: what the cookie is called"]
        cookie_name: Option<String> = or_null(text()),
        #[doc = "Origins that may call from a browser, beside the tenants' and applications' own"]
        origins: Vec<String> = json!({ "type": "array", "items": text() }),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = version(),
    }
}

fn dialects() -> Value {
    word(&Dialect::ALL.map(Dialect::as_str))
}

const FIELDS: [&str; 9] =
    ["name", "host", "base_url", "dialect", "tenant", "require_api_key", "region", "cookie_name", "origins"];

fn new_schema() -> Value {
    let matching =
        |pattern: &str, most: usize| json!({ "type": "string", "pattern": pattern, "maxLength": most });
    let origins = json!({ "type": "array", "maxItems": ORIGINS, "items": { "type": "string", "pattern": "^https?://" } });
    object(
        &["name", "host", "base_url", "dialect"],
        &[
            ("name", "What people read; each once", line(NAME_CHARS)),
            ("host", "Which hosts lead here; `{slug}.` in front stands for a tenant's", matching(HOST, 253)),
            (
                "base_url",
                "What printed URLs begin with; with `{slug}` where the host has it",
                matching("^https?://", URL_CHARS),
            ),
            ("dialect", "What is spoken", dialects()),
            ("tenant", "The one tenant behind it", or_null(uuid())),
            (
                "require_api_key",
                "RubiCRM: whether the API key is required; it is unless said",
                or_null(json!({ "type": "boolean" })),
            ),
            (
                "region",
                "LeadSquared: which region's host this is",
                or_null(matching("^[a-z0-9-]{2,16}$", 16)),
            ),
            (
                "cookie_name",
                "SalesSeek: what the cookie is called",
                or_null(matching("^[A-Za-z0-9_-]{1,64}$", 64)),
            ),
            (
                "origins",
                "Origins that may call from a browser, beside the tenants' and applications' own",
                or_null(origins),
            ),
        ],
    )
}

impl From<&Door> for Shown {
    fn from(door: &Door) -> Self {
        let DoorSettings { require_api_key, region, cookie_name, origins } = door.settings.clone();
        Self {
            id: door.id.to_string(),
            name: door.name.clone(),
            host: door.host.to_string(),
            base_url: door.base_url.clone(),
            dialect: door.dialect.as_str(),
            tenant: door.tenant.map(|(_, tenant)| tenant.to_string()),
            require_api_key,
            region: region.map(|code| code.as_str().to_owned()),
            cookie_name,
            origins,
            version: door.version,
        }
    }
}

async fn list_of_tenant(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let after = wanted.place.as_deref().map(place).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = installation::list_doors_to(core, actor, &branch, after, wanted.rows).await?;
    Ok(answered(&ask, &wanted.list, &found))
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let after = wanted.place.as_deref().map(place).transpose()?;
    let found = installation::list_doors(&ask.core, &ask.bearer.actor, after, wanted.rows).await?;
    Ok(answered(&ask, &wanted.list, &found))
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let wish = wish(&ask.fields(&FIELDS)?)?;
    let made = installation::create_door(&ask.core, &ask.caller, &ask.bearer.actor, wish).await?;
    Ok(answer::made(&Shown::from(&made), made.version, &format!("/doors/{}", made.id)))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let found = installation::door(&ask.core, &ask.bearer.actor, id(&ask)?).await?;
    Ok(shown(&found))
}

async fn replace(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let (id, wish) = (id(&ask)?, wish(&ask.fields(&FIELDS)?)?);
    let expected = ask.expected()?;
    let Ask { core, caller, bearer, .. } = &ask;
    Ok(shown(&installation::change_door(core, caller, &bearer.actor, id, wish, expected).await?))
}

async fn remove(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let (id, expected) = (id(&ask)?, ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    Ok(shown(&installation::remove_door(core, caller, &bearer.actor, id, expected).await?))
}

fn shown(door: &Door) -> Response {
    answer::one(&Shown::from(door), door.version)
}

fn wish(fields: &Fields) -> Result<DoorWish, Problem> {
    let wrong = |field: &str, problem: String| Problem::of(Code::Invalid).field(field, problem);
    let host = fields.required_text("host")?;
    let host = HostPattern::parse(host).map_err(|fault| wrong("host", fault.to_string()))?;
    let dialects = Dialect::ALL.map(Dialect::as_str).join(", ");
    let dialect = Dialect::parse(fields.required_text("dialect")?)
        .ok_or_else(|| wrong("dialect", format!("expected one of {dialects}")))?;
    let tenant = fields.text("tenant")?;
    let tenant =
        tenant.map(|id| TenantId::parse(id).ok_or_else(|| wrong("tenant", "expected an id".to_owned())));
    let region = fields.text("region")?;
    let region = region
        .map(|code| RegionCode::parse(code).ok_or_else(|| wrong("region", "expected a code".to_owned())));
    Ok(DoorWish {
        name: fields.required_text("name")?.to_owned(),
        host,
        base_url: fields.required_text("base_url")?.to_owned(),
        dialect,
        tenant: tenant.transpose()?,
        settings: DoorSettings {
            require_api_key: fields.boolean("require_api_key")?.unwrap_or(true),
            region: region.transpose()?,
            cookie_name: fields.text("cookie_name")?.map(str::to_owned),
            origins: texts(fields, "origins")?.unwrap_or_default(),
        },
    })
}

fn answered(ask: &Ask, list: &str, found: &Keyed<Door, DoorId>) -> Response {
    let next = found.next.map(|id| cursor::write(&ask.core, list, id.as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    answer::page(&items, next)
}

pub(crate) fn id(ask: &Ask) -> Result<DoorId, Problem> {
    DoorId::parse(ask.parameter("door")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn place(bytes: &[u8]) -> Result<DoorId, Problem> {
    Uuid::from_slice(bytes).map(DoorId::new).map_err(|_| Problem::other_list())
}
