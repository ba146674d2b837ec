//! Doors: listed, made, changed (`typed.rs` is what stands in the form), taken away, and tried with a sign-in (`trial.rs`).

mod trial;
mod typed;

pub(crate) use trial::{send as send_trial, show as show_trial};

use super::danger::Danger;
use super::frame::{Frame, Room};
use super::meanwhile::{self, SAVE};
use super::prove::proven;
use super::trouble::{Page, mendable, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::Error;
use doorward_core::installation;
use doorward_core::usage::{self, Window};
use doorward_model::{Dialect, Door, DoorId, Sort};
use doorward_web::{Response, StatusCode};
use typed::{Typed, wish};

/// Doors of one page: installations have a few, and the list is read at a glance.
const ROWS: usize = 200;

/// What whoever takes a door away does that another has changed meanwhile.
const TAKE: &str = "check that it is still the door you mean to take away, then go on";

struct Row {
    href: String,
    name: String,
    host: String,
    dialect: &'static str,
}

impl Row {
    fn of(door: &Door) -> Self {
        Self {
            href: format!("/console/doors/{}", door.id),
            name: door.name.clone(),
            host: door.host.to_string(),
            dialect: spoken(door.dialect),
        }
    }
}

/// How people call a contract.
fn spoken(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Salesseek => "SalesSeek",
        Dialect::Bookingbug => "BookingBug / JRNI",
        Dialect::Rubicrm => "RubiCRM",
        Dialect::Leadsquared => "LeadSquared",
    }
}

#[derive(Template)]
#[template(path = "console/doors.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

pub(crate) async fn list(viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let found = installation::list_doors(&visit.core, &visit.actor(), None, ROWS).await?;
    let frame = Frame::of(visit, Room::Doors, "Doors").saying(viewing.text("done"));
    Ok(render(StatusCode::OK, &List { frame, rows: found.items.iter().map(Row::of).collect() }))
}

/// A choice of a form.
struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "console/door.html")]
struct Form {
    frame: Frame,
    /// The door, if there is one already.
    id: Option<DoorId>,
    /// The version that is shown; of a new door, none.
    version: Option<i64>,
    typed: Typed,
    /// What somebody else made of it meanwhile, where that differs from what was typed.
    meanwhile: Vec<(&'static str, String)>,
    dialects: Vec<Choice>,
    problem: Option<String>,
}

fn filled(
    visit: &Visit,
    door: Option<&Door>,
    typed: Typed,
    done: Option<&str>,
    problem: Option<String>,
) -> Form {
    let choice = |dialect: &Dialect| Choice {
        value: dialect.as_str(),
        label: spoken(*dialect),
        is_chosen: typed.dialect == dialect.as_str(),
    };
    let title = door.map_or("A new door", |door| door.name.as_str());
    Form {
        frame: Frame::of(visit, Room::Doors, title).saying(done),
        id: door.map(|door| door.id),
        version: door.map(|door| door.version),
        dialects: Dialect::ALL.iter().map(choice).collect(),
        typed,
        meanwhile: Vec::new(),
        problem,
    }
}

fn form(
    visit: &Visit,
    door: Option<&Door>,
    typed: Typed,
    done: Option<&str>,
    problem: Option<String>,
) -> Response {
    let form = filled(visit, door, typed, done, problem);
    render(status(&form.problem), &form)
}

pub(crate) async fn new(viewing: Viewing) -> Page {
    // Asked of the core, so that the form is shown to those alone who may send it.
    installation::list_doors(&viewing.visit.core, &viewing.visit.actor(), None, 1).await?;
    Ok(form(&viewing.visit, None, Typed::default(), None, None))
}

/// Opens it. A door leads people who give their passwords, so it is asked who opens one.
pub(crate) async fn create(posted: Posted) -> Page {
    let typed = Typed::of(&posted);
    proven!(&posted, |visit, problem| Ok(form(visit, None, typed.clone(), None, problem)), |visit| {
        let wish = wish(visit, &typed).await?;
        let door = installation::create_door(&visit.core, &visit.caller, &visit.actor(), wish).await?;
        Ok(see_other(&format!("/console/doors/{}?done=made", door.id)))
    })
}

async fn found(visit: &Visit, id: &str) -> Result<Door, Error> {
    let id = DoorId::parse(id).ok_or(Error::NotFound)?;
    installation::door(&visit.core, &visit.actor(), id).await
}

pub(crate) async fn show(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let door = found(visit, &id).await?;
    let typed = Typed::read(visit, &door).await?;
    Ok(form(visit, Some(&door), typed, viewing.text("done"), None))
}

pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Page {
    let door = found(&posted.visit, &id).await?;
    let typed = Typed::of(&posted);
    if let Err(stale) = meanwhile::check(&posted, door.version, SAVE) {
        let there = Typed::read(&posted.visit, &door).await?;
        let meanwhile = typed.differences(there);
        let form = filled(&posted.visit, Some(&door), typed, None, Some(mendable(stale)?));
        return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &Form { meanwhile, ..form }));
    }
    proven!(&posted, |visit, problem| Ok(form(visit, Some(&door), typed.clone(), None, problem)), |visit| {
        let wish = wish(visit, &typed).await?;
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let saved = installation::change_door(core, caller, &actor, door.id, wish, Some(door.version)).await;
        saved.map_err(|error| meanwhile::told(error, SAVE))?;
        Ok(see_other(&format!("/console/doors/{}?done=saved", door.id)))
    })
}

async fn question(visit: &Visit, door: &Door, problem: Option<String>) -> Page {
    let used = usage::everywhere(&visit.core, &visit.actor(), door.id, Window::default()).await?;
    let danger = Danger {
        frame: Frame::of(visit, Room::Doors, format!("Take {} away?", door.name)),
        what: vec![
            format!("Nobody signs in at {} any more, and its clients are told that nothing is there.", door.host),
            "Sessions that were opened there end by themselves; their tokens are looked at by no door meanwhile.".to_owned(),
            used.verdict.sentence(Sort::Doors, Window::default()),
        ],
        button: "Take the door away",
        fields: vec![("version", door.version.to_string())],
        overlaps: Vec::new(),
        back: format!("/console/doors/{}", door.id),
        problem,
    };
    Ok(danger.render())
}

pub(crate) async fn ask_remove(Path(id): Path<String>, viewing: Viewing) -> Page {
    let door = found(&viewing.visit, &id).await?;
    question(&viewing.visit, &door, None).await
}

pub(crate) async fn remove(Path(id): Path<String>, posted: Posted) -> Page {
    let door = found(&posted.visit, &id).await?;
    if let Err(stale) = meanwhile::check(&posted, door.version, TAKE) {
        return question(&posted.visit, &door, Some(mendable(stale)?)).await;
    }
    proven!(&posted, |visit, problem| question(visit, &door, problem).await, |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let taken = installation::remove_door(core, caller, &actor, door.id, Some(door.version)).await;
        taken.map_err(|error| meanwhile::told(error, TAKE))?;
        Ok(see_other("/console/doors?done=saved"))
    })
}
