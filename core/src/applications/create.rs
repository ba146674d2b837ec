//! Making an application.

use crate::installation::taken;
use crate::manage::Scope;
use crate::mint::Minted;
use crate::once::{Done, Once};
use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_crypto::{HashPurpose, hex};
use doorward_model::{AppId, Application, ApplicationId, Event, EventKind, Role, Secret, is_origin};
use doorward_store::{applications, events};

/// Random bytes of a public id: it need not be secret, only its own.
const APP_ID_BYTES: usize = 8;
/// The shortest key somebody may bring along; the keys clients hold today are longer (P9: 128 bits as hex).
const KEY_CHARS_MIN: usize = 16;

/// Why [`AppId::is_uuid`] rules an id out.
pub(crate) const NO_UUID: &str = "expected something other than a UUID, which would name a person";

/// Characters of a name: a line in a list.
const NAME_CHARS: usize = 250;

/// An application to be made.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// What people read.
    pub name: String,
    /// Its public id; `None` makes one.
    pub app_id: Option<AppId>,
    /// Whether it proves itself.
    pub key: NewKey,
    /// Whether it may be told one-time codes.
    pub trusted_server: bool,
    /// Browser origins it may be called from.
    pub origins: Vec<String>,
}

/// How a new application gets its key.
#[derive(Clone, Debug)]
pub enum NewKey {
    /// It has none: its id alone admits it.
    None,
    /// A new one.
    Random,
    /// The one its clients hold already; only an operator brings keys along.
    Chosen(Secret),
}

/// An application that was made, and its key, which is shown this once.
#[derive(Clone, Debug)]
pub struct Made {
    /// The application.
    pub application: Application,
    /// The key in clear; `None` where it has none.
    pub key: Option<Secret>,
}

/// Makes an application that may act at `branch` and below. A taken id or key is [`Error::Conflict`].
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewApplication,
) -> Result<Made> {
    match make(core, caller, actor, branch, new, None).await? {
        Done::Now(made) => Ok(made),
        Done::Before(_) => {
            Err(Error::internal("an application", &"was made before for a request without a name"))
        }
    }
}

/// The same for a request that names itself: sent again, nothing is made anew, and no key is shown again.
///
/// Errors: also [`Error::Conflict`] where another request has the name.
pub async fn create_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewApplication,
    once: Once,
) -> Result<Done<Made>> {
    make(core, caller, actor, branch, new, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewApplication,
    once: Option<Once>,
) -> Result<Done<Made>> {
    trusts(actor, actor.administers(branch)?, new.trusted_server)?;
    check(Some(&new.name), Some(&new.origins))?;
    let now = core.now();
    let key = key(core, actor, new.key)?;
    let app_id = match new.app_id {
        Some(chosen) if chosen.is_uuid() => return Err(Error::invalid("app_id", NO_UUID)),
        Some(chosen) => chosen,
        None => random_app_id(core)?,
    };
    let (pool, tenant) = (branch.pool(), branch.tenant().id);
    let application = Application {
        id: ApplicationId::new(core.uuid(now)?),
        pool,
        tenant,
        name: new.name,
        app_id,
        has_key: key.is_some(),
        trusted_server: new.trusted_server,
        origins: new.origins,
        disabled: false,
        version: 1,
        created_at: now,
        last_used_at: None,
    };
    let event = Event {
        application: Some(application.id),
        detail: Some(application.name.clone()),
        ..core.act(caller, actor, EventKind::ApplicationCreated, (pool, tenant), now)?
    };
    let (written, hash) = (application.clone(), key.as_ref().map(|key| key.hash));
    let write = core.db().write(pool, move |tx| {
        match once.as_ref().map(|once| once.claim(tx, written.id.uuid())).transpose()? {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(before))) => return Ok(Ok(Some(before))),
            Some(Err(taken)) => return Ok(Err(taken)),
        }
        applications::insert(tx, &written, hash.as_ref())?;
        events::insert(tx, &event)?;
        Ok(Ok(None))
    });
    let before =
        write.await.map_err(|fault| taken(fault, "app_id", "another application has this id or key"))??;
    Ok(match before {
        Some(before) => Done::Before(before),
        None => Done::Now(Made { application, key: key.map(|key| key.secret) }),
    })
}

/// A program that is told one-time codes can become anybody in its tree: an owner's or operator's decision, and none of a
/// token that may not do everything.
pub(crate) fn trusts(actor: &Actor, role: Role, is_trusted: bool) -> Result<()> {
    let may = role == Role::Owner && actor.holds(Scope::Everything);
    if is_trusted && !may { Err(Error::NotAllowed) } else { Ok(()) }
}

/// What people read is a line, and an origin is what a browser sends: any other would never match one.
pub(super) fn check(name: Option<&str>, origins: Option<&[String]>) -> Result<()> {
    let is_line = |name: &str| {
        !name.trim().is_empty() && name.chars().count() <= NAME_CHARS && !name.chars().any(char::is_control)
    };
    if !name.is_none_or(is_line) {
        return Err(Error::invalid("name", format!("expected a line of 1 to {NAME_CHARS} characters")));
    }
    match origins.and_then(|origins| origins.iter().find(|origin| !is_origin(origin))) {
        None => Ok(()),
        Some(other) => {
            let problem =
                format!("expected origins like https://app.example.com, without a path; found {other:?}");
            Err(Error::invalid("origins", problem))
        }
    }
}

fn key(core: &Core, actor: &Actor, wish: NewKey) -> Result<Option<Minted>> {
    match wish {
        NewKey::None => Ok(None),
        NewKey::Random => core.mint_application_key().map(Some),
        NewKey::Chosen(_) if !actor.is_operator() => Err(Error::NotAllowed),
        NewKey::Chosen(key) if key.expose().len() >= KEY_CHARS_MIN => {
            Ok(Some(core.minted(HashPurpose::ApplicationKey, key.expose().to_owned())))
        }
        NewKey::Chosen(_) => {
            Err(Error::invalid("key", format!("expected at least {KEY_CHARS_MIN} characters")))
        }
    }
}

fn random_app_id(core: &Core) -> Result<AppId> {
    let text = hex(&core.random::<APP_ID_BYTES>()?);
    AppId::parse(&text).ok_or_else(|| Error::internal("a made application id", &"is none"))
}
