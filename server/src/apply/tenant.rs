//! `[[tenant]]`: a node of a tenant tree, with `[tenant.policy]` and `[tenant.profile]`.

use super::entry::Entry;
use super::field::{Facts, Text, WebOrigin};
use doorward_core::provision::TenantPlan;
use doorward_model::Policy;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<TenantPlan> {
    let slug = entry.required("slug");
    let parent = entry.optional("parent");
    let number = entry.optional("number");
    let display_name = entry.optional("display_name").map(|Text(name)| name);
    let region = entry.optional("region");
    let status = entry.optional("status");
    let profile = entry.optional("profile").map(|Facts(facts)| facts).unwrap_or_default();
    let policy = entry.table("policy", policy).unwrap_or_default();
    Some(TenantPlan { slug: slug?, parent, number, display_name, region, status, policy, profile })
}

/// Every key as `doorward_model::Policy` names it.
fn policy(entry: &mut Entry<'_>) -> Policy {
    let texts = |list: Vec<Text>| list.into_iter().map(|it| it.0).collect();
    let origins = |list: Vec<WebOrigin>| list.into_iter().map(|it| it.0).collect();
    Policy {
        password_min_length: entry.optional("password_min_length"),
        password_max_bytes: entry.optional("password_max_bytes"),
        password_words: entry.optional("password_words").map(texts),
        session_absolute: entry.optional("session_absolute"),
        session_idle: entry.optional("session_idle"),
        reset_lifetime: entry.optional("reset_lifetime"),
        invitation_lifetime: entry.optional("invitation_lifetime"),
        callbacks: entry.optional("callbacks"),
        origins: entry.optional("origins").map(origins),
        key_rate: entry.optional("key_rate"),
        allow_login: entry.optional("allow_login"),
        address_failures: entry.optional("address_failures"),
        address_mails: entry.optional("address_mails"),
        sign_ins_per_minute: entry.optional("sign_ins_per_minute"),
        mails_per_hour: entry.optional("mails_per_hour"),
        sessions_per_person: entry.optional("sessions_per_person"),
        language: entry.optional("language"),
    }
}
