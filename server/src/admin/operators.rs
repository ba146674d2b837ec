//! `doorward operator …` carried out.

use super::Desk;
use super::keys::moment;
use super::people::append_secret;
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::{card, table};
use crate::cli::Failure;
use crate::cli::operator::{Action, TokenAction};
use doorward_core::manage::Scope;
use doorward_core::operator_tokens::{self, ListedOperatorToken, NewOperatorToken};
use doorward_core::{operators, tenants};
use doorward_model::{Operator, OperatorTokenId, PoolId, Slug};
use serde_json::{Value, json};

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    match action {
        Action::List => list(desk).await,
        Action::Link => link(desk).await,
        Action::Remove { operator } => {
            let found = find(desk, &operator).await?;
            let removed = operators::remove(core, caller, actor, found.id).await;
            removed.map_err(|error| sentence(error, &format!("operator {operator}")))?;
            list(desk).await
        }
        Action::Token(TokenAction::Create { operator, label, scopes, pool, expires }) => {
            let scopes = scopes.iter().map(|word| scope(word)).collect::<Result<Vec<_>, _>>()?;
            let only_pool = match pool {
                Some(slug) => Some(self::pool(desk, &slug).await?),
                None => None,
            };
            let expires_at = expires.as_deref().map(moment).transpose()?;
            let operator = find(desk, &operator).await?.id;
            let new = NewOperatorToken { operator, label, scopes, only_pool, expires_at };
            let made = operator_tokens::create(core, caller, actor, new).await;
            let made = made.map_err(|error| sentence(error, "such operator"))?;
            let mut answer = one(desk, made.token.id).await?;
            append_secret(&mut answer, "token", &made.secret);
            Ok(answer)
        }
        Action::Token(TokenAction::List) => list_tokens(desk).await,
        Action::Token(TokenAction::Revoke { token }) => {
            let id = OperatorTokenId::parse(&token).ok_or_else(|| {
                Failure::usage(format!("{token:?} is no token's id."))
                    .hint("`doorward operator token list` shows the ids.")
            })?;
            let revoked = operator_tokens::revoke(core, caller, actor, id).await;
            revoked.map_err(|error| sentence(error, &format!("token {token}")))?;
            one(desk, id).await
        }
    }
}

async fn link(desk: &Desk<'_>) -> Result<Answer, Failure> {
    let made = operators::invite(desk.core, &desk.caller, &desk.actor).await;
    let made = made.map_err(|error| sentence(error, "such operator"))?;
    let text =
        format!("{}\n\nWhoever opens it becomes an operator. It works once, for a day.\n", made.url.expose());
    let data = json!({ "link": made.url.expose(), "ends_at": shown::time(made.ends_at) });
    Ok(Answer { text, data })
}

async fn known(desk: &Desk<'_>) -> Result<Vec<Operator>, Failure> {
    operators::list(desk.core).await.map_err(|error| sentence(error, "such operator"))
}

async fn list(desk: &Desk<'_>) -> Result<Answer, Failure> {
    let all = known(desk).await?;
    let row = |it: &Operator| [it.email.as_written().to_owned(), short_time(it.created_at)];
    let rows: Vec<[String; 2]> = all.iter().map(row).collect();
    let text = table(["e-mail", "made"], &rows, "There is no operator yet: `doorward init` makes the first.");
    let data = all.iter().map(|it| {
        json!({
            "id": it.id.to_string(),
            "email": it.email.as_written(),
            "created_at": shown::time(it.created_at),
        })
    });
    Ok(Answer { text, data: Value::Array(data.collect()) })
}

async fn find(desk: &Desk<'_>, email: &str) -> Result<Operator, Failure> {
    let found = known(desk).await?.into_iter().find(|it| it.email.as_written() == email);
    found.ok_or_else(|| {
        Failure::new(format!("There is no operator {email}."))
            .hint("`doorward operator list` shows them; `doorward init` makes the first.")
    })
}

/// The tree of a slug, which must be its top: a token is for whole trees.
async fn pool(desk: &Desk<'_>, slug: &str) -> Result<PoolId, Failure> {
    let unknown = || Failure::new(format!("There is no tenant {slug}."));
    let found = tenants::by_slug(desk.core, &Slug::parse(slug).map_err(|_| unknown())?).await;
    let branch = found.map_err(|error| sentence(error, &format!("tenant {slug}")))?;
    if branch.parent().is_some() {
        return Err(Failure::new(format!("{slug} is not the top of a tree; {} is.", branch.root().slug))
            .hint("For a tenant below, make an application's token with --audience manage."));
    }
    Ok(branch.pool())
}

/// A server of another version may know other scopes than its command line.
fn scope(word: &str) -> Result<Scope, Failure> {
    Scope::parse(word).ok_or_else(|| Failure::usage(format!("--scope: {word:?} is no scope.")))
}

async fn tokens(desk: &Desk<'_>) -> Result<Vec<ListedOperatorToken>, Failure> {
    let listed = operator_tokens::list(desk.core, &desk.actor).await;
    listed.map_err(|error| sentence(error, "such token"))
}

/// The slug of a token's tree.
async fn reach(desk: &Desk<'_>, it: &ListedOperatorToken) -> Result<Option<String>, Failure> {
    let Some(pool) = it.token.only_pool else { return Ok(None) };
    match tenants::by_id(desk.core, pool, pool.root()).await {
        Ok(branch) => Ok(Some(branch.tenant().slug.to_string())),
        // Deleted since.
        Err(doorward_core::Error::NotFound) => Ok(Some(pool.to_string())),
        Err(error) => Err(sentence(error, "such tenant")),
    }
}

async fn list_tokens(desk: &Desk<'_>) -> Result<Answer, Failure> {
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for it in tokens(desk).await? {
        let reach = reach(desk, &it).await?;
        rows.push([
            it.token.id.to_string(),
            it.operator.as_written().to_owned(),
            it.token.label.clone(),
            it.token.scopes.join(" "),
            reach.clone().unwrap_or_else(|| "every tree".to_owned()),
            it.state.as_str().to_owned(),
            it.token.expires_at.map_or("never".to_owned(), short_time),
            it.token.last_used_at.map_or("never".to_owned(), short_time),
        ]);
        data.push(shown::operator_token(&it, reach.as_deref()));
    }
    let heading = ["id", "operator", "label", "scopes", "reaches", "state", "expires", "last used"];
    Ok(Answer { text: table(heading, &rows, "There is no token."), data: Value::Array(data) })
}

/// A token as it is now.
async fn one(desk: &Desk<'_>, id: OperatorTokenId) -> Result<Answer, Failure> {
    let found = tokens(desk).await?.into_iter().find(|it| it.token.id == id);
    let it = found.ok_or_else(|| Failure::new(format!("There is no token {id}.")))?;
    let reach = reach(desk, &it).await?;
    let token = &it.token;
    let fields = [
        ("id", token.id.to_string()),
        ("operator", it.operator.as_written().to_owned()),
        ("label", token.label.clone()),
        ("scopes", token.scopes.join(" ")),
        ("reaches", reach.clone().unwrap_or_else(|| "every tree".to_owned())),
        ("state", it.state.as_str().to_owned()),
        ("expires", token.expires_at.map_or("never".to_owned(), short_time)),
        ("revoked", token.revoked_at.map(short_time).unwrap_or_default()),
        ("made", short_time(token.created_at)),
        ("last used", token.last_used_at.map(short_time).unwrap_or_default()),
    ];
    Ok(Answer { text: card(&fields), data: shown::operator_token(&it, reach.as_deref()) })
}
