//! What can be done with a program: another key, none, turning it off and on, revoking a token. Each is asked once more.

use super::{address, found};
use crate::admin::applications::KEY_ADVICE;
use crate::admin::danger::Danger;
use crate::admin::frame::{Frame, Part};
use crate::admin::meanwhile::{self, RENEW};
use crate::admin::prove::proven;
use crate::admin::trouble::{Page, mendable};
use crate::admin::{overlap, secret};
use crate::visit::{Posted, Viewing, Visit, see_other};
use axum::extract::Path;
use doorward_core::applications::{self, Listed};
use doorward_core::{Branch, Error, application_tokens};
use doorward_model::ApplicationTokenId;
use doorward_web::Response;
use std::time::Duration;

/// What can be done with a program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rotate,
    RemoveKey,
    Disable,
    Enable,
    Revoke(ApplicationTokenId),
}

impl Step {
    fn parse(word: &str, token: &str) -> Result<Self, Error> {
        Ok(match word {
            "rotate" => Self::Rotate,
            "remove-key" => Self::RemoveKey,
            "disable" => Self::Disable,
            "enable" => Self::Enable,
            "revoke" => Self::Revoke(ApplicationTokenId::parse(token).ok_or(Error::NotFound)?),
            _ => return Err(Error::NotFound),
        })
    }

    /// Title, what happens, the button.
    fn told(self, name: &str) -> (String, Vec<String>, &'static str) {
        match self {
            Self::Rotate => (
                format!("Give {name} a new key?"),
                vec!["The new one is shown once. Let the present one go on for as long as the program needs to change over.".to_owned()],
                "Make a new key",
            ),
            Self::RemoveKey => (
                format!("Take the key of {name} away?"),
                vec!["Its id alone lets it in from now on. That is right for programs that cannot keep a secret.".to_owned()],
                "Take it away",
            ),
            Self::Disable => {
                (format!("Disable {name}?"), vec!["It is refused everywhere at once, and so are its tokens.".to_owned()], "Disable")
            }
            Self::Enable => (format!("Enable {name} again?"), vec!["It is let in again, and its tokens work again.".to_owned()], "Enable"),
            Self::Revoke(_) => {
                ("Revoke this token?".to_owned(), vec!["It is refused from now on, for good.".to_owned()], "Revoke")
            }
        }
    }
}

fn question(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    sent: [&str; 2],
    (step, chosen): (Step, Option<&str>),
    problem: Option<String>,
) -> Response {
    let (title, what, button) = step.told(&listed.application.name);
    let [word, token] = sent.map(str::to_owned);
    let sent = [word, token, listed.application.version.to_string()];
    let is_replaced = step == Step::Rotate && listed.application.has_key;
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::Applications, title),
        what,
        button,
        fields: ["step", "token", "version"].into_iter().zip(sent).collect(),
        overlaps: if is_replaced { overlap::choices(chosen) } else { Vec::new() },
        back: address(branch, listed.application.id),
        problem,
    };
    danger.render()
}

pub(crate) async fn ask(Path((tenant, id)): Path<(String, String)>, viewing: Viewing) -> Page {
    let sent = ["step", "token"].map(|name| viewing.text(name).unwrap_or_default());
    let [word, token] = sent;
    let step = Step::parse(word, token)?;
    let (branch, listed) = found(&viewing.visit, &tenant, &id).await?;
    Ok(question(&viewing.visit, (&branch, &listed), sent, (step, None), None))
}

pub(crate) async fn act(Path((tenant, id)): Path<(String, String)>, posted: Posted) -> Page {
    let sent = ["step", "token"].map(|name| posted.text(name));
    let [word, token] = sent;
    let step = Step::parse(word, token)?;
    let (branch, listed) = found(&posted.visit, &tenant, &id).await?;
    let overlap = posted.given("overlap");
    if step == Step::Rotate
        && let Err(stale) = meanwhile::check(&posted, listed.application.version, RENEW)
    {
        let problem = Some(mendable(stale)?);
        return Ok(question(&posted.visit, (&branch, &listed), sent, (step, overlap), problem));
    }
    proven!(
        &posted,
        |visit, problem| Ok(question(visit, (&branch, &listed), sent, (step, overlap), problem)),
        |visit| take(visit, &branch, &listed, step, overlap).await
    )
}

async fn take(
    visit: &Visit,
    branch: &Branch,
    listed: &Listed,
    step: Step,
    overlap: Option<&str>,
) -> Result<Response, Error> {
    let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
    let (pool, id) = (branch.pool(), listed.application.id);
    let here = address(branch, id);
    let done = match step {
        Step::Rotate => {
            let overlap = overlap.map_or(Ok(Duration::ZERO), overlap::parse)?;
            let (of, version) = ((pool, id), Some(listed.application.version));
            let key = applications::rotate_key_version(core, caller, &actor, of, overlap, version).await;
            let key = key.map_err(|error| meanwhile::told(error, RENEW))?;
            let frame = Frame::at(visit, branch, Part::Applications, "The new key");
            let public = Some(("App-Id", listed.application.app_id.as_str()));
            return Ok(secret::page(frame, public, ("App-Key", &key), KEY_ADVICE, here));
        }
        Step::RemoveKey => {
            applications::remove_key(core, caller, &actor, pool, id).await?;
            "saved"
        }
        Step::Disable | Step::Enable => {
            let disabled = step == Step::Disable;
            applications::set_disabled(core, caller, &actor, pool, id, disabled).await?;
            "saved"
        }
        Step::Revoke(token) => {
            application_tokens::revoke(core, caller, &actor, (pool, id), token).await?;
            "revoked"
        }
    };
    Ok(see_other(&format!("{here}?done={done}")))
}
