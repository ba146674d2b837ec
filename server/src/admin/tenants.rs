//! `doorward tenant …` carried out.

use super::Desk;
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::{card, table};
use crate::cli::Failure;
use crate::cli::tenant::Action;
use doorward_core::tenants::{self, NewTenant, TenantChanges};
use doorward_core::{Branch, Error};
use doorward_model::{CompanyNumber, Policy, PoolId, RegionCode, Slug, Tenant, TenantId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    let said = |slug: &str| format!("tenant {slug}");
    match action {
        Action::List { below } => list(desk, below.as_deref()).await,
        Action::Show { slug } => Ok(one(&find(desk, &slug).await?)),
        Action::Create { slug, name, parent, number, region } => {
            let parent = match &parent {
                Some(parent) => Some(find(desk, parent).await?),
                None => None,
            };
            let wanted = self::slug(&slug)?;
            let new = NewTenant {
                parent: parent.map(|branch| (branch.pool(), branch.tenant().id)),
                display_name: name.unwrap_or_else(|| wanted.to_string()),
                slug: wanted,
                number: number.map(self::number).transpose()?,
                region: region.as_deref().map(self::region).transpose()?,
                policy: Policy::default(),
                profile: Vec::new(),
            };
            let made = tenants::create(core, caller, actor, new).await;
            made.map(|branch| one(&branch)).map_err(|error| sentence(error, &said(&slug)))
        }
        Action::Edit { slug, name, region } => {
            let branch = find(desk, &slug).await?;
            let region = region.as_deref().map(self::region).transpose()?;
            let changes = TenantChanges { display_name: name, region, ..TenantChanges::default() };
            let edited = tenants::edit(core, caller, actor, &branch, changes).await;
            edited.map(|branch| one(&branch)).map_err(|error| sentence(error, &said(&slug)))
        }
        Action::Brand { slug, name, colour, logo, no_logo } => {
            brand(
                desk,
                &slug,
                (name, colour),
                logo.map(|logo| Some(logo.bytes())).or(no_logo.then_some(None)),
            )
            .await
        }
        Action::Move { slug, under } => {
            let (branch, parent) = (find(desk, &slug).await?, find(desk, &under).await?);
            if branch.pool() != parent.pool() {
                return Err(Failure::new(format!("{under} is the top of, or in, another tree than {slug}.")));
            }
            let moved = tenants::move_under(core, caller, actor, &branch, &parent).await;
            moved.map(|branch| one(&branch)).map_err(|error| sentence(error, &said(&slug)))
        }
        Action::Suspend { slug } => {
            let branch = find(desk, &slug).await?;
            closed(
                tenants::suspend(core, caller, actor, &branch).await,
                &slug,
                "is suspended; sessions there ended",
            )
        }
        Action::Resume { slug } => {
            let branch = find(desk, &slug).await?;
            closed(tenants::resume(core, caller, actor, &branch).await, &slug, "is open again")
        }
        Action::Delete { slug } => {
            let branch = find(desk, &slug).await?;
            closed(tenants::delete(core, caller, actor, &branch).await, &slug, "is deleted")
        }
    }
}

/// Changes how a tenant's pages look; a picture of `None` is taken away.
async fn brand(
    desk: &Desk<'_>,
    slug: &str,
    (name, colour): (Option<String>, Option<String>),
    logo: Option<Option<Vec<u8>>>,
) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    let refused = |error| sentence(error, &format!("tenant {slug}"));
    let branch = find(desk, slug).await?;
    let profile = tenants::brand::facts(name.as_deref(), colour.as_deref()).map_err(refused)?;
    let changes = TenantChanges { profile, ..TenantChanges::default() };
    tenants::edit(core, caller, actor, &branch, changes).await.map_err(refused)?;
    if let Some(logo) = logo {
        tenants::set_logo(core, caller, actor, &branch, logo, None).await.map_err(refused)?;
    }
    Ok(one(&find(desk, slug).await?))
}

/// The tenant of a slug.
pub(super) async fn find(desk: &Desk<'_>, text: &str) -> Result<Branch, Failure> {
    let found = tenants::by_slug(desk.core, &slug(text)?).await;
    found.map_err(|error| sentence(error, &format!("tenant {text}")))
}

/// How tenants are named to people, by their ids. One that is deleted has no name any more.
pub(super) struct Slugs(BTreeMap<TenantId, Slug>);

