//! One tenant: what it is, what is below it, its name, and closing it.

use super::danger::Danger;
use super::frame::{Frame, Part};
use super::prove::proven;
use super::tenants::Row;
use super::trouble::status;
use super::trouble::{Page, Trouble, mendable};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::tenants::{self, TenantChanges};
use doorward_core::{Branch, Error};
use doorward_model::{TenantId, TenantStatus};
use doorward_web::{Response, StatusCode};

/// The tenant that a path names, if the visitor administers it.
pub(super) async fn reached(visit: &Visit, id: &str) -> Result<Branch, Trouble> {
    let id = TenantId::parse(id).ok_or(Error::NotFound)?;
    Ok(tenants::administered(&visit.core, &visit.actor(), id).await?)
}

/// Children that are shown on their parent's page.
const CHILDREN: usize = 100;

#[derive(Template)]
#[template(path = "console/tenant.html")]
struct About {
    frame: Frame,
    id: TenantId,
    slug: String,
    number: i64,
    region: Option<String>,
    made: When,
    is_suspended: bool,
    /// Closed by something above it.
    is_closed_above: bool,
    /// Whether it can get another parent: the visitor administers the one it has.
    may_move: bool,
    /// Whether it is theirs to close: nobody closes the tenant they were made in.
    may_close: bool,
    children: Vec<Row>,
    more_children: bool,
}

pub(crate) async fn show(Path(id): Path<String>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let tenant = branch.tenant();
    let below = tenants::list_children_after(&visit.core, &visit.actor(), &branch, 0, CHILDREN + 1).await?;
    let is_suspended = tenant.status == TenantStatus::Suspended;
    let may_move = match branch.parent() {
        None => false,
        Some(parent) => match tenants::administered(&visit.core, &visit.actor(), parent.id).await {
            Ok(_) => true,
            Err(Error::NotFound | Error::NotAllowed) => false,
            Err(other) => return Err(other.into()),
        },
    };
    let about = About {
        frame: Frame::at(visit, &branch, Part::About, &tenant.display_name).saying(viewing.text("done")),
        id: tenant.id,
        slug: tenant.slug.to_string(),
        number: tenant.number.get(),
        region: branch.root().region.as_ref().map(|code| code.as_str().to_owned()),
        made: when(tenant.created_at),
        is_suspended,
        may_close: may_move || visit.visitor.is_operator(),
        may_move,
        is_closed_above: !is_suspended && !branch.is_open(),
        more_children: below.len() > CHILDREN,
        children: below.iter().take(CHILDREN).map(Row::of).collect(),
    };
    Ok(render(StatusCode::OK, &about))
}

#[derive(Template)]
#[template(path = "console/edit_tenant.html")]
struct Edit<'a> {
    frame: Frame,
    id: TenantId,
    display_name: &'a str,
    problem: Option<String>,
}

fn form(visit: &Visit, branch: &Branch, display_name: &str, problem: Option<String>) -> Response {
    let status = status(&problem);
    let frame = Frame::at(visit, branch, Part::About, format!("Change {}", branch.tenant().display_name));
    render(status, &Edit { frame, id: branch.tenant().id, display_name, problem })
}

pub(crate) async fn edit(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    Ok(form(&viewing.visit, &branch, &branch.tenant().display_name, None))
}

pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let display_name = posted.text("display_name");
    let changes = TenantChanges { display_name: Some(display_name.to_owned()), ..TenantChanges::default() };
    match tenants::edit(&visit.core, &visit.caller, &visit.actor(), &branch, changes).await {
        Ok(_) => Ok(see_other(&format!("/console/tenants/{}?done=saved", branch.tenant().id))),
        Err(error) => Ok(form(visit, &branch, display_name, Some(mendable(error)?))),
    }
}

/// What can be done with a whole tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Suspend,
    Resume,
    Delete,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Delete => "delete",
        }
    }

    fn parse(word: &str) -> Result<Self, Error> {
        let found = [Self::Suspend, Self::Resume, Self::Delete].into_iter().find(|it| it.word() == word);
        found.ok_or(Error::NotFound)
    }

    /// Title, what happens, the button.
    fn told(self, name: &str) -> (String, Vec<String>, &'static str) {
        match self {
            Self::Suspend => (
                format!("Suspend {name}?"),
                vec![
                    "Everybody who is signed in there, and in everything below it, is signed out now.".to_owned(),
                    "Nobody signs in and no key works there until you open it again. Nothing is deleted.".to_owned(),
                ],
                "Suspend",
            ),
            Self::Resume => (
                format!("Open {name} again?"),
                vec!["Its people can sign in again, and its keys work again.".to_owned()],
                "Open again",
            ),
            Self::Delete => (
                format!("Delete {name}?"),
                vec![
                    "It is gone for everybody who uses it, with everything below it.".to_owned(),
                    "This cannot be undone. Its short name and number are never given to another; what happened there stays in the events.".to_owned(),
                ],
                "Delete for good",
            ),
        }
    }
}

fn question(visit: &Visit, branch: &Branch, step: Step, problem: Option<String>) -> Response {
    let (title, what, button) = step.told(&branch.tenant().display_name);
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::About, title),
        what,
        button,
        fields: vec![("step", step.word().to_owned())],
        overlaps: Vec::new(),
        back: format!("/console/tenants/{}", branch.tenant().id),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask(Path(id): Path<String>, viewing: Viewing) -> Page {
    let step = Step::parse(viewing.text("step").unwrap_or_default())?;
    let branch = reached(&viewing.visit, &id).await?;
    Ok(question(&viewing.visit, &branch, step, None))
}

pub(crate) async fn close(Path(id): Path<String>, posted: Posted) -> Page {
    let step = Step::parse(posted.text("step"))?;
    let branch = reached(&posted.visit, &id).await?;
    proven!(&posted, |visit, problem| Ok(question(visit, &branch, step, problem)), |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let at = format!("/console/tenants/{}", branch.tenant().id);
        Ok(see_other(&match step {
            Step::Suspend => {
                tenants::suspend(core, caller, &actor, &branch).await?;
                format!("{at}?done=suspended")
            }
            Step::Resume => {
                tenants::resume(core, caller, &actor, &branch).await?;
                format!("{at}?done=resumed")
            }
            Step::Delete => {
                tenants::delete(core, caller, &actor, &branch).await?;
                "/console/tenants?done=deleted".to_owned()
            }
        }))
    })
}
