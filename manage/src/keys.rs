//! Access keys of a tenant: a name and a secret with which a program does what a person may.

use crate::answer;
use crate::applications::overlap;
use crate::ask::{Ask, cleared, moment as moment_of};
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IDEMPOTENCY_KEY, IF_MATCH, LIMIT, Parameter, Shape, TENANT, line, moment, object, of, or_null,
    page, shape, text, uuid, word,
};
use doorward_core::access_keys::{
    self, Changes, KeyState, LABEL_CHARS, LONGEST_OVERLAP, LONGEST_WINDOW, ListedKey, MOST_CALLS, NewKey,
};
use doorward_core::manage::Scope;
use doorward_core::{Branch, cursor};
use doorward_model::{AccessKeyId, PersonId, PoolId, RateLimit};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};
use std::time::Duration;

const ID: Parameter = Parameter { name: "key", place: "path", doc: "The key's id", schema: uuid };
const PERSON: Parameter =
    Parameter { name: "person", place: "query", doc: "Those of this person only", schema: uuid };
const KEY: Shape = Shape { name: "AccessKey", schema: Shown::schema };
const PAGE: Shape = Shape { name: "AccessKeyPage", schema: || page("AccessKey") };
pub(crate) const RATE: Shape = Shape { name: "Rate", schema: rate_schema };
const NEW: Shape = Shape { name: "NewAccessKey", schema: new_schema };
const CHANGES: Shape = Shape { name: "AccessKeyChanges", schema: changes_schema };
const OVERLAP: Shape = Shape { name: "SecretOverlap", schema: overlap_schema };
const ISSUED: Shape = Shape { name: "AccessKeyWithSecret", schema: Issued::schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/tenants/{id}/access-keys/{key}",
    scope: Scope::KeysWrite,
    name: "",
    tag: "Access keys",
    doc: "",
    parameters: &[TENANT, ID, IF_MATCH],
    body: None,
    status: StatusCode::OK,
    answer: KEY,
    handler: |ask| Box::pin(get(ask)),
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/access-keys",
            scope: Scope::KeysRead,
            name: "listAccessKeys",
            doc: "The keys of a tenant itself, by id",
            parameters: &[TENANT, PERSON, LIMIT, CURSOR],
            answer: PAGE,
            handler: |ask| Box::pin(list_all(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/access-keys",
            name: "createAccessKey",
            doc: "Makes a key for somebody with a place that reaches the tenant; its secret is shown this once",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            answer: ISSUED,
            handler: |ask| Box::pin(create(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::GET,
            scope: Scope::KeysRead,
            name: "getAccessKey",
            doc: "One key",
            parameters: &[TENANT, ID],
            ..BASE
        },
        Endpoint {
            method: Method::PATCH,
            name: "changeAccessKey",
            doc: "Changes label, rate or expiry; what is not sent stays, null goes back to the tenant's rate, or to never",
            body: Some(CHANGES),
            handler: |ask| Box::pin(edit(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/access-keys/{key}/rotate",
            name: "rotateAccessKey",
            doc: "Gives a key a new secret, shown this once; the one before stays good for a while. Send `If-Match`, so that a \
                  request sent again changes nothing",
            body: Some(OVERLAP),
            answer: ISSUED,
            handler: |ask| Box::pin(rotate(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/access-keys/{key}/disable",
            name: "disableAccessKey",
            doc: "Refuses a key from the next call on",
            handler: |ask| Box::pin(turn(ask, true)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/access-keys/{key}/enable",
            name: "enableAccessKey",
            doc: "Lets a key call again, unless it ended with its person's account",
            handler: |ask| Box::pin(turn(ask, false)),
            ..BASE
        },
    ]
}

shape! {
    /// A rate.
    Rate {
        #[doc = "Calls of a window"]
        calls: u32 = json!({ "type": "integer", "minimum": 1, "maximum": MOST_CALLS }),
        #[doc = "The window, which slides"]
        seconds: u64 = json!({ "type": "integer", "minimum": 1, "maximum": LONGEST_WINDOW.as_secs() }),
    }
}

shape! {
    /// A key.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The tenant"]
        tenant: String = uuid(),
        #[doc = "Whom it stands for"]
        person: String = uuid(),
        #[doc = "Where they are written to"]
        email: String = text(),
        #[doc = "The public half, as programs send it"]
        access_key: String = text(),
        #[doc = "What people read"]
        label: String = text(),
        #[doc = "Whether it may be used; `ended` with its person's account"]
        state: &'static str = word(&["active", "disabled", "expired", "ended"]),
        #[doc = "Its own rate; null takes the tenant's"]
        rate: Option<Rate> = or_null(of("Rate")),
        #[doc = "Refused from this moment"]
        expires_at: Option<String> = or_null(moment()),
        #[doc = "Until when the secret before is good as well"]
        previous_secret_until: Option<String> = or_null(moment()),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it was last used, rounded"]
        last_used_at: Option<String> = or_null(moment()),
    }
}

shape! {
    /// A key with a secret that is shown this once.
    Issued {
        #[doc = "The key"]
        key: Shown = of("AccessKey"),
        #[doc = "The secret half, in clear this once"]
        secret_key: String = text(),
    }
}

fn rate_schema() -> Value {
    Rate::schema()
}

fn rate() -> Value {
    or_null(of(RATE.name))
}

fn new_schema() -> Value {
    object(
        &["person", "label"],
        &[
            ("person", "Whom it stands for", uuid()),
            ("label", "What people read", line(LABEL_CHARS)),
            ("rate", "Its own rate; the tenant's unless said", rate()),
            ("expires_at", "Refused from this moment; never unless said", or_null(moment())),
        ],
    )
}

fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("label", "What people read", line(LABEL_CHARS)),
            ("rate", "Its own rate; null goes back to the tenant's", rate()),
            ("expires_at", "Refused from this moment; null is never", or_null(moment())),
        ],
    )
}

fn overlap_schema() -> Value {
    let seconds = crate::schema::seconds(LONGEST_OVERLAP.as_secs());
    object(&[], &[("overlap_seconds", "How long the one before stays good; not at all unless said", seconds)])
}

impl From<&ListedKey> for Shown {
    fn from(ListedKey { key, person, state }: &ListedKey) -> Self {
        let state: KeyState = *state;
        Self {
            id: key.id.to_string(),
            tenant: key.tenant.to_string(),
            person: key.person.to_string(),
            email: person.email.as_written().to_owned(),
            access_key: key.name.as_str().to_owned(),
            label: key.label.clone(),
            state: state.as_str(),
            rate: key.rate.map(|rate| Rate { calls: rate.calls, seconds: rate.window.as_secs() }),
            expires_at: key.expires_at.map(|at| at.civil().to_string()),
            previous_secret_until: key.previous_until.map(|at| at.civil().to_string()),
            version: key.version,
            created_at: key.created_at.civil().to_string(),
            last_used_at: key.last_used_at.map(|at| at.civil().to_string()),
        }
    }
}

async fn list_all(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["person", "limit", "cursor"])?;
    let person = query.text("person")?;
    let wanted = ask.wanted(&query, person.unwrap_or_default())?;
    let wrong = || Problem::of(Code::Invalid).field("person", "expected an id");
    let person = person.map(|text| PersonId::parse(text).ok_or_else(wrong)).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let part = (AccessKeyId::new(ask.after(&wanted)?), wanted.rows + 1);
    let mut found = access_keys::list_after(core, actor, &branch, person, part).await?;
    let goes_on = found.len() > wanted.rows;
    found.truncate(wanted.rows);
    let last = found.last().filter(|_| goes_on);
    let next = last.map(|it| cursor::write(core, &wanted.list, it.key.id.as_bytes()));
    Ok(answer::page(&found.iter().map(Shown::from).collect::<Vec<_>>(), next))
}

/// The key that the path names, and where it is.
async fn named(ask: &Ask) -> Result<(Branch, ListedKey), Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = AccessKeyId::parse(ask.parameter("key")).ok_or_else(|| Problem::of(Code::NotFound))?;
    let found = access_keys::one_of(&ask.core, &ask.bearer.actor, &branch, id).await?;
    Ok((branch, found))
}

/// As it is now.
async fn again(ask: &Ask, branch: &Branch, id: AccessKeyId) -> Result<ListedKey, Problem> {
    Ok(access_keys::one_of(&ask.core, &ask.bearer.actor, branch, id).await?)
}

fn shown(listed: &ListedKey) -> Response {
    answer::one(&Shown::from(listed), listed.key.version)
}

fn key_of(listed: &ListedKey) -> (PoolId, AccessKeyId) {
    (listed.key.pool, listed.key.id)
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    Ok(shown(&named(&ask).await?.1))
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(&["person", "label", "rate", "expires_at"])?;
    let person = PersonId::parse(fields.required_text("person")?);
    let new = NewKey {
        person: person.ok_or_else(|| Problem::of(Code::Invalid).field("person", "expected an id"))?,
        label: fields.required_text("label")?.to_owned(),
        rate: rate_of(&fields)?,
        expires_at: moment_of(&fields, "expires_at")?,
    };
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let made = match once {
        None => access_keys::create(core, caller, &bearer.actor, &branch, new).await?,
        Some(once) => access_keys::create_once(core, caller, &bearer.actor, &branch, new, once).await?,
    };
    let now = again(&ask, &branch, made.key.id).await?;
    let issued = Issued { key: Shown::from(&now), secret_key: made.secret.expose().to_owned() };
    let at = format!("/tenants/{}/access-keys/{}", branch.tenant().id, now.key.id);
    Ok(answer::made(&issued, now.key.version, &at))
}

fn rate_of(fields: &Fields) -> Result<Option<RateLimit>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field("rate", "expected calls and seconds");
    let Some(rate) = fields.object("rate")? else { return Ok(None) };
    let whole = |name: &str| rate.get(name).and_then(Value::as_u64);
    let (calls, seconds) =
        whole("calls").zip(whole("seconds")).filter(|_| rate.len() == 2).ok_or_else(wrong)?;
    let calls = u32::try_from(calls).map_err(|_| wrong())?;
    Ok(Some(RateLimit { calls, window: Duration::from_secs(seconds) }))
}

