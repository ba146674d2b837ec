//! `doorward application token …` carried out.

use super::Desk;
use super::applications::{find, refused};
use super::keys::moment;
use super::people::append_secret;
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::{card, table};
use crate::cli::Failure;
use crate::cli::application::TokenAction as Action;
use doorward_core::application_tokens::{self, ListedToken, NewToken};
use doorward_model::{Application, ApplicationTokenId, Audience};
use serde_json::{Value, json};

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    match action {
        Action::Create { app_id, label, audience, scopes, expires } => {
            let found = find(desk, &app_id).await?;
            let expires_at = expires.as_deref().map(moment).transpose()?;
            let new = NewToken { label, scopes, audience: self::audience(&audience)?, expires_at };
            let made = application_tokens::create(core, caller, actor, (found.pool, found.id), new).await;
            let made = made.map_err(|error| refused(error, &app_id))?;
            let mut answer = one(desk, &found, made.token.id).await?;
            append_secret(&mut answer, "token", &made.secret);
            Ok(answer)
        }
        Action::List { app_id } => list(desk, &find(desk, &app_id).await?).await,
        Action::Revoke { app_id, token } => {
            let found = find(desk, &app_id).await?;
            let id = ApplicationTokenId::parse(&token).ok_or_else(|| {
                Failure::usage(format!("{token:?} is no token's id."))
                    .hint("`doorward application token list` shows the ids.")
            })?;
            let revoked = application_tokens::revoke(core, caller, actor, (found.pool, found.id), id).await;
            revoked.map_err(|error| sentence(error, &format!("token {token} of {app_id}")))?;
            one(desk, &found, id).await
        }
    }
}

async fn listed(desk: &Desk<'_>, application: &Application) -> Result<Vec<ListedToken>, Failure> {
    let listed = application_tokens::list(desk.core, &desk.actor, application.pool, application.id).await;
    listed.map_err(|error| refused(error, application.app_id.as_str()))
}

async fn list(desk: &Desk<'_>, application: &Application) -> Result<Answer, Failure> {
    let listed = listed(desk, application).await?;
    let row = |it: &ListedToken| {
        [
            it.token.id.to_string(),
            it.token.label.clone(),
            it.token.audience.as_str().to_owned(),
            it.token.scopes.join(" "),
            it.state.as_str().to_owned(),
            it.token.expires_at.map_or("never".to_owned(), short_time),
            it.token.last_used_at.map_or("never".to_owned(), short_time),
        ]
    };
    let rows: Vec<[String; 7]> = listed.iter().map(row).collect();
    let heading = ["id", "label", "audience", "scopes", "state", "expires", "last used"];
    let text = table(heading, &rows, "There is no token here.");
    Ok(Answer { text, data: json!(listed.iter().map(shown::token).collect::<Vec<Value>>()) })
}

/// A token as it is now.
async fn one(desk: &Desk<'_>, application: &Application, id: ApplicationTokenId) -> Result<Answer, Failure> {
    let all = listed(desk, application).await?;
    let found = all.iter().find(|listed| listed.token.id == id);
    let listed = found.ok_or_else(|| Failure::new(format!("There is no token {id}.")))?;
    let token = &listed.token;
    let fields = [
        ("id", token.id.to_string()),
        ("application", application.app_id.as_str().to_owned()),
        ("label", token.label.clone()),
        ("audience", token.audience.as_str().to_owned()),
        ("scopes", token.scopes.join(" ")),
        ("state", listed.state.as_str().to_owned()),
        ("expires", token.expires_at.map_or("never".to_owned(), short_time)),
        ("revoked", token.revoked_at.map(short_time).unwrap_or_default()),
        ("made", short_time(token.created_at)),
        ("last used", token.last_used_at.map(short_time).unwrap_or_default()),
    ];
    Ok(Answer { text: card(&fields), data: shown::token(listed) })
}

fn audience(text: &str) -> Result<Audience, Failure> {
    Audience::parse(text).ok_or_else(|| {
        Failure::usage(format!("--audience: expected the name of one route, or \"*\"; found {text:?}."))
    })
}
