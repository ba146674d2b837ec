//! Tenants: the tree, a level at a time.

mod change;

use crate::answer;
use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, LIMIT, Parameter, Shape, moment, number, or_null, page, shape, text, truth, uuid, word,
};
use doorward_core::manage::Scope;
use doorward_core::{Branch, cursor, tenants};
use doorward_model::TenantId;
use doorward_web::{Response, StatusCode};
use http::Method;
use serde_json::{Value, json};

const PARENT: Parameter = Parameter {
    name: "parent",
    place: "query",
    doc: "Whose children; without it, the tops of what the token reaches",
    schema: uuid,
};
pub(crate) const TENANT: Shape = Shape { name: "Tenant", schema: Shown::schema };
const PAGE: Shape = Shape { name: "TenantPage", schema: || page("Tenant") };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let read = vec![Endpoint {
        method: Method::GET,
        path: "/tenants",
        scope: Scope::TenantsRead,
        name: "listTenants",
        tag: "Tenants",
        doc: "The tenants a token reaches, or those right below one of them, by number",
        parameters: &[PARENT, LIMIT, CURSOR],
        body: None,
        status: StatusCode::OK,
        answer: PAGE,
        handler: |ask| Box::pin(list(ask)),
    }];
    read.into_iter().chain(change::endpoints()).collect()
}

shape! {
    /// A tenant.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The tenant above; null at the top of a tree"]
        parent: Option<String> = or_null(uuid()),
        #[doc = "The sub-domain label"]
        slug: String = text(),
        #[doc = "The number clients know it by"]
        number: i64 = number(),
        #[doc = "What people read"]
        display_name: String = text(),
        #[doc = "Whether its people may sign in"]
        status: &'static str = word(&["active", "suspended", "deleted"]),
        #[doc = "Whether they may after all: it and everything above is active"]
        open: bool = truth(),
        #[doc = "The home region of the tree; null below its top, and where there are no regions"]
        region: Option<String> = or_null(text()),
        #[doc = "Facts that doors print, by their own names"]
        profile: serde_json::Map<String, Value> = facts(),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it last changed"]
        modified_at: String = moment(),
    }
}

fn facts() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

fn shown(branch: &Branch) -> Response {
    answer::one(&Shown::from(branch), branch.tenant().version)
}

impl From<&Branch> for Shown {
    fn from(branch: &Branch) -> Self {
        let tenant = branch.tenant();
        Self {
            id: tenant.id.to_string(),
            parent: tenant.parent.map(|parent| parent.to_string()),
            slug: tenant.slug.to_string(),
            number: tenant.number.get(),
            display_name: tenant.display_name.clone(),
            status: tenant.status.as_str(),
            open: branch.is_open(),
            region: tenant.region.as_ref().map(|code| code.as_str().to_owned()),
            profile: tenant.profile.iter().map(|(name, fact)| (name.clone(), fact.clone().into())).collect(),
            version: tenant.version,
            created_at: tenant.created_at.civil().to_string(),
            modified_at: tenant.modified_at.civil().to_string(),
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(&["parent", "limit", "cursor"])?;
    let parent = query.text("parent")?;
    let wanted = ask.wanted(&query, parent.unwrap_or_default())?;
    let after = wanted.place.as_deref().map_or(Ok(0), number_of)?;
    let (core, actor, more) = (&ask.core, &ask.bearer.actor, wanted.rows + 1);
    let mut found = match parent {
        None => tenants::list_tops(core, actor, after, more).await?,
        Some(parent) => {
            let id = TenantId::parse(parent)
                .ok_or_else(|| Problem::of(Code::Invalid).field("parent", "expected an id"))?;
            let branch = tenants::reached(core, actor, id).await?;
            tenants::list_children_after(core, actor, &branch, after, more).await?
        }
    };
    let goes_on = found.len() > wanted.rows;
    found.truncate(wanted.rows);
    let last = found.last().filter(|_| goes_on).map(|branch| branch.tenant().number.get());
    let next = last.map(|number| cursor::write(core, &wanted.list, &number.to_be_bytes()));
    Ok(answer::page(&found.iter().map(Shown::from).collect::<Vec<_>>(), next))
}

fn number_of(place: &[u8]) -> Result<i64, Problem> {
    let bytes =
        place.try_into().map_err(|_| Problem::of(Code::Invalid).field("cursor", "not of this list"))?;
    Ok(i64::from_be_bytes(bytes))
}
