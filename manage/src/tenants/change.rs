//! One tenant: read, made, changed, moved, closed.

use super::{Shown, TENANT as SHOWN, shown};
use crate::answer;
use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    IDEMPOTENCY_KEY, IF_MATCH, Parameter, Shape, TENANT, line, number, object, or_null, uuid,
};
use doorward_core::manage::Scope;
use doorward_core::once::Done;
use doorward_core::tenants::{self, NewTenant, TenantChanges};
use doorward_core::{Branch, Core};
use doorward_model::{CompanyNumber, Policy, RegionCode, Slug, TenantId, TenantStatus};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};

/// Of a display name (core/src/tenants/edit.rs).
const NAME_CHARS: usize = 200;
/// Of a fact, and how many there may be (the same file).
const FACT_CHARS: usize = 2_000;
const FACTS: usize = 100;

const VERSION: &[Parameter] = &[TENANT, IF_MATCH];
const NEW: Shape = Shape { name: "NewTenant", schema: new_schema };
const CHANGES: Shape = Shape { name: "TenantChanges", schema: changes_schema };
const PARENT: Shape = Shape { name: "TenantParent", schema: parent_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/tenants/{id}",
    scope: Scope::TenantsWrite,
    name: "",
    tag: "Tenants",
    doc: "",
    parameters: VERSION,
    body: None,
    status: StatusCode::OK,
    answer: SHOWN,
    handler: |ask| Box::pin(get(ask)),
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            path: "/tenants",
            name: "createTenant",
            doc: "Makes a tenant below another, or the top of a new tree, which an operator's token with the scope `manage` \
                  may",
            parameters: &[IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            handler: |ask| Box::pin(create(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::GET,
            scope: Scope::TenantsRead,
            name: "getTenant",
            doc: "One tenant",
            parameters: &[TENANT],
            ..BASE
        },
        Endpoint {
            method: Method::PATCH,
            name: "changeTenant",
            doc: "Changes what a tenant says of itself; what is not sent stays. The region is an operator's to change",
            body: Some(CHANGES),
            handler: |ask| Box::pin(edit(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::PUT,
            path: "/tenants/{id}/parent",
            name: "moveTenant",
            doc: "Moves a tenant with everything below it under another parent of its tree",
            body: Some(PARENT),
            handler: |ask| Box::pin(relocate(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/suspend",
            name: "suspendTenant",
            doc: "Closes a tenant and everything below it: sessions end, keys are refused, nobody signs in",
            handler: |ask| Box::pin(turn(ask, TenantStatus::Suspended)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/resume",
            name: "resumeTenant",
            doc: "Opens a suspended tenant again; its people sign in anew",
            handler: |ask| Box::pin(turn(ask, TenantStatus::Active)),
            ..BASE
        },
        Endpoint {
            method: Method::DELETE,
            name: "deleteTenant",
            doc: "Deletes a tenant and everything below it for good; its slug and number are never given to another",
            handler: |ask| Box::pin(turn(ask, TenantStatus::Deleted)),
            ..BASE
        },
    ]
}

fn display_name() -> Value {
    let mut name = line(NAME_CHARS);
    if let Some(fields) = name.as_object_mut() {
        fields.insert(
            "pattern".to_owned(),
            r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$".into(),
        );
    }
    name
}

fn facts(fact: Value) -> Value {
    let name = json!({ "maxLength": FACT_CHARS });
    json!({ "type": "object", "propertyNames": name, "maxProperties": FACTS, "additionalProperties": fact })
}

fn fact() -> Value {
    json!({ "type": "string", "maxLength": FACT_CHARS })
}

fn region() -> Value {
    json!({ "type": "string" })
}

fn new_schema() -> Value {
    let slug = json!({ "type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$" });
    object(
        &["slug", "display_name"],
        &[
            ("parent", "The tenant above; without it a new tree is made", or_null(uuid())),
            ("slug", "The sub-domain label; nobody else's in the installation", slug),
            ("number", "The number clients know it by; the next free one unless said", or_null(number())),
            ("display_name", "What people read", display_name()),
            ("region", "The home region, by its code; of a new tree only", or_null(region())),
            ("profile", "Facts that doors print, by their own names", or_null(facts(fact()))),
        ],
    )
}

fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("display_name", "What people read", display_name()),
            ("region", "The home region of the tree, by its code; at the top only", region()),
            ("profile", "Facts by name: each is set, null removes it, others stay", facts(or_null(fact()))),
        ],
    )
}

fn parent_schema() -> Value {
    object(&["parent"], &[("parent", "The tenant that will be above", uuid())])
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    Ok(shown(&branch))
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    ask.query(&[])?;
    let fields = ask.fields(&["parent", "slug", "number", "display_name", "region", "profile"])?;
    let parent = match fields.text("parent")? {
        Some(_) => Some(parent_of(&ask, &fields).await?),
        None => None,
    };
    let wrong = |field: &str, problem: String| Problem::of(Code::Invalid).field(field, problem);
    let slug =
        Slug::parse(fields.required_text("slug")?).map_err(|fault| wrong("slug", fault.to_string()))?;
    let number = fields.integer("number")?.map(CompanyNumber::new).transpose();
    let number = number.map_err(|fault| wrong("number", fault.to_string()))?;
    let profile = facts_of(&fields)?.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
    let new = NewTenant {
        parent: parent.map(|parent| (parent.pool(), parent.tenant().id)),
        slug,
        number,
        display_name: fields.required_text("display_name")?.to_owned(),
        region: region_of(&fields)?,
        policy: Policy::default(),
        profile,
    };
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let made = match once {
        None => tenants::create(core, caller, &bearer.actor, new).await?,
        Some(once) => match tenants::create_once(core, caller, &bearer.actor, new, once).await? {
            Done::Now(made) => made,
            Done::Before(id) => reached(&ask, TenantId::new(id)).await?,
        },
    };
    let tenant = made.tenant();
    Ok(answer::made(&Shown::from(&made), tenant.version, &format!("/tenants/{}", tenant.id)))
}

async fn edit(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(&["display_name", "region", "profile"])?;
    let display_name = match fields.value("display_name")? {
        Some(_) => Some(fields.required_text("display_name")?.to_owned()),
        None => None,
    };
    let changes = TenantChanges {
        display_name,
        region: region_of(&fields)?,
        profile: facts_of(&fields)?,
        expected: ask.expected()?,
        ..TenantChanges::default()
    };
    let Ask { core, caller, bearer, .. } = &ask;
    Ok(shown(&tenants::edit(core, caller, &bearer.actor, &branch, changes).await?))
}

async fn relocate(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(&["parent"])?;
    fields.required_text("parent")?;
    let (parent, expected) = (parent_of(&ask, &fields).await?, ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    let moved = tenants::move_version(core, caller, &bearer.actor, &branch, &parent, expected).await?;
    Ok(shown(&moved))
}

async fn turn(ask: Ask, status: TenantStatus) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let expected = ask.expected()?;
    let Ask { core, caller, bearer, .. } = &ask;
    tenants::set_status(core, caller, &bearer.actor, &branch, status, expected).await?;
    match status {
        // Nobody reads it any more: this is the last of it.
        TenantStatus::Deleted => {
            let last = Shown { status: status.as_str(), open: false, ..Shown::from(&branch) };
            Ok(answer::one(&last, branch.tenant().version + 1))
        }
        TenantStatus::Active | TenantStatus::Suspended => Ok(shown(&again(core, &branch).await?)),
    }
}

/// As it is now; whoever closed their own tenant may still read that.
async fn again(core: &Core, branch: &Branch) -> Result<Branch, Problem> {
    Ok(tenants::by_id(core, branch.pool(), branch.tenant().id).await?)
}

async fn reached(ask: &Ask, id: TenantId) -> Result<Branch, Problem> {
    Ok(tenants::reached(&ask.core, &ask.bearer.actor, id).await?)
}

async fn parent_of(ask: &Ask, fields: &Fields) -> Result<Branch, Problem> {
    let id = TenantId::parse(fields.text("parent")?.unwrap_or_default());
    let id = id.ok_or_else(|| Problem::of(Code::Invalid).field("parent", "expected an id"))?;
    reached(ask, id).await
}

fn region_of(fields: &Fields) -> Result<Option<RegionCode>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field("region", "expected the code of a region");
    fields.text("region")?.map(|text| RegionCode::parse(text).ok_or_else(wrong)).transpose()
}

/// Facts by name; `None` removes one.
fn facts_of(fields: &Fields) -> Result<Vec<(String, Option<String>)>, Problem> {
    let Some(sent) = fields.object("profile")? else { return Ok(Vec::new()) };
    let fact = |(name, value): (&String, &Value)| match value {
        Value::Null => Ok((name.clone(), None)),
        Value::String(text) => Ok((name.clone(), Some(text.clone()))),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(Problem::of(Code::Invalid).field("profile", "expected texts by name"))
        }
    };
    sent.iter().map(fact).collect()
}
