//! What services are told: an identity as JSON (verify.md: Answer).

use crate::credentials::Found;
use doorward_core::verify::{Place, Who};
use doorward_model::Timestamp;
use serde_json::{Value, json};

pub(super) fn identity(found: &Found) -> Value {
    let who = &*found.who;
    let tenant = who.tenant();
    let program = found.program.as_ref().or(who.application());
    json!({
        "active": true,
        "person": person(who),
        "pool": who.pool().uuid().to_string(),
        "tenant": { "id": tenant.id.uuid().to_string(), "number": tenant.number.get(), "slug": tenant.slug.as_str() },
        "memberships": who.places().iter().map(place).collect::<Vec<_>>(),
        "application": program.map(|program| program.app_id.as_str()),
        "door": who.door().map(|door| door.name.as_str()),
        "method": who.method().as_str(),
        "signed_in_at": time(who.signed_in_at()),
        "expires_at": who.expires_at().map(time),
        "session": who.session().map(|session| session.uuid().to_string()),
        "scopes": who.scopes(),
    })
}

fn person(who: &Who) -> Option<Value> {
    let id = who.person()?;
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
    Some(json!({
        "id": id.uuid().to_string(),
        "number": who.number().map(|number| number.get()),
        "email": who.email(),
        "first_name": text(who.first_name()),
        "last_name": text(who.last_name()),
        "known_as": text(who.known_as()),
    }))
}

fn place(place: &Place) -> Value {
    json!({
        "tenant": place.tenant,
        "kind": place.kind.as_str(),
        "role": place.role.as_str(),
        "reaches": place.reaches,
    })
}

/// RFC 3339 in UTC.
fn time(at: Timestamp) -> String {
    at.civil().to_string()
}
