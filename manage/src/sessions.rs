//! Sessions: who is signed in at a tenant and below it, and signing people out.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::people::ID as PERSON;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, LIMIT, Parameter, Shape, TENANT, moment, or_null, page, shape, text, uuid, word,
};
use doorward_core::manage::Scope;
use doorward_core::sessions::{self, Open, Whose};
use doorward_core::{Keyed, cursor};
use doorward_model::{PersonId, SessionId};
use doorward_web::{Response, StatusCode, reply};
use http::Method;
use serde_json::json;
use uuid::Uuid;

const ID: Parameter = Parameter { name: "session", place: "path", doc: "The session's id", schema: uuid };
pub(crate) const SESSION: Shape = Shape { name: "Session", schema: Shown::schema };
const PAGE: Shape = Shape { name: "SessionPage", schema: || page("Session") };
const ENDED: Shape = Shape { name: "SessionsEnded", schema: Ended::schema };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |method, path, name, doc, parameters, handler| Endpoint {
        scope: if method == Method::GET { Scope::SessionsRead } else { Scope::SessionsWrite },
        answer: if method == Method::GET { PAGE } else { ENDED },
        method,
        path,
        name,
        tag: "Sessions",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        handler,
    };
    vec![
        of(
            Method::GET,
            "/tenants/{id}/sessions",
            "listSessions",
            "Who is signed in at a tenant and below it, newest first, but for people with stronger rights there. A page may \
             be short, or empty, and still have a `next`",
            &[TENANT, LIMIT, CURSOR],
            |ask| Box::pin(list(ask)),
        ),
        of(
            Method::GET,
            "/tenants/{id}/people/{person}/sessions",
            "listSessionsOfPerson",
            "Where a person is signed in, at a tenant and below it, newest first",
            &[TENANT, PERSON, LIMIT, CURSOR],
            |ask| Box::pin(list_of_person(ask)),
        ),
        of(
            Method::DELETE,
            "/tenants/{id}/people/{person}/sessions",
            "endSessionsOfPerson",
            "Signs a person out, wherever they are signed in at a tenant and below it",
            &[TENANT, PERSON],
            |ask| Box::pin(end_all(ask)),
        ),
        of(
            Method::DELETE,
            "/tenants/{id}/people/{person}/sessions/{session}",
            "endSession",
            "Ends one session",
            &[TENANT, PERSON, ID],
            |ask| Box::pin(end(ask)),
        ),
    ]
}

shape! {
    /// A session.
    Shown {
        #[doc = "The id; nothing that signs anybody in"]
        id: String = uuid(),
        #[doc = "Who is signed in"]
        person: String = uuid(),
        #[doc = "What they are called"]
        person_name: Option<String> = or_null(text()),
        #[doc = "Where"]
        tenant: String = uuid(),
        #[doc = "What it is called"]
        tenant_name: Option<String> = or_null(text()),
        #[doc = "As what"]
        kind: &'static str = word(&["administrator", "member", "contact", "user"]),
        #[doc = "With which program"]
        application: Option<String> = or_null(uuid()),
        #[doc = "What it is called"]
        application_name: Option<String> = or_null(text()),
        #[doc = "Through which door"]
        door: Option<String> = or_null(uuid()),
        #[doc = "What it is called"]
        door_name: Option<String> = or_null(text()),
        #[doc = "What carries its token"]
        scheme: &'static str = text(),
        #[doc = "Since when"]
        signed_in_at: String = moment(),
        #[doc = "When it was last used"]
        last_used_at: String = moment(),
        #[doc = "When it ends unless it is used"]
        idle_until: String = moment(),
        #[doc = "When it ends in any case"]
        expires_at: String = moment(),
        #[doc = "From where"]
        address: Option<String> = or_null(text()),
        #[doc = "What the client says it is"]
        agent: Option<String> = or_null(text()),
    }
}

shape! {
    /// What came of signing somebody out.
    Ended {
        #[doc = "How many sessions ended"]
        ended: usize = json!({ "type": "integer", "minimum": 0 }),
    }
}

impl From<&Open> for Shown {
    fn from(open: &Open) -> Self {
        let Open { session, person, tenant, application, door } = open.clone();
        Self {
            id: session.id.to_string(),
            person: session.person.to_string(),
            person_name: person,
            tenant: session.tenant.to_string(),
            tenant_name: tenant,
            kind: session.kind.as_str(),
            application: session.application.map(|id| id.to_string()),
            application_name: application,
            door: session.door.map(|id| id.to_string()),
            door_name: door,
            scheme: session.scheme.as_str(),
            signed_in_at: session.signed_in_at.civil().to_string(),
            last_used_at: session.last_used_at.civil().to_string(),
            idle_until: session.idle_until.civil().to_string(),
            expires_at: session.expires_at.civil().to_string(),
            address: session.address.map(|address| address.to_string()),
            agent: session.agent,
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let before = wanted.place.as_deref().map(place).transpose()?;
    let found = sessions::list_at(&ask.core, &ask.bearer.actor, &branch, before, wanted.rows).await?;
    Ok(answered(&ask, &wanted.list, &found))
}

async fn list_of_person(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let before = wanted.place.as_deref().map(place).transpose()?;
    let whose = Whose::Of { actor: &ask.bearer.actor, branch: &branch, person: person(&ask)? };
    let found = sessions::list_before(&ask.core, whose, before, wanted.rows).await?;
    Ok(answered(&ask, &wanted.list, &found))
}

async fn end_all(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let whose = Whose::Of { actor: &ask.bearer.actor, branch: &branch, person: person(&ask)? };
    let ended = sessions::end_all(&ask.core, &ask.caller, whose, None).await?;
    Ok(reply::json(StatusCode::OK, &Ended { ended }))
}

async fn end(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let whose = Whose::Of { actor: &ask.bearer.actor, branch: &branch, person: person(&ask)? };
    let id = SessionId::parse(ask.parameter("session")).ok_or_else(|| Problem::of(Code::NotFound))?;
    sessions::end(&ask.core, &ask.caller, whose, id).await?;
    Ok(reply::json(StatusCode::OK, &Ended { ended: 1 }))
}

fn answered(ask: &Ask, list: &str, found: &Keyed<Open, SessionId>) -> Response {
    let next = found.next.map(|id| cursor::write(&ask.core, list, id.as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    reply::json(StatusCode::OK, &json!({ "items": items, "next": next }))
}

fn person(ask: &Ask) -> Result<PersonId, Problem> {
    PersonId::parse(ask.parameter("person")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn place(bytes: &[u8]) -> Result<SessionId, Problem> {
    Uuid::from_slice(bytes).map(SessionId::new).map_err(|_| Problem::other_list())
}
