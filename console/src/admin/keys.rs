//! Access keys of a tenant's people: listed, made, renewed with an overlap, disabled.

use super::danger::Danger;
use super::frame::{Frame, Part};
use super::meanwhile::{self, RENEW};
use super::people::name;
use super::prove::proven;
use super::tenant::reached;
use super::trouble::{Page, mendable, status};
use super::when::{When, expiry, when};
use super::{once, overlap, secret};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::access_keys::{self, KeyState, ListedKey, NewKey};
use doorward_core::once::Once;
use doorward_core::{Branch, Error, people};
use doorward_model::{AccessKeyId, Email, TenantId};
use doorward_web::Response;
use uuid::Uuid;

/// Rows of a page.
const ROWS: usize = 50;

pub(super) struct Row {
    pub(super) id: AccessKeyId,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) owner: String,
    pub(super) owner_href: String,
    pub(super) state: &'static str,
    pub(super) is_good: bool,
    pub(super) is_disabled: bool,
    pub(super) last_used: Option<When>,
    pub(super) previous_until: Option<When>,
    pub(super) expires: Option<When>,
}

impl Row {
    pub(super) fn of(branch: &Branch, it: &ListedKey) -> Self {
        Self {
            id: it.key.id,
            name: it.key.name.as_str().to_owned(),
            label: it.key.label.clone(),
            owner: name(&it.person.profile, &it.person.email),
            owner_href: format!("/console/tenants/{}/people/{}", branch.tenant().id, it.person.id),
            state: it.state.as_str(),
            is_good: it.state == KeyState::Active,
            is_disabled: it.state == KeyState::Disabled,
            last_used: it.key.last_used_at.map(when),
            previous_until: it.key.previous_until.map(when),
            expires: it.key.expires_at.map(when),
        }
    }
}

#[derive(Template)]
#[template(path = "console/keys.html")]
struct List<'a> {
    frame: Frame,
    tenant: TenantId,
    rows: Vec<Row>,
    next: Option<AccessKeyId>,
    email: &'a str,
    label: &'a str,
    days: &'a str,
    problem: Option<String>,
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let after = viewing.text("after").and_then(AccessKeyId::parse);
    let typed = [viewing.text("email").unwrap_or_default(), "", ""];
    shown(&viewing.visit, &branch, after, viewing.text("done"), typed, None).await
}

async fn shown(
    visit: &Visit,
    branch: &Branch,
    after: Option<AccessKeyId>,
    done: Option<&str>,
    [email, label, days]: [&str; 3],
    problem: Option<String>,
) -> Page {
    let after = after.unwrap_or(AccessKeyId::new(Uuid::nil()));
    let part = (after, ROWS + 1);
    let mut found = access_keys::list_after(&visit.core, &visit.actor(), branch, None, part).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let list = List {
        frame: Frame::at(visit, branch, Part::Keys, "Access keys").saying(done),
        tenant: branch.tenant().id,
        next: found.last().filter(|_| more).map(|last| last.key.id),
        rows: found.iter().map(|it| Row::of(branch, it)).collect(),
        email,
        label,
        days,
        problem,
    };
    Ok(render(status(&list.problem), &list))
}

/// The fields of a new key.
const FIELDS: [&str; 3] = ["email", "label", "days"];

const MADE_BEFORE: &str = "If you did not copy it, renew the secret of that key.";

/// Makes a key pair that stands for a person.
pub(crate) async fn create(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let typed = FIELDS.map(|name| posted.text(name));
    proven!(&posted, |visit, problem| shown(visit, &branch, None, None, typed, problem).await, |visit| {
        let made = once::first(issue(visit, &branch, typed, once::of(&posted, &FIELDS)).await)?;
        let frame = Frame::at(visit, &branch, Part::Keys, "The key pair");
        let back = format!("/console/tenants/{}/keys", branch.tenant().id);
        let Some(made) = made else { return Ok(once::made_before(frame, MADE_BEFORE, back)) };
        let public = Some(("Access key", made.key.name.as_str()));
        Ok(secret::page(frame, public, ("Secret key", &made.secret), PAIR_ADVICE, back))
    })
}

const PAIR_ADVICE: &str =
    "Whoever has both can do what the person can do. Give them to the program, and to nobody else.";

async fn issue(
    visit: &Visit,
    branch: &Branch,
    [email, label, days]: [&str; 3],
    once: Option<Once>,
) -> Result<access_keys::IssuedKey, Error> {
    let email = Email::parse(email).map_err(|error| Error::invalid("e-mail_address", error.to_string()))?;
    let person = people::by_email(&visit.core, branch.pool(), &email).await.map_err(nobody)?;
    let new = NewKey {
        person: person.id,
        label: label.to_owned(),
        rate: None,
        expires_at: expiry(days, visit.now)?,
    };
    let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
    let issued = match once {
        Some(once) => access_keys::create_once(core, caller, &actor, branch, new, once).await,
        None => access_keys::create(core, caller, &actor, branch, new).await,
    };
    // They may be somebody, and have no place here.
    issued.map_err(nobody)
}

