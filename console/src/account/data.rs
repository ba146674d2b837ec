//! What is known of somebody: shown, and as one file to take away (GDPR articles 15 and 20).

use super::own::Own;
use super::rooms::{Room, Rooms};
use crate::frame::{Frame, render};
use crate::trouble::refused;
use crate::words::fill;
use askama::Template;
use doorward_core::sessions::{self, Whose};
use doorward_core::{Error, access_keys, consent, people};
use doorward_model::Timestamp;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::header;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "account/data.html")]
struct Data {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    name: String,
    email: String,
    since: String,
    organisation: String,
    agreed: Vec<Agreed>,
}

struct Agreed {
    version: String,
    url: Option<String>,
    at: String,
}

pub(super) async fn show(own: Own) -> Response {
    let given = match consent::list_own(&own.core, &own.identity).await {
        Ok(given) => given,
        Err(fault) => return refused(&own.asked, &fault),
    };
    let (frame, rooms) = own.around(Room::Data);
    let (person, words) = (&own.identity.person, &own.asked.words().account);
    let page = Data {
        frame,
        rooms,
        title: words.data,
        name: person.profile.full_name(),
        email: person.email.as_written().to_owned(),
        since: own.moment(person.created_at),
        organisation: own.identity.branch.tenant().display_name.clone(),
        agreed: given
            .into_iter()
            .map(|given| Agreed {
                version: given.terms.version,
                url: given.terms.url.filter(|url| super::terms::is_web(url)),
                at: fill(words.agreed_at, &[("at", &own.moment(given.at))]),
            })
            .collect(),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn download(own: Own) -> Response {
    match everything(&own).await {
        Ok(all) => reply::json(StatusCode::OK, &all)
            .with_header(header::CONTENT_DISPOSITION, "attachment; filename=\"account.json\"")
            .with_header(header::CACHE_CONTROL, "no-store"),
        Err(fault) => refused(&own.asked, &fault),
    }
}

/// Everything about the person that is theirs to see, without a secret (P16).
async fn everything(own: &Own) -> Result<Value, Error> {
    let (core, identity) = (&own.core, &own.identity);
    let person = &identity.person;
    let live = sessions::list(core, Whose::Own(identity)).await?;
    let keys = access_keys::list_own(core, identity).await?;
    let consents = consent::list_own(core, identity).await?;
    let history = people::own_history(core, identity).await?;
    let extra = person.profile.extra.iter().map(|(name, value)| (name.clone(), json!(value)));
    Ok(json!({
        "made_at": time(core.now()),
        "person": {
            "id": person.id.to_string(),
            "number": person.number.get(),
            "email": person.email.as_written(),
            "email_verified": person.verified.as_str(),
            "first_name": person.profile.first_name,
            "last_name": person.profile.last_name,
            "known_as": person.profile.known_as,
            "facts": extra.collect::<serde_json::Map<_, _>>(),
            "status": person.status.as_str(),
            "created_at": time(person.created_at),
            "modified_at": time(person.modified_at),
        },
        "language": person.language.map(|language| language.as_str()),
        "notifications": {
            "new_sign_in_at_once": person.notifications.instant,
            "morning_digest": person.notifications.morning,
            "evening_digest": person.notifications.evening,
            "new_lead": person.notifications.new_lead,
        },
        "places": identity.memberships.iter().map(|place| json!({
            "tenant": place.tenant.to_string(),
            "kind": place.kind.as_str(),
            "role": place.role.as_str(),
        })).collect::<Vec<_>>(),
        "sign_ins": live.iter().map(|session| json!({
            "id": session.id.to_string(),
            "tenant": session.tenant.to_string(),
            "signed_in_at": time(session.signed_in_at),
            "last_used_at": time(session.last_used_at),
            "expires_at": time(session.expires_at),
            "address": session.address.map(|address| address.to_string()),
            "near": session.address.and_then(|address| core.places().near(address, own.asked.lang)),
            "agent": session.agent,
        })).collect::<Vec<_>>(),
        "keys": keys.iter().map(|listed| json!({
            "name": listed.key.name.as_str(),
            "label": listed.key.label,
            "state": listed.state.as_str(),
            "created_at": time(listed.key.created_at),
            "last_used_at": listed.key.last_used_at.map(time),
            "expires_at": listed.key.expires_at.map(time),
        })).collect::<Vec<_>>(),
        "consents": consents.iter().map(|given| json!({
            "version": given.terms.version,
            "url": given.terms.url,
            "at": time(given.at),
        })).collect::<Vec<_>>(),
        "history": history.iter().map(|event| json!({
            "what": event.kind.as_str(),
            "at": time(event.at),
            "by": event.actor,
            "address": event.address.map(|address| address.to_string()),
            "near": event.address.and_then(|address| core.places().near(address, own.asked.lang)),
            "detail": event.detail,
        })).collect::<Vec<_>>(),
    }))
}

/// RFC 3339; a moment that no calendar knows is its number.
fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.micros())
        .map_or_else(|_| at.micros().to_string(), |at| at.to_string())
}