impl Slugs {
    pub(super) fn of(&self, tenant: TenantId) -> Option<&str> {
        self.0.get(&tenant).map(Slug::as_str)
    }

    /// For a cell of a table.
    pub(super) fn cell(&self, tenant: TenantId) -> String {
        self.of(tenant).unwrap_or_default().to_owned()
    }
}

/// The slugs of a tenant and everything below it.
pub(super) async fn slugs_below(desk: &Desk<'_>, top: &Branch) -> Result<Slugs, Failure> {
    let listed =
        tenants::list_subtree(desk.core, top).await.map_err(|error| sentence(error, "such tenant"))?;
    Ok(Slugs(listed.into_iter().map(|tenant| (tenant.id, tenant.slug)).collect()))
}

/// The slug of one tenant.
pub(super) async fn slug_of(desk: &Desk<'_>, pool: PoolId, tenant: TenantId) -> Result<Slugs, Failure> {
    let found = match tenants::by_id(desk.core, pool, tenant).await {
        Ok(branch) => Some((tenant, branch.tenant().slug.clone())),
        Err(Error::NotFound) => None,
        Err(error) => return Err(sentence(error, "such tenant")),
    };
    Ok(Slugs(found.into_iter().collect()))
}

async fn list(desk: &Desk<'_>, below: Option<&str>) -> Result<Answer, Failure> {
    let refused = |error| sentence(error, "such tenant");
    let tops = match below {
        Some(slug) => vec![find(desk, slug).await?],
        None => tenants::list_roots(desk.core, &desk.actor).await.map_err(refused)?,
    };
    let mut all = Vec::new();
    for top in &tops {
        all.extend(tenants::list_subtree(desk.core, top).await.map_err(refused)?);
    }
    let parent =
        |tenant: &Tenant| all.iter().find(|above| Some(above.id) == tenant.parent).map(|it| it.slug.as_str());
    let rows: Vec<[String; 5]> = all.iter().map(|tenant| row(tenant, parent(tenant))).collect();
    let text = table(["slug", "number", "name", "status", "below"], &rows, "There is no tenant yet.");
    let data = all.iter().map(|tenant| shown::tenant(tenant, parent(tenant))).collect::<Vec<Value>>();
    Ok(Answer { text, data: json!(data) })
}

fn row(tenant: &Tenant, parent: Option<&str>) -> [String; 5] {
    [
        tenant.slug.to_string(),
        tenant.number.to_string(),
        tenant.display_name.clone(),
        tenant.status.as_str().to_owned(),
        parent.unwrap_or_default().to_owned(),
    ]
}

fn one(branch: &Branch) -> Answer {
    let tenant = branch.tenant();
    let parent = branch.parent().map(|parent| parent.slug.as_str());
    let mut fields = vec![
        ("slug", tenant.slug.to_string()),
        ("number", tenant.number.to_string()),
        ("name", tenant.display_name.clone()),
        ("status", tenant.status.as_str().to_owned()),
        ("below", parent.unwrap_or_default().to_owned()),
        ("region", tenant.region.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default()),
        ("id", tenant.id.to_string()),
        ("made", short_time(tenant.created_at)),
    ];
    fields.extend(tenant.profile.iter().map(|(name, value)| (name.as_str(), value.clone())));
    Answer { text: card(&fields), data: shown::tenant(tenant, parent) }
}

fn closed(done: Result<(), Error>, slug: &str, what: &str) -> Result<Answer, Failure> {
    done.map_err(|error| sentence(error, &format!("tenant {slug}")))?;
    Ok(Answer { text: format!("{slug} {what}.\n"), data: json!({ "slug": slug, "done": true }) })
}

fn slug(text: &str) -> Result<Slug, Failure> {
    Slug::parse(text).map_err(|error| Failure::usage(format!("{text:?} is no tenant's slug: {error}.")))
}

fn number(number: i64) -> Result<CompanyNumber, Failure> {
    CompanyNumber::new(number).map_err(|error| Failure::usage(format!("--number: {error}.")))
}

fn region(text: &str) -> Result<RegionCode, Failure> {
    RegionCode::parse(text).ok_or_else(|| {
        Failure::usage(format!("{text:?} is no region's code: expected 2 to 16 of a-z, 0-9 and -."))
    })
}
