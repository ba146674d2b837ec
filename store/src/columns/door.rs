//! A door's settings as JSON.

use super::read;
use crate::{Error, Json};
use doorward_model::{DoorSettings, RegionCode};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct SettingsColumn {
    require_api_key: bool,
    region: Option<String>,
    cookie_name: Option<String>,
    #[serde(default)]
    origins: Vec<String>,
}

pub(crate) fn write_settings(settings: &DoorSettings) -> Result<Json, Error> {
    Json::of(&SettingsColumn {
        require_api_key: settings.require_api_key,
        region: settings.region.as_ref().map(|code| code.as_str().to_owned()),
        cookie_name: settings.cookie_name.clone(),
        origins: settings.origins.clone(),
    })
}

pub(crate) fn read_settings(text: &str) -> Option<DoorSettings> {
    let column: SettingsColumn = read(text)?;
    Some(DoorSettings {
        require_api_key: column.require_api_key,
        region: match column.region {
            Some(code) => Some(RegionCode::parse(&code)?),
            None => None,
        },
        cookie_name: column.cookie_name,
        origins: column.origins,
    })
}
