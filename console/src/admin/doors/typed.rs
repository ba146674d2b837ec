//! What stands in the form of a door: as it was typed, as it is there, and the door that it asks for.

use crate::visit::{Posted, Visit};
use doorward_core::installation::DoorWish;
use doorward_core::{Error, tenants};
use doorward_model::{Dialect, Door, DoorSettings, HostPattern, RegionCode, Slug, TenantId};

/// What stands in the form.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) base_url: String,
    pub(super) dialect: String,
    pub(super) tenant: String,
    pub(super) region: String,
    pub(super) cookie_name: String,
    pub(super) origins: String,
    pub(super) needs_no_key: bool,
}

impl Typed {
    pub(super) fn of(posted: &Posted) -> Self {
        let text = |name| posted.text(name).to_owned();
        Self {
            name: text("name"),
            host: text("host"),
            base_url: text("base_url"),
            dialect: text("dialect"),
            tenant: text("tenant"),
            region: text("region"),
            cookie_name: text("cookie_name"),
            origins: text("origins"),
            needs_no_key: posted.is_ticked("needs_no_key"),
        }
    }

    /// What is there, by its words in the form, where something else was typed.
    pub(super) fn differences(&self, there: Self) -> Vec<(&'static str, String)> {
        let key = |needs_no_key| if needs_no_key { "not needed" } else { "needed" }.to_owned();
        let pairs = [
            ("Name", &self.name, there.name),
            ("What its clients speak", &self.dialect, there.dialect),
            ("Host", &self.host, there.host),
            ("Address that its answers print", &self.base_url, there.base_url),
            ("One tenant behind it", &self.tenant, there.tenant),
            ("API key", &key(self.needs_no_key), key(there.needs_no_key)),
            ("Region", &self.region, there.region),
            ("Cookie", &self.cookie_name, there.cookie_name),
            ("Web origins", &self.origins.replace('\r', ""), there.origins),
        ];
        pairs
            .into_iter()
            .filter(|(_, typed, there)| *typed != there)
            .map(|(name, _, there)| (name, there))
            .collect()
    }

    pub(super) async fn read(visit: &Visit, door: &Door) -> Result<Self, Error> {
        let tenant = match door.tenant {
            Some((pool, id)) => match tenants::by_id(&visit.core, pool, id).await {
                Ok(branch) => branch.tenant().slug.to_string(),
                // Deleted since; the form wants another one.
                Err(Error::NotFound) => String::new(),
                Err(other) => return Err(other),
            },
            None => String::new(),
        };
        let settings = &door.settings;
        Ok(Self {
            name: door.name.clone(),
            host: door.host.to_string(),
            base_url: door.base_url.clone(),
            dialect: door.dialect.as_str().to_owned(),
            tenant,
            region: settings.region.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
            cookie_name: settings.cookie_name.clone().unwrap_or_default(),
            origins: settings.origins.join("\n"),
            needs_no_key: !settings.require_api_key,
        })
    }
}

/// The door that was typed.
pub(super) async fn wish(visit: &Visit, typed: &Typed) -> Result<DoorWish, Error> {
    let host = HostPattern::parse(&typed.host).map_err(|error| Error::invalid("host", error.to_string()))?;
    let dialect =
        Dialect::parse(&typed.dialect).ok_or_else(|| Error::invalid("dialect", "choose one of the list"))?;
    let region = match typed.region.as_str() {
        "" => None,
        text => {
            Some(RegionCode::parse(text).ok_or_else(|| Error::invalid("region", "there is no such code"))?)
        }
    };
    let base_url = match typed.base_url.as_str() {
        "" => format!("https://{host}"),
        text => text.to_owned(),
    };
    Ok(DoorWish {
        name: typed.name.clone(),
        host,
        base_url,
        dialect,
        tenant: tenant(visit, &typed.tenant).await?,
        settings: DoorSettings {
            require_api_key: !typed.needs_no_key,
            region,
            cookie_name: Some(typed.cookie_name.clone()).filter(|name| !name.is_empty()),
            origins: crate::admin::applications::lines(&typed.origins),
        },
    })
}

async fn tenant(visit: &Visit, slug: &str) -> Result<Option<TenantId>, Error> {
    if slug.is_empty() {
        return Ok(None);
    }
    let unknown = || Error::invalid("tenant", "there is no tenant of this short name");
    let slug = Slug::parse(slug).map_err(|_| unknown())?;
    match tenants::by_slug(&visit.core, &slug).await {
        Ok(branch) => Ok(Some(branch.tenant().id)),
        Err(Error::NotFound) => Err(unknown()),
        Err(other) => Err(other),
    }
}
