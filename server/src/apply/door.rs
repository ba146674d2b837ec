//! `[[door]]`: where a dialect is mounted.

use super::entry::Entry;
use super::field::{BaseUrl, Text, WebOrigin};
use doorward_core::provision::DoorPlan;
use doorward_model::HostPattern;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<DoorPlan> {
    let name = entry.required("name").map(|Text(name)| name);
    let host: Option<HostPattern> = entry.required("host");
    let base_url = entry.required("base_url").map(|BaseUrl(url)| url);
    let dialect = entry.required("dialect");
    let tenant = entry.optional("tenant");
    let require_api_key = entry.optional("require_api_key");
    let region = entry.optional("region");
    let cookie_name = entry.optional("cookie_name").map(|Text(name)| name);
    let origins =
        entry.optional("origins").map(|list: Vec<WebOrigin>| list.into_iter().map(|it| it.0).collect());
    let (host, base_url) = (host?, base_url?);
    let names_tenant = matches!(host, HostPattern::Slug { .. });
    if names_tenant != base_url.contains("{slug}") {
        entry.refuse("base_url", "expected {slug} in both host and base_url, or in neither");
        return None;
    }
    Some(DoorPlan {
        name: name?,
        host,
        base_url,
        dialect: dialect?,
        tenant,
        require_api_key,
        region,
        cookie_name,
        origins,
    })
}
