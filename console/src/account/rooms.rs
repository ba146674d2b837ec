//! What stands around every page of an account: whose it is, the ways to the others, and what was just done.

use super::own::Own;
use crate::brand::Brand;
use crate::frame::Frame;
use crate::words::{self, fill};
use doorward_core::zone;

/// The pages of an account.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    SignIns,
    Password,
    Email,
    Mails,
    Keys,
    Data,
}

impl Room {
    const ALL: [Self; 6] = [Self::SignIns, Self::Password, Self::Email, Self::Mails, Self::Keys, Self::Data];

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::SignIns => "/account",
            Self::Password => super::own::PASSWORD,
            Self::Email => "/account/email",
            Self::Mails => "/account/mails",
            Self::Keys => "/account/keys",
            Self::Data => "/account/data",
        }
    }

    /// What stands on the way there.
    const fn label(self, words: &words::Account) -> &'static str {
        match self {
            Self::SignIns => words.sign_ins_short,
            Self::Password => words.password,
            Self::Email => words.email,
            Self::Mails => words.mails,
            Self::Keys => words.keys,
            Self::Data => words.data,
        }
    }
}

pub(super) struct Way {
    pub(super) href: &'static str,
    pub(super) label: &'static str,
    pub(super) is_current: bool,
}

pub(super) struct Rooms {
    /// Who is signed in.
    pub(super) who: String,
    /// Empty where there is only one way to go.
    pub(super) ways: Vec<Way>,
    /// Whether they administer anything, so that the console is a way for them.
    pub(super) administers: bool,
    /// By which clock the page tells times.
    pub(super) times: String,
    /// What was just done.
    pub(super) said: Option<&'static str>,
}

/// What a page says after a redirect: fixed words, so that no link puts others into a page.
fn said(words: &words::Account, done: &str) -> Option<&'static str> {
    match done {
        "changed" => Some(words.changed),
        "ended" => Some(words.ended),
        "ended_others" => Some(words.ended_others),
        "password" => Some(words.password_changed),
        "email" => Some(words.email_asked),
        "calendar" => Some(words.calendar_rotated),
        _ => None,
    }
}

impl Own {
    /// What stands around one of the pages.
    pub(super) fn around(&self, room: Room) -> (Frame, Rooms) {
        let words = &self.asked.words().account;
        let ways =
            Room::ALL.map(|it| Way { href: it.path(), label: it.label(words), is_current: it == room });
        let done = self.asked.query("done");
        let is_free = !self.identity.person.password_reset_required;
        let rooms = Rooms {
            administers: is_free && self.identity.memberships.iter().any(|place| place.role.administers()),
            who: self.identity.person.email.as_written().to_owned(),
            ways: if is_free { ways.into() } else { Vec::new() },
            times: fill(words.times, &[("zone", &zone::name(&self.identity.zone()))]),
            said: done.and_then(|done| said(words, &done)),
        };
        (self.asked.frame(Some(Brand::of(&self.identity.branch))), rooms)
    }
}

/// Where a page leads after it did something.
pub(super) fn done(room: Room, word: &str) -> doorward_web::Response {
    crate::visit::see_other(&format!("{}?done={word}", room.path()))
}
