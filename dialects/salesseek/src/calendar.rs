//! `GET /users/{id}/icalendar_feed?token=`: what `ical_url` leads to, a calendar (RFC 5545) of a user's dates.

use crate::auth::{Guest, KINDS};
use doorward_core::feed::{self, FeedDate, What};
use doorward_core::{Branch, Error};
use doorward_model::{PersonId, Secret, Timestamp};
use doorward_web::{Call, Refusal, Response, StatusCode, reply};
use icalendar::{Calendar, Component, Event, Property};

/// Who made the calendar (RFC 5545 §3.7.3).
const PRODUCT: &str = "-//Doorward//SalesSeek//EN";

/// The token is the only key: calendar programs send no cookie. Any other answers like no such user.
pub(crate) async fn feed(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let id = PersonId::parse(call.path("id")).ok_or(Error::NotFound)?;
    let token = call.query().text("token")?.map(Secret::new).ok_or(Error::NotFound)?;
    let dates = feed::read(&call.core, &guest.branch, KINDS, id, &token).await?;
    let text = calendar(&guest.branch, &dates).to_string();
    Ok(reply::content(StatusCode::OK, "text/calendar; charset=utf-8", text))
}

fn calendar(branch: &Branch, dates: &[FeedDate]) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(name, value));
    }
    let name = one_line(&branch.tenant().display_name);
    calendar.name(&name);
    calendar.extend(dates.iter().map(|date| event(date, &name)));
    calendar
}

/// A moment that blocks no time (§3.8.2.7). Everything comes from the date itself, so that the same dates make the
/// same calendar.
fn event(date: &FeedDate, tenant: &str) -> Event {
    let (uid, summary) = words(&date.what, tenant);
    let mut event = Event::with_uid(&format!("{uid}@doorward"));
    event.add_property("DTSTAMP", utc(date.known_since));
    event.add_property("DTSTART", utc(date.at));
    event.add_property("TRANSP", "TRANSPARENT");
    event.summary(&one_line(&summary));
    if let What::TermsBegin { url: Some(url), .. } = &date.what {
        event.url(&one_line(url));
    }
    event.done()
}

fn words(what: &What, tenant: &str) -> (String, String) {
    match what {
        What::Joined(person) => (format!("joined-{person}"), format!("Your account at {tenant} was made")),
        What::InvitationExpires(ticket) => {
            (format!("invitation-{ticket}"), format!("Your invitation to {tenant} expires"))
        }
        What::KeyExpires { key, label } => (format!("key-{key}"), format!("Access key expires: {label}")),
        What::OldSecretExpires { key, label } => {
            (format!("secret-{key}"), format!("The old secret of an access key expires: {label}"))
        }
        What::TermsBegin { terms, version, .. } => {
            (format!("terms-{terms}"), format!("New terms of {tenant} begin to hold: {version}"))
        }
    }
}

/// `20261122T100000Z` (§3.3.5, form 2).
fn utc(at: Timestamp) -> String {
    at.civil().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Labels are people's own words; a control character could end the line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
