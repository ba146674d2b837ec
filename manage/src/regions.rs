//! Regions: homes of pools, and the hosts of the services there.

use crate::answer;
use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{CURSOR, IF_MATCH, LIMIT, Parameter, Shape, line, object, page, shape, text, version};
use doorward_core::manage::Scope;
use doorward_core::{Error, Expected, cursor, installation};
use doorward_model::{Region, RegionCode};
use doorward_web::{Fields, Response, StatusCode};
use http::{Method, header};
use serde_json::{Map, Value, json};

/// As core/src/installation/regions.rs has them.
const NAME_CHARS: usize = 100;
const HOSTS: usize = 100;
const HOST_CHARS: usize = 500;

const CODE: Parameter = Parameter {
    name: "code",
    place: "path",
    doc: "The region's code",
    schema: || json!({ "type": "string", "pattern": "^[a-z0-9-]{2,16}$" }),
};
pub(crate) const REGION: Shape = Shape { name: "Region", schema: Shown::schema };
const PAGE: Shape = Shape { name: "RegionPage", schema: || page("Region") };
const SET: Shape = Shape { name: "SetRegion", schema: set_schema };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |path, name, doc, parameters, answer, handler| Endpoint {
        method: Method::GET,
        path,
        scope: Scope::RegionsRead,
        name,
        tag: "Regions",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    };
    vec![
        of(
            "/regions",
            "listRegions",
            "Every region, by code; operators only",
            &[LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        of("/regions/{code}", "getRegion", "One region; operators only", &[CODE], REGION, |ask| {
            Box::pin(get(ask))
        }),
        Endpoint {
            method: Method::PUT,
            scope: Scope::RegionsWrite,
            body: Some(SET),
            ..of(
                "/regions/{code}",
                "setRegion",
                "Makes a region, or makes the one of this code another one; operators only",
                &[CODE, IF_MATCH],
                REGION,
                |ask| Box::pin(set(ask)),
            )
        },
    ]
}

shape! {
    /// A region.
    Shown {
        #[doc = "The code"]
        code: String = text(),
        #[doc = "What people read"]
        name: String = text(),
        #[doc = "The host or address of each service there, by its name"]
        hosts: Map<String, Value> = json!({ "type": "object", "additionalProperties": text() }),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = version(),
    }
}

fn set_schema() -> Value {
    let mut name = line(NAME_CHARS);
    let mut host = line(HOST_CHARS);
    for schema in [&mut name, &mut host] {
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("minLength".to_owned(), 1.into());
        }
    }
    let hosts = json!({ "type": "object", "maxProperties": HOSTS, "additionalProperties": host });
    object(
        &["name", "hosts"],
        &[("name", "What people read", name), ("hosts", "The host or address of each service there", hosts)],
    )
}

impl From<&Region> for Shown {
    fn from(region: &Region) -> Self {
        Self {
            code: region.code.as_str().to_owned(),
            name: region.name.clone(),
            hosts: region
                .hosts
                .iter()
                .map(|(service, host)| (service.clone(), host.as_str().into()))
                .collect(),
            version: region.version,
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let after = wanted.place.as_deref().map(place).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = installation::list_regions_after(core, actor, after, wanted.rows).await?;
    let next = found.next.map(|code| cursor::write(core, &wanted.list, code.as_str().as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    Ok(answer::page(&items, next))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let region = installation::region_shown(&ask.core, &ask.bearer.actor, &code(&ask)?).await?;
    Ok(shown(&region))
}

async fn set(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let code = code(&ask);
    let fields = ask.fields(&["name", "hosts"])?;
    let region = Region {
        id: installation::region_id(core)?,
        code: code?,
        name: fields.required_text("name")?.to_owned(),
        hosts: hosts(&fields)?,
        version: 1,
    };
    let expected = expected(&ask, &region.code).await?;
    let set = installation::set_region(core, &ask.caller, actor, region, expected).await?;
    Ok(shown(&set))
}

fn shown(region: &Region) -> Response {
    answer::one(&Shown::from(region), region.version)
}

fn code(ask: &Ask) -> Result<RegionCode, Problem> {
    let wrong = || Problem::of(Code::Invalid).field("code", "expected 2 to 16 of a-z, 0-9 and hyphens");
    RegionCode::parse(ask.parameter("code")).ok_or_else(wrong)
}

/// The version the request is about. `*` is about whatever is there (RFC 9110 §13.1.1), and no region is ever taken away.
async fn expected(ask: &Ask, code: &RegionCode) -> Result<Expected, Problem> {
    let expected = ask.expected()?;
    if expected.is_none() && ask.head.headers.contains_key(header::IF_MATCH) {
        let there = installation::region_shown(&ask.core, &ask.bearer.actor, code).await;
        there
            .map_err(|it| if matches!(it, Error::NotFound) { Problem::of(Code::Stale) } else { it.into() })?;
    }
    Ok(expected)
}

fn hosts(fields: &Fields) -> Result<Vec<(String, String)>, Problem> {
    let refused = || Problem::of(Code::Invalid).field("hosts", "expected an object of texts");
    let hosts =
        fields.object("hosts")?.ok_or_else(|| Problem::of(Code::Invalid).field("hosts", "is required"))?;
    let text = |(service, host): (&String, &Value)| {
        host.as_str().map(|host| (service.clone(), host.to_owned())).ok_or_else(refused)
    };
    hosts.iter().map(text).collect()
}

fn place(bytes: &[u8]) -> Result<RegionCode, Problem> {
    let code = std::str::from_utf8(bytes).ok().and_then(RegionCode::parse);
    code.ok_or_else(Problem::other_list)
}
