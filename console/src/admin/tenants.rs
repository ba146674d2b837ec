//! The list of tenants, and making one.

use super::frame::{Frame, Room};
use super::once;
use super::trouble::status;
use super::trouble::{Page, mendable};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use doorward_core::browser::Visitor;
use doorward_core::once::Done;
use doorward_core::tenants::{self, NewTenant};
use doorward_core::{Branch, Error};
use doorward_model::{CompanyNumber, Policy, RegionCode, Slug, TenantId, TenantStatus};
use doorward_web::{Response, StatusCode};

/// Rows of a page.
const ROWS: usize = 50;

pub(super) struct Row {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) number: i64,
    pub(super) is_suspended: bool,
}

impl Row {
    pub(super) fn of(branch: &Branch) -> Self {
        let tenant = branch.tenant();
        Self {
            href: format!("/console/tenants/{}", tenant.id),
            name: tenant.display_name.clone(),
            slug: tenant.slug.to_string(),
            number: tenant.number.get(),
            is_suspended: tenant.status == TenantStatus::Suspended,
        }
    }
}

#[derive(Template)]
#[template(path = "console/tenants.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    /// Behind which number the list goes on.
    next: Option<i64>,
    is_operator: bool,
}

/// The tops of what the visitor reaches.
pub(crate) async fn list(viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let after = viewing.read("after").unwrap_or(0);
    let mut found = tenants::list_tops(&visit.core, &visit.actor(), after, ROWS + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.tenant().number.get());
    let list = List {
        frame: Frame::of(visit, Room::Tenants, "Tenants").saying(viewing.text("done")),
        rows: found.iter().map(Row::of).collect(),
        next,
        is_operator: is_operator(visit),
    };
    Ok(render(StatusCode::OK, &list))
}

fn is_operator(visit: &Visit) -> bool {
    match visit.visitor {
        Visitor::Operator(_) => true,
        Visitor::Person(_) => false,
    }
}

#[derive(Template)]
#[template(path = "console/new_tenant.html")]
struct New<'a> {
    frame: Frame,
    parent: Option<(String, String)>,
    display_name: &'a str,
    slug: &'a str,
    number: &'a str,
    region: &'a str,
    problem: Option<String>,
}

/// The tenant below which one is made, if its id is given.
async fn parent(visit: &Visit, id: Option<&str>) -> Result<Option<Branch>, Error> {
    let Some(id) = id else { return Ok(None) };
    let id = TenantId::parse(id).ok_or(Error::NotFound)?;
    tenants::administered(&visit.core, &visit.actor(), id).await.map(Some)
}

fn form(visit: &Visit, parent: Option<&Branch>, typed: [&str; 4], problem: Option<String>) -> Response {
    let [display_name, slug, number, region] = typed;
    let status = status(&problem);
    let title = if parent.is_some() { "A tenant below" } else { "A new tenant" };
    let parent = parent.map(|it| (it.tenant().id.to_string(), it.tenant().display_name.clone()));
    let frame = Frame::of(visit, Room::Tenants, title);
    render(status, &New { frame, parent, display_name, slug, number, region, problem })
}

pub(crate) async fn new(viewing: Viewing) -> Page {
    let parent = parent(&viewing.visit, viewing.text("parent")).await?;
    if parent.is_none() && !is_operator(&viewing.visit) {
        return Err(Error::NotAllowed.into());
    }
    Ok(form(&viewing.visit, parent.as_ref(), ["", "", "", ""], None))
}

pub(crate) async fn create(posted: Posted) -> Page {
    let visit = &posted.visit;
    let parent = parent(visit, posted.given("parent")).await?;
    let typed = FIELDS.map(|name| posted.text(name));
    let made = match read(parent.as_ref(), typed) {
        Ok(new) => make(&posted, new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => Ok(see_other(&format!("/console/tenants/{id}?done=made"))),
        Err(error) => Ok(form(visit, parent.as_ref(), typed, Some(mendable(error)?))),
    }
}

/// The fields of a new tenant; what it is below of is another.
const FIELDS: [&str; 4] = ["display_name", "slug", "number", "region"];

async fn make(posted: &Posted, new: NewTenant) -> Result<TenantId, Error> {
    let visit = &posted.visit;
    let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
    let [name, slug, number, region] = FIELDS;
    let made = match once::of(posted, &["parent", name, slug, number, region]) {
        Some(once) => tenants::create_once(core, caller, &actor, new, once).await?,
        None => Done::Now(tenants::create(core, caller, &actor, new).await?),
    };
    Ok(match made {
        Done::Now(branch) => branch.tenant().id,
        Done::Before(id) => TenantId::new(id),
    })
}

fn read(parent: Option<&Branch>, [name, slug, number, region]: [&str; 4]) -> Result<NewTenant, Error> {
    let number = match number {
        "" => None,
        text => {
            let number = text.parse().ok().and_then(|number| CompanyNumber::new(number).ok());
            Some(number.ok_or_else(|| Error::invalid("number", "expected a whole number, or nothing"))?)
        }
    };
    let region = match region {
        "" => None,
        text => {
            Some(RegionCode::parse(text).ok_or_else(|| Error::invalid("region", "there is no such code"))?)
        }
    };
    Ok(NewTenant {
        parent: parent.map(|it| (it.pool(), it.tenant().id)),
        slug: Slug::parse(slug).map_err(|error| Error::invalid("short_name", error.to_string()))?,
        number,
        display_name: name.to_owned(),
        region,
        policy: Policy::default(),
        profile: Vec::new(),
    })
}
