//! `[[application]]`: a program that may call.

use super::entry::Entry;
use super::field::{Text, WebOrigin};
use doorward_core::provision::ApplicationPlan;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<ApplicationPlan> {
    let tenant = entry.required("tenant");
    let name = entry.required("name").map(|Text(name)| name);
    let app_id = entry.optional("app_id");
    let key = entry.optional("key");
    let trusted_server = entry.optional("trusted_server");
    let origins =
        entry.optional("origins").map(|list: Vec<WebOrigin>| list.into_iter().map(|it| it.0).collect());
    let disabled = entry.optional("disabled");
    Some(ApplicationPlan { tenant: tenant?, name: name?, app_id, key, trusted_server, origins, disabled })
}
