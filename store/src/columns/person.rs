//! A person's notification settings as JSON.

use super::read;
use crate::{Error, Json};
use doorward_model::NotificationSettings;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct NotificationsColumn {
    instant: bool,
    evening: bool,
    morning: bool,
    new_lead: bool,
}

pub(crate) fn write_notifications(settings: NotificationSettings) -> Result<Json, Error> {
    let NotificationSettings { instant, evening, morning, new_lead } = settings;
    Json::of(&NotificationsColumn { instant, evening, morning, new_lead })
}

pub(crate) fn read_notifications(text: &str) -> Option<NotificationSettings> {
    let NotificationsColumn { instant, evening, morning, new_lead } = read(text)?;
    Some(NotificationSettings { instant, evening, morning, new_lead })
}
