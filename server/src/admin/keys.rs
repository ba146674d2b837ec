//! `doorward key …` carried out.

use super::applications::overlap;
use super::people::{self, append_secret};
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::{card, table};
use super::{Desk, tenants};
use crate::apply::{read_moment, read_rate};
use crate::cli::Failure;
use crate::cli::key::Action;
use doorward_core::Error;
use doorward_core::access_keys::{self, Changes, ListedKey, NewKey};
use doorward_model::{AccessKey, AccessKeyName, RateLimit, Timestamp};
use serde_json::{Value, json};

/// The word that gives a key the tenant's rate again.
const DEFAULT: &str = "default";
/// The word that takes a key's end away.
const NEVER: &str = "never";

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    match action {
        Action::List { tenant, person } => list(desk, &tenant, person.as_deref()).await,
        Action::Show { access_key } => one(desk, &find(desk, &access_key).await?).await,
        Action::Create { tenant, email, label, rate, expires } => {
            let branch = tenants::find(desk, &tenant).await?;
            let person = people::find(desk, &tenant, &email).await?.person.id;
            let rate = rate.as_deref().map(self::rate).transpose()?;
            let expires_at = expires.as_deref().map(self::moment).transpose()?;
            let new = NewKey { person, label, rate, expires_at };
            let made = access_keys::create(core, caller, actor, &branch, new).await;
            let made = made.map_err(|error| sentence(error, &format!("person {email}")))?;
            let mut answer = again(desk, &made.key).await?;
            append_secret(&mut answer, "secret_key", &made.secret);
            Ok(answer)
        }
        Action::Edit { access_key, label, rate, expires } => {
            let found = find(desk, &access_key).await?.key;
            let changes = Changes {
                label,
                rate: cleared_by(DEFAULT, rate.as_deref(), self::rate)?,
                expires_at: cleared_by(NEVER, expires.as_deref(), self::moment)?,
                ..Changes::default()
            };
            let changed = access_keys::change(core, caller, actor, found.pool, found.id, changes).await;
            again(desk, &changed.map_err(|error| refused(error, &access_key))?).await
        }
        Action::Rotate { access_key, overlap } => {
            let (found, overlap) = (find(desk, &access_key).await?.key, self::overlap(&overlap)?);
            let made = access_keys::rotate(core, caller, actor, found.pool, found.id, overlap).await;
            let made = made.map_err(|error| refused(error, &access_key))?;
            let mut answer = again(desk, &made.key).await?;
            append_secret(&mut answer, "secret_key", &made.secret);
            Ok(answer)
        }
        Action::Disable { access_key } => {
            let found = find(desk, &access_key).await?.key;
            let disabled = access_keys::disable(core, caller, actor, found.pool, found.id).await;
            again(desk, &disabled.map_err(|error| refused(error, &access_key))?).await
        }
        Action::Enable { access_key } => {
            let found = find(desk, &access_key).await?.key;
            let enabled = access_keys::enable(core, caller, actor, found.pool, found.id).await;
            again(desk, &enabled.map_err(|error| refused(error, &access_key))?).await
        }
    }
}

async fn find(desk: &Desk<'_>, text: &str) -> Result<ListedKey, Failure> {
    let name = AccessKeyName::parse(text).ok_or_else(|| {
        Failure::usage(format!("{text:?} is no access key: expected u$r and 32 hexadecimal digits."))
            .hint("Quote it: the shell reads $r otherwise.")
    })?;
    access_keys::by_name(desk.core, &desk.actor, &name).await.map_err(|error| refused(error, text))
}

/// The key as it is now.
async fn again(desk: &Desk<'_>, key: &AccessKey) -> Result<Answer, Failure> {
    let listed = access_keys::by_id(desk.core, &desk.actor, key.pool, key.id).await;
    one(desk, &listed.map_err(|error| refused(error, key.name.as_str()))?).await
}

async fn list(desk: &Desk<'_>, tenant: &str, person: Option<&str>) -> Result<Answer, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let listed = match person {
        Some(email) => {
            let id = people::find(desk, tenant, email).await?.person.id;
            access_keys::list_by_person(desk.core, &desk.actor, &branch, id).await
        }
        None => access_keys::list(desk.core, &desk.actor, &branch).await,
    };
    let listed = listed.map_err(|error| sentence(error, &format!("tenant {tenant}")))?;
    let slugs = tenants::slugs_below(desk, &branch).await?;
    let row = |it: &ListedKey| {
        [
            it.key.name.as_str().to_owned(),
            it.key.label.clone(),
            slugs.cell(it.key.tenant),
            it.person.email.as_written().to_owned(),
            it.state.as_str().to_owned(),
            it.key.expires_at.map_or("never".to_owned(), short_time),
            it.key.last_used_at.map_or("never".to_owned(), short_time),
        ]
    };
    let rows: Vec<[String; 7]> = listed.iter().map(row).collect();
    let heading = ["access key", "label", "tenant", "person", "state", "expires", "last used"];
    let text = table(heading, &rows, "There is no key here.");
    let data = listed.iter().map(|it| shown::key(it, &slugs)).collect::<Vec<Value>>();
    Ok(Answer { text, data: json!(data) })
}

async fn one(desk: &Desk<'_>, listed: &ListedKey) -> Result<Answer, Failure> {
    let key = &listed.key;
    let slugs = tenants::slug_of(desk, key.pool, key.tenant).await?;
    let rate = |rate: RateLimit| format!("{} calls in {} s", rate.calls, rate.window.as_secs_f64());
    let fields = [
        ("access key", key.name.as_str().to_owned()),
        ("label", key.label.clone()),
        ("tenant", slugs.cell(key.tenant)),
        ("person", listed.person.email.as_written().to_owned()),
        ("state", listed.state.as_str().to_owned()),
        ("rate", key.rate.map_or("the tenant's".to_owned(), rate)),
        ("expires", key.expires_at.map_or("never".to_owned(), short_time)),
        ("old secret until", key.previous_until.map(short_time).unwrap_or_default()),
        ("made", short_time(key.created_at)),
        ("last used", key.last_used_at.map(short_time).unwrap_or_default()),
    ];
    Ok(Answer { text: card(&fields), data: shown::key(listed, &slugs) })
}

fn rate(text: &str) -> Result<RateLimit, Failure> {
    read_rate(text).ok_or_else(|| {
        Failure::usage(format!("--rate: expected calls in a time like 25/5s, found {text:?}."))
    })
}

pub(super) fn moment(text: &str) -> Result<Timestamp, Failure> {
    let expected =
        || Failure::usage(format!("--expires: expected a moment like 2027-01-31T00:00:00Z, found {text:?}."));
    read_moment(text).ok_or_else(expected)
}

/// What is to change: nothing, away with it at this word, or to what was written.
fn cleared_by<T>(
    word: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Result<T, Failure>,
) -> Result<Option<Option<T>>, Failure> {
    match text {
        None => Ok(None),
        Some(text) if text == word => Ok(Some(None)),
        Some(text) => read(text).map(|value| Some(Some(value))),
    }
}

fn refused(error: Error, access_key: &str) -> Failure {
    sentence(error, &format!("key {access_key}"))
}
