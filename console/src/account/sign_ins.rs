//! Where somebody is signed in, and ending it.

use super::own::{Own, Sent};
use super::rooms::{Room, Rooms, done};
use crate::device::device;
use crate::frame::{Frame, render};
use crate::trouble::{Trouble, problem, refused};
use crate::words::fill;
use askama::Template;
use doorward_core::Error;
use doorward_core::sessions::{self, Whose};
use doorward_model::{Session, SessionId};
use doorward_web::{Response, StatusCode};
use std::net::IpAddr;

#[derive(Template)]
#[template(path = "account/sign_ins.html")]
struct SignIns {
    frame: Frame,
    rooms: Rooms,
    title: &'static str,
    live: Vec<Live>,
    /// Whether there is another than this one.
    has_others: bool,
}

/// A sign-in as its person recognises it.
struct Live {
    id: String,
    device: String,
    is_this: bool,
    signed_in: String,
    last_used: String,
    from: Option<String>,
    through: String,
}

pub(super) async fn show(own: Own) -> Response {
    let mut live = match sessions::list(&own.core, Whose::Own(&own.identity)).await {
        Ok(live) => live,
        Err(fault) => return refused(&own.asked, &fault),
    };
    // This one first, then what was used last.
    live.sort_by_key(|session| (Some(session.id) != own.session(), std::cmp::Reverse(session.last_used_at)));
    let (frame, rooms) = own.around(Room::SignIns);
    let page = SignIns {
        frame,
        rooms,
        title: own.asked.words().account.sign_ins,
        has_others: live.len() > 1,
        live: live.iter().map(|session| own.shown(session)).collect(),
    };
    render(StatusCode::OK, &page)
}

impl Own {
    fn whence(&self, address: IpAddr) -> String {
        let words = &self.asked.words().account;
        let place = self.core.places().near(address, self.asked.lang);
        let text = if place.is_some() { words.network_near } else { words.network };
        fill(text, &[("address", &address.to_string()), ("place", &place.unwrap_or_default())])
    }

    fn shown(&self, session: &Session) -> Live {
        let words = self.asked.words();
        let said = |text, name, value: &str| fill(text, &[(name, value)]);
        let account = &words.account;
        let door = session.door.and_then(|door| self.core.doors().by_id(door));
        let through = door.map_or_else(|| account.these_pages.to_owned(), |door| door.name.clone());
        Live {
            id: session.id.to_string(),
            device: device(words, session.agent.as_deref()),
            is_this: Some(session.id) == self.session(),
            signed_in: said(account.signed_in_at, "at", &self.moment(session.signed_in_at)),
            last_used: said(account.last_used, "at", &self.moment(session.last_used_at)),
            from: session.address.map(|address| self.whence(address)),
            through: said(account.through, "door", &through),
        }
    }
}

pub(super) async fn end(Sent { own, form }: Sent) -> Response {
    let Some(id) = form.typed("id").and_then(SessionId::parse) else {
        return problem(&own.asked, Trouble::Unreadable);
    };
    match sessions::end(&own.core, own.caller(), Whose::Own(&own.identity), id).await {
        // One that ended meanwhile is ended.
        Ok(()) | Err(Error::NotFound) => done(Room::SignIns, "ended"),
        Err(fault) => refused(&own.asked, &fault),
    }
}

pub(super) async fn end_others(Sent { own, .. }: Sent) -> Response {
    match sessions::end_all(&own.core, own.caller(), Whose::Own(&own.identity), own.session()).await {
        Ok(_) => done(Room::SignIns, "ended_others"),
        Err(fault) => refused(&own.asked, &fault),
    }
}
