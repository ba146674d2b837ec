//! Companies: one, its children, and changing it.

use crate::auth::Guest;
use crate::hal::{self, Link, Page};
use crate::links::Links;
use crate::{reach, wire};
use doorward_core::tenants::{self, TenantChanges};
use doorward_core::{Branch, Error};
use doorward_model::{Role, TenantStatus};
use doorward_web::{Call, Refusal, Response, StatusCode};
use serde_json::{Map, Value, json};

/// Facts of a company that clients read and its administrators may write, by the vendor's names. Nothing decides on
/// them, but `timezone` is the clock by which the company's people are told times (`doorward_core::zone`).
const FACTS: [&str; 9] = [
    "description",
    "website",
    "timezone",
    "currency_code",
    "country_code",
    "locale",
    "telephone",
    "address",
    "reference",
];
/// Longest fact: a paragraph.
const FACT_CHARS: usize = 2_000;

pub(crate) async fn show(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let branch = reach::company(&call, &guest, call.path("id")).await?;
    Ok(hal::answer(&call, StatusCode::OK, &Value::Object(public(&Links::of(&call), &guest, &branch))))
}

pub(crate) async fn children(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let branch = reach::company(&call, &guest, call.path("id")).await?;
    let page = Page::wanted(&call)?;
    let below = tenants::list_children(&call.core, &branch, page.part()).await?;
    let links = Links::of(&call);
    let href = links.children(branch.tenant().number);
    let render = |child: &Branch| Value::Object(public(&links, &guest, child));
    let more = [("parent", links.company(branch.tenant().number))];
    let list = page.list("companies", &href, &below, &more, render);
    Ok(hal::answer(&call, StatusCode::OK, &list))
}

pub(crate) async fn administer(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, role) = reach::as_administrator(&call, &guest).await?;
    Ok(hal::answer(&call, StatusCode::OK, &signed_in(&Links::of(&call), &guest, &branch, role)))
}

pub(crate) async fn update(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let (branch, role) = reach::administered(&call, &guest).await?;
    let body = call.body().await?;
    let mut changes =
        TenantChanges { display_name: body.text("name")?.map(str::to_owned), ..TenantChanges::default() };
    for fact in FACTS {
        let Some(value) = body.value(fact)? else { continue };
        let text = body.text(fact)?.filter(|_| !value.is_null() && value != "");
        if text.is_some_and(|text| text.chars().count() > FACT_CHARS) {
            return Err(Refusal::invalid(fact, format!("expected at most {FACT_CHARS} characters")));
        }
        changes.profile.push((fact.to_owned(), text.map(str::to_owned)));
    }
    let actor = reach::actor(&guest)?;
    let changed = tenants::edit(&call.core, &call.caller, &actor, &branch, changes).await;
    let changed = changed.map_err(in_its_words)?;
    Ok(hal::answer(&call, StatusCode::OK, &signed_in(&Links::of(&call), &guest, &changed, role)))
}

/// A company's `name` is the core's `display_name`.
fn in_its_words(error: Error) -> Refusal {
    if let Error::Invalid { field: "display_name", problem } = error {
        return Refusal::invalid("name", problem);
    }
    error.into()
}

/// A company as anybody with an application sees it.
fn public(links: &Links, guest: &Guest, branch: &Branch) -> Map<String, Value> {
    let tenant = branch.tenant();
    let mut body = Map::new();
    let mut add = |name: &str, value: Value| body.insert(name.to_owned(), value);
    add("id", json!(tenant.number.get()));
    add("name", json!(tenant.display_name));
    add("subdomain", json!(tenant.slug.as_str()));
    add("live", json!(tenant.status == TenantStatus::Active));
    for fact in FACTS {
        add(fact, json!(branch.profile(fact)));
    }
    add("created_at", json!(wire::time(tenant.created_at)));
    add("updated_at", json!(wire::time(tenant.modified_at)));
    add("_links", Value::Object(rels(links, guest, branch)));
    body
}

fn rels(links: &Links, guest: &Guest, branch: &Branch) -> Map<String, Value> {
    let number = branch.tenant().number;
    let mut rels = Map::new();
    let mut add = |rel: &str, href: String| rels.insert(rel.to_owned(), json!(Link::to(href)));
    add("self", links.company(number));
    // What lies above the application's own company is not there for it.
    if let Some(parent) = branch.parent().filter(|_| guest.application.tenant != branch.tenant().id) {
        add("parent", links.company(parent.number));
    }
    add("children", links.children(number));
    rels
}

/// A company as whoever is signed in to it sees it: with the ways that their role may go.
fn signed_in(links: &Links, guest: &Guest, branch: &Branch, role: Role) -> Value {
    let number = branch.tenant().number;
    let mut body = public(links, guest, branch);
    if let Some(Value::Object(rels)) = body.get_mut("_links") {
        let mut add = |rel: &str, href: String| rels.insert(rel.to_owned(), json!(Link::to(href)));
        add("self", links.administered_company(number));
        add("login", links.login(number, None));
        if role.administers() {
            add("administrators", links.administrators(number));
            add("new_administrator", format!("{}/new", links.administrators(number)));
        }
    }
    Value::Object(body)
}
