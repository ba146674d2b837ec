//! The programs of a tenant, and making one.

use super::application::address;
use super::frame::{Frame, Part};
use super::once;
use super::prove::proven;
use super::secret;
use super::tenant::reached;
use super::trouble::{Page, status};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::applications::{self, Listed, NewApplication, NewKey};
use doorward_core::once::Done;
use doorward_core::{Branch, Error};
use doorward_model::{AppId, ApplicationId, TenantId};
use doorward_web::{Response, StatusCode};
use uuid::Uuid;

/// Rows of a page.
const ROWS: usize = 50;

struct Row {
    href: String,
    name: String,
    app_id: String,
    has_key: bool,
    is_disabled: bool,
    last_used: Option<When>,
}

impl Row {
    fn of(branch: &Branch, it: &Listed) -> Self {
        let program = &it.application;
        Self {
            href: address(branch, program.id),
            name: program.name.clone(),
            app_id: program.app_id.as_str().to_owned(),
            has_key: program.has_key,
            is_disabled: program.disabled,
            last_used: program.last_used_at.map(when),
        }
    }
}

#[derive(Template)]
#[template(path = "console/applications.html")]
struct List {
    frame: Frame,
    tenant: TenantId,
    rows: Vec<Row>,
    next: Option<ApplicationId>,
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let nil = ApplicationId::new(Uuid::nil());
    let after = viewing.text("after").and_then(ApplicationId::parse).unwrap_or(nil);
    let mut found = applications::list_after(&visit.core, &visit.actor(), &branch, after, ROWS + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let list = List {
        frame: Frame::at(visit, &branch, Part::Applications, "Applications").saying(viewing.text("done")),
        tenant: branch.tenant().id,
        next: found.last().filter(|_| more).map(|last| last.application.id),
        rows: found.iter().map(|it| Row::of(&branch, it)).collect(),
    };
    Ok(render(StatusCode::OK, &list))
}

#[derive(Template)]
#[template(path = "console/new_application.html")]
struct New<'a> {
    frame: Frame,
    tenant: TenantId,
    name: &'a str,
    app_id: &'a str,
    origins: &'a str,
    with_key: bool,
    problem: Option<String>,
}

/// What was typed: name, id, origins; and whether it gets a key.
type Typed<'a> = ([&'a str; 3], bool);

fn form(visit: &Visit, branch: &Branch, typed: Typed<'_>, problem: Option<String>) -> Response {
    let ([name, app_id, origins], with_key) = typed;
    let frame = Frame::at(visit, branch, Part::Applications, "A new application");
    let tenant = branch.tenant().id;
    render(status(&problem), &New { frame, tenant, name, app_id, origins, with_key, problem })
}

pub(crate) async fn new(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    Ok(form(&viewing.visit, &branch, (["", "", ""], true), None))
}

/// The fields of a new application.
const FIELDS: [&str; 4] = ["name", "app_id", "origins", "with_key"];

const MADE_BEFORE: &str = "If you did not copy it, give the application a new key.";

pub(crate) async fn create(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let [name, app_id, origins, with_key] = FIELDS;
    let typed = ([name, app_id, origins].map(|name| posted.text(name)), posted.is_ticked(with_key));
    proven!(&posted, |visit, problem| Ok(form(visit, &branch, typed, problem)), |visit| {
        let new = read(typed)?;
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let made = match once::of(&posted, &FIELDS) {
            Some(once) => applications::create_once(core, caller, &actor, &branch, new, once).await?,
            None => Done::Now(applications::create(core, caller, &actor, &branch, new).await?),
        };
        let frame = Frame::at(visit, &branch, Part::Applications, "The application's key");
        let made = match made {
            Done::Now(made) => made,
            Done::Before(id) => {
                let page = address(&branch, ApplicationId::new(id));
                let (_, has_key) = typed;
                return Ok(if has_key {
                    once::made_before(frame, MADE_BEFORE, page)
                } else {
                    see_other(&format!("{page}?done=made"))
                });
            }
        };
        let page = address(&branch, made.application.id);
        Ok(match &made.key {
            Some(key) => {
                let public = Some(("App-Id", made.application.app_id.as_str()));
                secret::page(frame, public, ("App-Key", key), KEY_ADVICE, page)
            }
            None => see_other(&format!("{page}?done=made")),
        })
    })
}

pub(super) const KEY_ADVICE: &str =
    "The program sends both with every request. Put the key where it keeps its other secrets.";

fn read(([name, app_id, origins], with_key): Typed<'_>) -> Result<NewApplication, Error> {
    let app_id = match app_id {
        "" => None,
        text => Some(AppId::parse(text).ok_or_else(|| {
            Error::invalid("app_id", "expected 4 to 64 letters, digits, hyphens and underscores")
        })?),
    };
    Ok(NewApplication {
        name: name.to_owned(),
        app_id,
        key: if with_key { NewKey::Random } else { NewKey::None },
        trusted_server: false,
        origins: lines(origins),
    })
}

/// One a line.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