async fn edit(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let fields = ask.fields(&["label", "rate", "expires_at"])?;
    let changes = Changes {
        label: fields.text("label")?.map(str::to_owned),
        rate: cleared(&fields, "rate", || rate_of(&fields))?,
        expires_at: cleared(&fields, "expires_at", || moment_of(&fields, "expires_at"))?,
        expected: ask.expected()?,
    };
    let Ask { core, caller, bearer, .. } = &ask;
    let (pool, id) = key_of(&found);
    access_keys::change(core, caller, &bearer.actor, pool, id, changes).await?;
    Ok(shown(&again(&ask, &branch, id).await?))
}

async fn turn(ask: Ask, disabled: bool) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    access_keys::set_disabled(core, caller, &bearer.actor, of, disabled, expected).await?;
    Ok(shown(&again(&ask, &branch, of.1).await?))
}

async fn rotate(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let overlap = overlap(&ask)?;
    let (of, expected) = (key_of(&found), ask.expected()?);
    let Ask { core, caller, bearer, .. } = &ask;
    let issued = access_keys::rotate_version(core, caller, &bearer.actor, of, overlap, expected).await?;
    let now = again(&ask, &branch, of.1).await?;
    let shown = Issued { key: Shown::from(&now), secret_key: issued.secret.expose().to_owned() };
    Ok(answer::one(&shown, now.key.version))
}
