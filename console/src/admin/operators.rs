//! Those who run this installation: who they are, a link for another, taking one away, and one's own password.

use super::danger::Danger;
use super::frame::{Frame, Room};
use super::once;
use super::prove::proven;
use super::secret;
use super::trouble::{Page, mendable, status};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other, signed_in};
use askama::Template;
use axum::extract::Path;
use doorward_core::Error;
use doorward_core::browser::{self, Visitor};
use doorward_core::operators::{self, OpenLink};
use doorward_model::{Operator, OperatorId, OperatorLinkId, Secret};
use doorward_web::Response;

struct Row {
    id: OperatorId,
    email: String,
    made: When,
    is_oneself: bool,
}

/// A link that nobody has opened yet.
struct Open {
    id: OperatorLinkId,
    made_by: String,
    made: When,
    ends: When,
}

impl Open {
    fn of(link: OpenLink) -> Self {
        let by = link.made_by.map(|by| by.email.as_written().to_owned());
        Self {
            id: link.id,
            made_by: by.unwrap_or_else(|| "the machine itself".to_owned()),
            made: when(link.created_at),
            ends: when(link.ends_at),
        }
    }
}

#[derive(Template)]
#[template(path = "console/operators.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    open: Vec<Open>,
    problem: Option<String>,
}

/// The operator in front of this browser; everybody else has no business here.
fn oneself(visit: &Visit) -> Result<&browser::SignedInOperator, Error> {
    match &visit.visitor {
        Visitor::Operator(it) => Ok(it),
        Visitor::Person(_) => Err(Error::NotAllowed),
    }
}

pub(crate) async fn list(viewing: Viewing) -> Page {
    shown(&viewing.visit, viewing.text("done"), None).await
}

async fn shown(visit: &Visit, done: Option<&str>, problem: Option<String>) -> Page {
    let own = oneself(visit)?.operator.id;
    let row = |it: &Operator| Row {
        id: it.id,
        email: it.email.as_written().to_owned(),
        made: when(it.created_at),
        is_oneself: it.id == own,
    };
    let rows = operators::list(&visit.core).await?.iter().map(row).collect();
    let open = operators::list_links(&visit.core, &visit.actor()).await?.into_iter().map(Open::of).collect();
    let frame = Frame::of(visit, Room::Operators, "Operators").saying(done);
    Ok(render(status(&problem), &List { frame, rows, open, problem }))
}

fn inviting(visit: &Visit, problem: Option<String>) -> Response {
    let danger = Danger {
        frame: Frame::of(visit, Room::Operators, "Make another operator?"),
        what: vec![
            "You get a link to send them. Whoever opens it first becomes an operator and may do everything here.".to_owned(),
            "It works once, for a day.".to_owned(),
        ],
        button: "Make the link",
        fields: vec![("once", visit.forms.to_string())],
        overlaps: Vec::new(),
        back: "/console/operators".to_owned(),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask_invite(viewing: Viewing) -> Page {
    oneself(&viewing.visit)?;
    Ok(inviting(&viewing.visit, None))
}

pub(crate) async fn invite(posted: Posted) -> Page {
    oneself(&posted.visit)?;
    proven!(&posted, |visit, problem| Ok(inviting(visit, problem)), |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let link = match once::of(&posted, &[]) {
            Some(once) => operators::invite_once(core, caller, &actor, once).await,
            None => operators::invite(core, caller, &actor).await,
        };
        let frame = Frame::of(visit, Room::Operators, "A link for another operator");
        let back = "/console/operators".to_owned();
        let Some(link) = once::first(link)? else {
            return Ok(once::made_before(
                frame,
                "If you did not copy it, take it back and make another.",
                back,
            ));
        };
        let advice = "Send it in a way that only they can read. It works once, for a day.";
        Ok(secret::page(frame, None, ("Link", &link.url), advice, back))
    })
}

/// Takes a link back. Nobody gets anything by that, so no proof is asked for.
pub(crate) async fn withdraw(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    oneself(visit)?;
    let id = OperatorLinkId::parse(&id).ok_or(Error::NotFound)?;
    match operators::withdraw(&visit.core, &visit.caller, &visit.actor(), id).await {
        // One that was opened or taken back meanwhile stands in the list no more.
        Ok(()) | Err(Error::NotFound) => Ok(see_other("/console/operators?done=withdrawn")),
        Err(other) => Err(other.into()),
    }
}

fn removing(visit: &Visit, operator: &Operator, problem: Option<String>) -> Response {
    let danger = Danger {
        frame: Frame::of(visit, Room::Operators, format!("Take {} away?", operator.email.as_written())),
        what: vec!["They are signed out at once, and their tokens are refused.".to_owned()],
        button: "Take away",
        fields: Vec::new(),
        overlaps: Vec::new(),
        back: "/console/operators".to_owned(),
        problem,
    };
    danger.render()
}

async fn named(visit: &Visit, id: &str) -> Result<Operator, Error> {
    oneself(visit)?;
    let id = OperatorId::parse(id).ok_or(Error::NotFound)?;
    operators::list(&visit.core).await?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)
}

pub(crate) async fn ask_remove(Path(id): Path<String>, viewing: Viewing) -> Page {
    let operator = named(&viewing.visit, &id).await?;
    Ok(removing(&viewing.visit, &operator, None))
}

pub(crate) async fn remove(Path(id): Path<String>, posted: Posted) -> Page {
    let operator = named(&posted.visit, &id).await?;
    proven!(&posted, |visit, problem| Ok(removing(visit, &operator, problem)), |visit| {
        operators::remove(&visit.core, &visit.caller, &visit.actor(), operator.id).await?;
        Ok(see_other("/console/operators?done=removed"))
    })
}

/// Changes one's own password: the present one is asked for whenever they signed in.
pub(crate) async fn change_password(posted: Posted) -> Page {
    let visit = &posted.visit;
    let secret = |name| posted.fields.secret(name).ok().flatten().unwrap_or_else(|| Secret::new(""));
    let (present, new, again) = (secret("present"), secret("password"), secret("password_again"));
    oneself(visit)?;
    if new.expose() != again.expose() {
        let problem = "The two new passwords are not the same. Please type them again.".to_owned();
        return shown(visit, None, Some(problem)).await;
    }
    let (anew, token) = match browser::confirm(&visit.core, &visit.caller, &visit.visitor, present).await {
        Ok(confirmed) => confirmed,
        Err(error) => return shown(visit, None, Some(mendable(error)?)).await,
    };
    let proven = Visit { visitor: anew, ..visit.clone() };
    let who = oneself(&proven)?.clone();
    match operators::change_password(&visit.core, &visit.caller, &who, &new).await {
        Ok(()) => {
            // Every session ended with the old password; this browser goes on with the new one.
            let email = who.operator.email.as_written();
            let (_, token) = browser::operator(&visit.core, &visit.caller, email, new).await?;
            Ok(signed_in("/console/operators?done=password", &token, visit.secure))
        }
        Err(error) => {
            let page = shown(&proven, None, Some(mendable(error)?)).await?;
            Ok(crate::visit::keep(page, &token, visit.secure))
        }
    }
}
