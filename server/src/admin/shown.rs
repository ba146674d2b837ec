//! How each noun is shown to an operator: as JSON for programs, as cells for a terminal.

use super::tenants::Slugs;
use doorward_core::access_keys::ListedKey;
use doorward_core::application_tokens::ListedToken;
use doorward_core::operator_tokens::ListedOperatorToken;
use doorward_core::people::Listed;
use doorward_model::{Application, Language, Membership, Person, Session, Tenant, Timestamp};
use serde_json::{Map, Value, json};

pub(super) fn time(at: Timestamp) -> String {
    at.civil().to_string()
}

/// To the second, for a terminal.
pub(super) fn short_time(at: Timestamp) -> String {
    Timestamp::from_micros(at.seconds().saturating_mul(1_000_000)).civil().to_string()
}

fn facts(pairs: &[(String, String)]) -> Value {
    Value::Object(pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>())
}

pub(super) fn tenant(tenant: &Tenant, parent: Option<&str>) -> Value {
    json!({
        "id": tenant.id.to_string(),
        "slug": tenant.slug.as_str(),
        "number": tenant.number.get(),
        "display_name": tenant.display_name,
        "status": tenant.status.as_str(),
        "parent": parent,
        "region": tenant.region.as_ref().map(|code| code.as_str()),
        "profile": facts(&tenant.profile),
        "created_at": time(tenant.created_at),
        "modified_at": time(tenant.modified_at),
    })
}

pub(super) fn person(person: &Person) -> Value {
    json!({
        "id": person.id.to_string(),
        "number": person.number.get(),
        "email": person.email.as_written(),
        "first_name": person.profile.first_name,
        "last_name": person.profile.last_name,
        "known_as": person.profile.known_as,
        "extra": facts(&person.profile.extra),
        "status": person.status.as_str(),
        "verified": person.verified.as_str(),
        "language": person.language.map(Language::as_str),
        "password_reset_required": person.password_reset_required,
        "created_at": time(person.created_at),
        "modified_at": time(person.modified_at),
    })
}

/// Somebody of a tenant's list, with their strongest role there.
pub(super) fn listed(listed: &Listed) -> Value {
    let mut shown = person(&listed.person);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("role".to_owned(), json!(listed.role.as_str()));
    }
    shown
}

pub(super) fn membership(place: &Membership, person: &Person, tenant: &str) -> Value {
    json!({
        "tenant": tenant,
        "person": person.email.as_written(),
        "kind": place.kind.as_str(),
        "role": place.role.as_str(),
        "standing": place.standing,
        "created_at": time(place.created_at),
    })
}

pub(super) fn application(application: &Application, slugs: &Slugs) -> Value {
    json!({
        "id": application.id.to_string(),
        "app_id": application.app_id.as_str(),
        "name": application.name,
        "tenant": slugs.of(application.tenant),
        "has_key": application.has_key,
        "trusted_server": application.trusted_server,
        "origins": application.origins,
        "disabled": application.disabled,
        "created_at": time(application.created_at),
        "last_used_at": application.last_used_at.map(time),
    })
}

pub(super) fn key(listed: &ListedKey, slugs: &Slugs) -> Value {
    let key = &listed.key;
    json!({
        "id": key.id.to_string(),
        "access_key": key.name.as_str(),
        "label": key.label,
        "person": listed.person.email.as_written(),
        "tenant": slugs.of(key.tenant),
        "state": listed.state.as_str(),
        "rate": key.rate.map(|rate| json!({ "calls": rate.calls, "seconds": rate.window.as_secs_f64() })),
        "expires_at": key.expires_at.map(time),
        "previous_until": key.previous_until.map(time),
        "created_at": time(key.created_at),
        "last_used_at": key.last_used_at.map(time),
    })
}

pub(super) fn token(listed: &ListedToken) -> Value {
    let token = &listed.token;
    json!({
        "id": token.id.to_string(),
        "label": token.label,
        "audience": token.audience.as_str(),
        "scopes": token.scopes,
        "state": listed.state.as_str(),
        "expires_at": token.expires_at.map(time),
        "revoked_at": token.revoked_at.map(time),
        "created_at": time(token.created_at),
        "last_used_at": token.last_used_at.map(time),
    })
}

pub(super) fn operator_token(listed: &ListedOperatorToken, pool: Option<&str>) -> Value {
    let token = &listed.token;
    json!({
        "id": token.id.to_string(),
        "operator": listed.operator.as_written(),
        "label": token.label,
        "scopes": token.scopes,
        "pool": pool,
        "state": listed.state.as_str(),
        "expires_at": token.expires_at.map(time),
        "revoked_at": token.revoked_at.map(time),
        "created_at": time(token.created_at),
        "last_used_at": token.last_used_at.map(time),
    })
}

pub(super) fn session(session: &Session, slugs: &Slugs) -> Value {
    json!({
        "id": session.id.to_string(),
        "tenant": slugs.of(session.tenant),
        "scheme": session.scheme.as_str(),
        "signed_in_at": time(session.signed_in_at),
        "last_used_at": time(session.last_used_at),
        "expires_at": time(session.expires_at),
        "address": session.address.map(|address| address.to_string()),
        "agent": session.agent,
    })
}

pub(super) fn yes(flag: bool) -> String {
    (if flag { "yes" } else { "no" }).to_owned()
}
