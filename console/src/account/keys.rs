//! The keys that programs use in somebody's name, and the address of their calendar.

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::frame::{Frame, render};
use crate::trouble::refused;
use crate::words::{self, fill};
use askama::Template;
use doorward_core::access_keys::{self, KeyState, ListedKey};
use doorward_core::feed;
use doorward_model::Dialect;
use doorward_web::{Response, StatusCode};

#[derive(Template)]
#[template(path = "account/keys.html")]
struct Keys {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    keys: Vec<Key>,
    /// The address of the feed, where there is a door that serves it.
    calendar: Option<String>,
}

/// A key without its secret, which nobody can show again.
struct Key {
    name: String,
    label: String,
    state: &'static str,
    is_active: bool,
    used: String,
    ends: Option<String>,
}

pub(super) async fn show(own: Own) -> Response {
    let keys = match access_keys::list_own(&own.core, &own.identity).await {
        Ok(keys) => keys,
        Err(fault) => return refused(&own.asked, &fault),
    };
    let (frame, rooms) = own.around(Room::Keys);
    let page = Keys {
        frame,
        rooms,
        title: own.asked.words().account.keys,
        keys: keys.iter().map(|listed| own.shown_key(listed)).collect(),
        calendar: own.calendar(),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn rotate(Sent { own, .. }: Sent) -> Response {
    let (branch, id) = (&own.identity.branch, own.identity.person.id);
    match feed::rotate(&own.core, own.caller(), &own.actor(), branch, id).await {
        Ok(_) => done(Room::Keys, "calendar"),
        Err(fault) => refused(&own.asked, &fault),
    }
}

const fn state(words: &words::Account, state: KeyState) -> &'static str {
    match state {
        KeyState::Active => words.key_active,
        KeyState::Disabled => words.key_disabled,
        KeyState::Expired => words.key_expired,
        KeyState::Ended => words.key_ended,
    }
}

impl Own {
    fn shown_key(&self, ListedKey { key, state: key_state, .. }: &ListedKey) -> Key {
        let words = &self.asked.words().account;
        let at = |text, at| fill(text, &[("at", &self.moment(at))]);
        Key {
            name: key.name.as_str().to_owned(),
            label: key.label.clone(),
            state: state(words, *key_state),
            is_active: *key_state == KeyState::Active,
            used: key
                .last_used_at
                .map_or_else(|| words.key_never.to_owned(), |used| at(words.key_used, used)),
            ends: key.expires_at.map(|end| at(words.key_ends, end)),
        }
    }

    /// SalesSeek's doors serve the feed (`GET /users/{id}/icalendar_feed` of that dialect).
    fn calendar(&self) -> Option<String> {
        let tenant = self.identity.branch.tenant();
        let serves = |door: &&std::sync::Arc<doorward_model::Door>| {
            door.dialect == Dialect::Salesseek
                && door.tenant.is_none_or(|bound| bound == (tenant.pool, tenant.id))
        };
        let doors = self.core.doors();
        let door = doors.iter().filter(serves).min_by_key(|door| door.name.as_str())?;
        let person = &self.identity.person;
        let (base, token) = (door.base_url(Some(tenant.slug.as_str())), feed::token(&self.core, person));
        Some(format!("{base}/users/{}/icalendar_feed?token={}", person.id, token.expose()))
    }
}
