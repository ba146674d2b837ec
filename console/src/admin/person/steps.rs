//! What can be done with a person: helped, signed out, disabled, deleted.

use super::{address, found};
use crate::admin::danger::Danger;
use crate::admin::frame::{Frame, Part};
use crate::admin::people::name;
use crate::admin::prove::proven;
use crate::admin::trouble::{Page, mendable};
use crate::visit::{Posted, Viewing, Visit, see_other};
use axum::extract::Path;
use doorward_core::links::LinkForm;
use doorward_core::people::{self, Listed};
use doorward_core::sessions::{self, Whose};
use doorward_core::{Branch, Error, invite, passwords};
use doorward_model::SessionId;
use doorward_web::Response;

/// What can be done with a person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Disable,
    Enable,
    Delete,
    Invite,
    Reset,
    EndAll,
    End(SessionId),
}

impl Step {
    fn parse(word: &str, session: &str) -> Result<Self, Error> {
        Ok(match word {
            "disable" => Self::Disable,
            "enable" => Self::Enable,
            "delete" => Self::Delete,
            "invite" => Self::Invite,
            "reset" => Self::Reset,
            "end-all" => Self::EndAll,
            "end" => Self::End(SessionId::parse(session).ok_or(Error::NotFound)?),
            _ => return Err(Error::NotFound),
        })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
            Self::Invite => "invite",
            Self::Reset => "reset",
            Self::EndAll => "end-all",
            Self::End(_) => "end",
        }
    }

    /// What a page says after it.
    const fn done(self) -> &'static str {
        match self {
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::Delete => "deleted",
            Self::Invite => "invited",
            Self::Reset => "reset",
            Self::EndAll | Self::End(_) => "ended",
        }
    }

    /// Whether it is asked once more, with the password of whoever signed in a while ago. What somebody can mend by
    /// signing in again, or is merely a mail, is not.
    const fn is_dangerous(self) -> bool {
        match self {
            Self::Disable | Self::Enable | Self::Delete => true,
            Self::Invite | Self::Reset | Self::EndAll | Self::End(_) => false,
        }
    }

    /// Title, what happens, the button.
    fn told(self, name: &str) -> (String, Vec<String>, &'static str) {
        match self {
            Self::Disable => (
                format!("Disable {name}?"),
                vec!["They are signed out everywhere now, and their keys stop working, until you enable them again.".to_owned()],
                "Disable",
            ),
            Self::Enable => (
                format!("Enable {name} again?"),
                vec!["They can sign in again. Earlier sessions and keys stay ended.".to_owned()],
                "Enable",
            ),
            Self::Delete => (
                format!("Delete {name}?"),
                vec![
                    "They are signed out everywhere now and gone for every client; their keys end.".to_owned(),
                    "This cannot be undone. What they did stays in the events.".to_owned(),
                ],
                "Delete for good",
            ),
            Self::Invite => (format!("Invite {name} again?"), vec!["A new link is mailed to them.".to_owned()], "Invite"),
            Self::Reset => (
                format!("Mail {name} a reset link?"),
                vec!["They get a link with which they choose a new password.".to_owned()],
                "Send it",
            ),
            Self::EndAll | Self::End(_) => {
                (format!("Sign {name} out?"), vec!["They can sign in again at once.".to_owned()], "Sign out")
            }
        }
    }
}

fn question(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    step: Step,
    problem: Option<String>,
) -> Response {
    let person = &listed.person;
    let (title, mut what, button) = step.told(&name(&person.profile, &person.email));
    // Two people may have one name.
    what.insert(0, format!("It is about {}, number {}.", person.email.as_written(), person.number.get()));
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::People, title),
        what,
        button,
        fields: vec![("step", step.word().to_owned())],
        overlaps: Vec::new(),
        back: address(branch, listed.person.id),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask(Path((tenant, person)): Path<(String, String)>, viewing: Viewing) -> Page {
    let step = Step::parse(viewing.text("step").unwrap_or_default(), "")?;
    let (branch, listed) = found(&viewing.visit, &tenant, &person).await?;
    Ok(question(&viewing.visit, (&branch, &listed), step, None))
}

pub(crate) async fn act(Path((tenant, person)): Path<(String, String)>, posted: Posted) -> Page {
    let step = Step::parse(posted.text("step"), posted.text("session"))?;
    let (branch, listed) = found(&posted.visit, &tenant, &person).await?;
    let step_taken = async |visit: &Visit| -> Result<Response, Error> {
        take(visit, &branch, &listed, step).await?;
        let at = match step {
            Step::Delete => format!("/console/tenants/{}/people", branch.tenant().id),
            Step::Disable | Step::Enable | Step::Invite | Step::Reset | Step::EndAll | Step::End(_) => {
                address(&branch, listed.person.id)
            }
        };
        Ok(see_other(&format!("{at}?done={}", step.done())))
    };
    if !step.is_dangerous() {
        return match step_taken(&posted.visit).await {
            Ok(answer) => Ok(answer),
            Err(error) => Ok(question(&posted.visit, (&branch, &listed), step, Some(mendable(error)?))),
        };
    }
    proven!(&posted, |visit, problem| Ok(question(visit, (&branch, &listed), step, problem)), |visit| {
        step_taken(visit).await
    })
}

async fn take(visit: &Visit, branch: &Branch, listed: &Listed, step: Step) -> Result<(), Error> {
    let (core, caller, actor, id) = (&visit.core, &visit.caller, visit.actor(), listed.person.id);
    let whose = Whose::Of { actor: &actor, branch, person: id };
    match step {
        Step::Disable => people::disable(core, caller, &actor, branch, id).await.map(drop),
        Step::Enable => people::enable(core, caller, &actor, branch, id).await.map(drop),
        Step::Delete => people::delete(core, caller, &actor, branch, id).await.map(drop),
        Step::Invite => invite::again(core, caller, &actor, branch, id, LinkForm::INVITATION).await,
        Step::Reset => {
            let email = listed.person.email.as_written();
            passwords::reset::request_as(core, caller, &actor, branch, email, LinkForm::RESET).await
        }
        Step::EndAll => sessions::end_all(core, caller, whose, None).await.map(drop),
        Step::End(session) => match sessions::end(core, caller, whose, session).await {
            // It ended meanwhile, which is what was asked for.
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(other) => Err(other),
        },
    }
}
