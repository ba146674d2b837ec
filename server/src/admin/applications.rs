//! `doorward application …` carried out.

use super::Desk;
use super::people::append_secret;
use super::reply::{Answer, sentence};
use super::shown::{self, short_time, yes};
use super::table::{card, table};
use super::{tenants, tokens};
use crate::cli::Failure;
use crate::cli::application::Action;
use crate::config::parse_duration;
use doorward_core::Error;
use doorward_core::applications::{self, Changes, NewApplication, NewKey};
use doorward_model::{AppId, Application};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    match action {
        Action::List { tenant } => list(desk, &tenant).await,
        Action::Show { app_id } => one(desk, &find(desk, &app_id).await?).await,
        Action::Create { tenant, name, app_id, no_key, trusted_server, origins } => {
            let branch = tenants::find(desk, &tenant).await?;
            let app_id = app_id.as_deref().map(self::app_id).transpose()?;
            let key = if no_key { NewKey::None } else { NewKey::Random };
            let new = NewApplication { name, app_id, key, trusted_server, origins };
            let made = applications::create(core, caller, actor, &branch, new).await;
            let made = made.map_err(|error| sentence(error, "such application"))?;
            let mut answer = one(desk, &made.application).await?;
            if let Some(key) = &made.key {
                append_secret(&mut answer, "app_key", key);
            }
            Ok(answer)
        }
        Action::Edit { app_id, name, trusted_server, origins, no_origins } => {
            let found = find(desk, &app_id).await?;
            let origins = Some(origins).filter(|origins| no_origins || !origins.is_empty());
            let changes = Changes { name, trusted_server, origins, ..Changes::default() };
            let edited = applications::edit(core, caller, actor, found.pool, found.id, changes).await;
            one(desk, &edited.map_err(|error| refused(error, &app_id))?).await
        }
        Action::Rotate { app_id, overlap } => {
            let (found, overlap) = (find(desk, &app_id).await?, self::overlap(&overlap)?);
            let key = applications::rotate_key(core, caller, actor, found.pool, found.id, overlap).await;
            let key = key.map_err(|error| refused(error, &app_id))?;
            let mut answer = one(desk, &find(desk, &app_id).await?).await?;
            append_secret(&mut answer, "app_key", &key);
            Ok(answer)
        }
        Action::Disable { app_id } => set_disabled(desk, &app_id, true).await,
        Action::Enable { app_id } => set_disabled(desk, &app_id, false).await,
        Action::Token(action) => tokens::execute(desk, action).await,
    }
}

async fn set_disabled(desk: &Desk<'_>, app_id: &str, disabled: bool) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    let found = find(desk, app_id).await?;
    let set = applications::set_disabled(core, caller, actor, found.pool, found.id, disabled).await;
    one(desk, &set.map_err(|error| refused(error, app_id))?).await
}

pub(super) async fn find(desk: &Desk<'_>, text: &str) -> Result<Application, Failure> {
    applications::by_app_id(desk.core, &app_id(text)?).await.map_err(|error| refused(error, text))
}

async fn list(desk: &Desk<'_>, tenant: &str) -> Result<Answer, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let listed = applications::list(desk.core, &desk.actor, &branch).await;
    let listed = listed.map_err(|error| sentence(error, &format!("tenant {tenant}")))?;
    let slugs = tenants::slugs_below(desk, &branch).await?;
    let row = |it: &Application| {
        [
            it.app_id.as_str().to_owned(),
            it.name.clone(),
            slugs.cell(it.tenant),
            yes(it.has_key),
            yes(it.trusted_server),
            (if it.disabled { "disabled" } else { "active" }).to_owned(),
            it.last_used_at.map_or("never".to_owned(), short_time),
        ]
    };
    let rows: Vec<[String; 7]> = listed.iter().map(row).collect();
    let heading = ["app_id", "name", "tenant", "key", "trusted", "status", "last used"];
    let text = table(heading, &rows, "There is no application here.");
    let data = listed.iter().map(|it| shown::application(it, &slugs)).collect::<Vec<Value>>();
    Ok(Answer { text, data: json!(data) })
}

async fn one(desk: &Desk<'_>, application: &Application) -> Result<Answer, Failure> {
    let slugs = tenants::slug_of(desk, application.pool, application.tenant).await?;
    let fields = [
        ("app_id", application.app_id.as_str().to_owned()),
        ("name", application.name.clone()),
        ("tenant", slugs.cell(application.tenant)),
        ("key", yes(application.has_key)),
        ("trusted server", yes(application.trusted_server)),
        ("origins", application.origins.join(", ")),
        ("status", (if application.disabled { "disabled" } else { "active" }).to_owned()),
        ("id", application.id.to_string()),
        ("made", short_time(application.created_at)),
        ("last used", application.last_used_at.map(short_time).unwrap_or_default()),
    ];
    Ok(Answer { text: card(&fields), data: shown::application(application, &slugs) })
}

fn app_id(text: &str) -> Result<AppId, Failure> {
    let expected =
        || Failure::usage(format!("{text:?} is no app_id: expected 4 to 64 of A-Z, a-z, 0-9, _ and -."));
    AppId::parse(text).ok_or_else(expected)
}

/// How long two secrets are good at once.
pub(super) fn overlap(text: &str) -> Result<Duration, Failure> {
    parse_duration(text).ok_or_else(|| {
        Failure::usage(format!("--overlap: expected a duration like 24h or 7d, found {text:?}."))
    })
}

pub(super) fn refused(error: Error, app_id: &str) -> Failure {
    sentence(error, &format!("application {app_id}"))
}
