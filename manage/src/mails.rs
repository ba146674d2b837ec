//! Mails: how far they got, and trying one again.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, LIMIT, Parameter, Shape, TENANT, moment, or_null, page, shape, text, uuid, word,
};
use doorward_core::cursor;
use doorward_core::mails::{self, Seen};
use doorward_core::manage::Scope;
use doorward_model::{MailId, MailKind, MailState};
use doorward_web::{Response, StatusCode, reply};
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const ID: Parameter = Parameter { name: "mail", place: "path", doc: "The mail's id", schema: uuid };
const STATE: Parameter =
    Parameter { name: "state", place: "query", doc: "Those in this state only", schema: states };
pub(crate) const MAIL: Shape = Shape { name: "Mail", schema: Shown::schema };
const PAGE: Shape = Shape { name: "MailPage", schema: || page("Mail") };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |path, name, doc, parameters, answer, handler| Endpoint {
        method: Method::GET,
        path,
        scope: Scope::MailsRead,
        name,
        tag: "Mails",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    };
    vec![
        of(
            "/tenants/{id}/mails",
            "listMails",
            "The mails of a tree, newest first; ask at its top. To whom a mail goes and what it says is sealed",
            &[TENANT, STATE, LIMIT, CURSOR],
            PAGE,
            |ask| Box::pin(list(ask)),
        ),
        of("/tenants/{id}/mails/{mail}", "getMail", "One mail", &[TENANT, ID], MAIL, |ask| {
            Box::pin(get(ask))
        }),
        Endpoint {
            method: Method::POST,
            scope: Scope::MailsWrite,
            ..of(
                "/tenants/{id}/mails/{mail}/retry",
                "retryMail",
                "Has a waiting mail tried now. One that was sent or given up is erased and cannot be sent again",
                &[TENANT, ID],
                MAIL,
                |ask| Box::pin(retry(ask)),
            )
        },
    ]
}

shape! {
    /// A mail.
    Shown {
        #[doc = "The id; its Message-ID begins with it"]
        id: String = uuid(),
        #[doc = "Which template; a newer node of the house may name others"]
        kind: String = kinds(),
        #[doc = "How far it got"]
        state: &'static str = states(),
        #[doc = "How often delivery was tried"]
        attempts: i64 = json!({ "type": "integer", "minimum": 0 }),
        #[doc = "What went wrong last"]
        last_error: Option<String> = or_null(text()),
        #[doc = "When it was caused"]
        created_at: String = moment(),
        #[doc = "When it is tried next; null unless it waits"]
        due_at: Option<String> = or_null(moment()),
        #[doc = "When it was sent or given up"]
        settled_at: Option<String> = or_null(moment()),
    }
}

/// The known ones as examples only: what a newer node queued is shown all the same.
fn kinds() -> Value {
    json!({ "type": "string", "examples": MailKind::ALL.map(MailKind::as_str) })
}

fn states() -> Value {
    word(&[MailState::Queued, MailState::Sent, MailState::Failed].map(MailState::as_str))
}

impl From<&Seen> for Shown {
    fn from(mail: &Seen) -> Self {
        let waits = mail.state == MailState::Queued;
        Self {
            id: mail.id.to_string(),
            kind: mail.kind.clone(),
            state: mail.state.as_str(),
            attempts: mail.attempts,
            last_error: mail.last_error.clone(),
            created_at: mail.created_at.civil().to_string(),
            due_at: waits.then(|| mail.due_at.civil().to_string()),
            settled_at: mail.settled_at.map(|at| at.civil().to_string()),
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["state", "limit", "cursor"])?;
    let state = query.text("state")?;
    let wanted = ask.wanted(&query, state.unwrap_or_default())?;
    let refused = || Problem::of(Code::Invalid).field("state", "expected queued, sent or failed");
    let state = state.map(|word| MailState::parse(word).ok_or_else(refused)).transpose()?;
    let before = wanted.place.as_deref().map(place).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = mails::list(core, actor, &branch, state, before, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    Ok(reply::json(StatusCode::OK, &json!({ "items": items, "next": next })))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let mail = mails::find(&ask.core, &ask.bearer.actor, &branch, mail_of(&ask)?).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&mail)))
}

async fn retry(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let id = mail_of(&ask)?;
    let mail = mails::try_again(&ask.core, &ask.caller, &ask.bearer.actor, &branch, id).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&mail)))
}

fn mail_of(ask: &Ask) -> Result<MailId, Problem> {
    MailId::parse(ask.parameter("mail")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn place(bytes: &[u8]) -> Result<MailId, Problem> {
    Uuid::from_slice(bytes).map(MailId::new).map_err(|_| Problem::other_list())
}