/// What is not found is the person.
fn nobody(error: Error) -> Error {
    if matches!(error, Error::NotFound) {
        Error::invalid("e-mail_address", "nobody here has it")
    } else {
        error
    }
}

/// What can be done with a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rotate,
    Disable,
    Enable,
}

impl Step {
    fn parse(word: &str) -> Result<Self, Error> {
        Ok(match word {
            "rotate" => Self::Rotate,
            "disable" => Self::Disable,
            "enable" => Self::Enable,
            _ => return Err(Error::NotFound),
        })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }

    /// Title, what happens, the button.
    fn told(self, label: &str) -> (String, Vec<String>, &'static str) {
        match self {
            Self::Rotate => (
                format!("Renew the secret of {label}?"),
                vec!["The new one is shown once. Let the present one go on for as long as the program needs to change over.".to_owned()],
                "Make a new secret",
            ),
            Self::Disable => (
                format!("Disable {label}?"),
                vec!["It is refused everywhere at once, until you enable it again.".to_owned()],
                "Disable",
            ),
            Self::Enable => (format!("Enable {label} again?"), vec!["It works again.".to_owned()], "Enable"),
        }
    }
}

fn question(
    visit: &Visit,
    (branch, key): (&Branch, &ListedKey),
    (step, chosen): (Step, Option<&str>),
    problem: Option<String>,
) -> Response {
    let (title, what, button) = step.told(&key.key.label);
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::Keys, title),
        what,
        button,
        fields: vec![("step", step.word().to_owned()), ("version", key.key.version.to_string())],
        overlaps: if step == Step::Rotate { overlap::choices(chosen) } else { Vec::new() },
        back: format!("/console/tenants/{}/keys", branch.tenant().id),
        problem,
    };
    danger.render()
}

async fn found(visit: &Visit, tenant: &str, id: &str) -> Result<(Branch, ListedKey), super::Trouble> {
    let branch = reached(visit, tenant).await?;
    let id = AccessKeyId::parse(id).ok_or(Error::NotFound)?;
    let listed = access_keys::one_of(&visit.core, &visit.actor(), &branch, id).await?;
    Ok((branch, listed))
}

pub(crate) async fn ask(Path((tenant, id)): Path<(String, String)>, viewing: Viewing) -> Page {
    let step = Step::parse(viewing.text("step").unwrap_or_default())?;
    let (branch, key) = found(&viewing.visit, &tenant, &id).await?;
    Ok(question(&viewing.visit, (&branch, &key), (step, None), None))
}

pub(crate) async fn act(Path((tenant, id)): Path<(String, String)>, posted: Posted) -> Page {
    let step = Step::parse(posted.text("step"))?;
    let (branch, key) = found(&posted.visit, &tenant, &id).await?;
    let (overlap, chosen) = (posted.text("overlap"), posted.given("overlap"));
    if step == Step::Rotate
        && let Err(stale) = meanwhile::check(&posted, key.key.version, RENEW)
    {
        let problem = Some(mendable(stale)?);
        return Ok(question(&posted.visit, (&branch, &key), (step, chosen), problem));
    }
    proven!(
        &posted,
        |visit, problem| Ok(question(visit, (&branch, &key), (step, chosen), problem)),
        |visit| take(visit, &branch, &key, step, overlap).await
    )
}

async fn take(
    visit: &Visit,
    branch: &Branch,
    key: &ListedKey,
    step: Step,
    overlap: &str,
) -> Result<Response, Error> {
    let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
    let (pool, id) = (branch.pool(), key.key.id);
    let back = format!("/console/tenants/{}/keys", branch.tenant().id);
    match step {
        Step::Rotate => {
            let overlap = overlap::parse(overlap)?;
            let (key_of, version) = ((pool, id), Some(key.key.version));
            let made = access_keys::rotate_version(core, caller, &actor, key_of, overlap, version).await;
            let made = made.map_err(|error| meanwhile::told(error, RENEW))?;
            let frame = Frame::at(visit, branch, Part::Keys, "The new secret");
            let public = Some(("Access key", key.key.name.as_str()));
            return Ok(secret::page(frame, public, ("Secret key", &made.secret), PAIR_ADVICE, back));
        }
        Step::Disable => drop(access_keys::disable(core, caller, &actor, pool, id).await?),
        Step::Enable => drop(access_keys::enable(core, caller, &actor, pool, id).await?),
    }
    Ok(see_other(&format!("{back}?done=saved")))
}
