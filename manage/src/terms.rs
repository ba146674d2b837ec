//! Terms of a tenant, and who consented to them.

use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::export::{self, EXPORT, FORMAT};
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, LIMIT, Parameter, Shape, TENANT, line, moment, object, or_null, page, shape, text, uuid,
};
use crate::token::Again;
use doorward_core::consent::{self, Evidence, NewTerms, Published};
use doorward_core::manage::Scope;
use doorward_core::works;
use doorward_core::{Error, cursor};
use doorward_model::{ConsentId, PersonId, TermsId, Timestamp};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Fields, Response, StatusCode};
use http::{Method, header};
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;
use uuid::Uuid;

/// Of a version's name (core/src/consent/mod.rs).
const VERSION_CHARS: usize = 100;
/// Of an address: longer ones are no address of a page.
const URL_CHARS: usize = 2_000;

const ID: Parameter = Parameter { name: "terms", place: "path", doc: "The version's id", schema: uuid };
pub(crate) const TERMS: Shape = Shape { name: "Terms", schema: Shown::schema };
const TERMS_PAGE: Shape = Shape { name: "TermsPage", schema: || page("Terms") };
const NEW: Shape = Shape { name: "NewTerms", schema: new_schema };
pub(crate) const CONSENT: Shape = Shape { name: "Consent", schema: Given::schema };
const CONSENT_PAGE: Shape = Shape { name: "ConsentPage", schema: || page("Consent") };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let of = |path, name, doc, parameters, answer, handler| Endpoint {
        method: Method::GET,
        path,
        scope: Scope::TermsRead,
        name,
        tag: "Terms",
        doc,
        parameters,
        body: None,
        status: StatusCode::OK,
        answer,
        handler,
    };
    vec![
        of(
            "/tenants/{id}/terms",
            "listTerms",
            "The versions of its terms that a tenant itself published, the latest first",
            &[TENANT, LIMIT, CURSOR],
            TERMS_PAGE,
            |ask| Box::pin(list(ask)),
        ),
        Endpoint {
            method: Method::POST,
            scope: Scope::TermsWrite,
            body: Some(NEW),
            status: StatusCode::CREATED,
            ..of(
                "/tenants/{id}/terms",
                "publishTerms",
                "Publishes a version; once it is current everybody is asked for their consent anew",
                &[TENANT],
                TERMS,
                |ask| Box::pin(publish(ask)),
            )
        },
        of("/tenants/{id}/terms/{terms}", "getTerms", "One version", &[TENANT, ID], TERMS, |ask| {
            Box::pin(get(ask))
        }),
        of(
            "/tenants/{id}/terms/{terms}/consents",
            "listConsents",
            "Who consented to a version, the first first",
            &[TENANT, ID, LIMIT, CURSOR],
            CONSENT_PAGE,
            |ask| Box::pin(list_consents(ask)),
        ),
        of(
            "/tenants/{id}/terms/{terms}/consents/export",
            "exportConsents",
            "The same as a file, to its end: evidence to keep",
            &[TENANT, ID, FORMAT],
            EXPORT,
            |ask| Box::pin(download(ask)),
        ),
        of(
            "/tenants/{id}/people/{person}/consents",
            "listConsentsOfPerson",
            "What a person consented to, the version published last first",
            &[TENANT, crate::people::ID, LIMIT, CURSOR],
            CONSENT_PAGE,
            |ask| Box::pin(list_of_person(ask)),
        ),
    ]
}

shape! {
    /// A version of terms.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "Whose terms"]
        tenant: String = uuid(),
        #[doc = "The version as people name it"]
        version: String = text(),
        #[doc = "Where the text is"]
        url: Option<String> = or_null(text()),
        #[doc = "From when it holds"]
        effective_at: String = moment(),
        #[doc = "Whether it is the one that holds now"]
        is_current: bool = json!({ "type": "boolean" }),
    }
}

impl From<&Published> for Shown {
    fn from(Published { terms, is_current }: &Published) -> Self {
        Self {
            id: terms.id.to_string(),
            tenant: terms.tenant.to_string(),
            version: terms.version.clone(),
            url: terms.url.clone(),
            effective_at: terms.effective_at.civil().to_string(),
            is_current: *is_current,
        }
    }
}

shape! {
    /// A consent.
    Given {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "When it was given"]
        consented_at: String = moment(),
        #[doc = "By whom"]
        person: String = uuid(),
        #[doc = "What they are called now"]
        person_name: Option<String> = or_null(text()),
        #[doc = "Where they are written to now"]
        email: Option<String> = or_null(text()),
        #[doc = "To which version: its id"]
        terms: String = uuid(),
        #[doc = "The version as people name it"]
        version: String = text(),
        #[doc = "Where its text is"]
        url: Option<String> = or_null(text()),
        #[doc = "Through which door"]
        door: Option<String> = or_null(text()),
        #[doc = "From where"]
        address: Option<String> = or_null(text()),
        #[doc = "With which session"]
        session: Option<String> = or_null(uuid()),
        #[doc = "By which program"]
        application: Option<String> = or_null(uuid()),
        #[doc = "Who handed it over, if the person did not do so themselves"]
        actor: Option<String> = or_null(text()),
    }
}

impl From<&Evidence> for Given {
    fn from(told: &Evidence) -> Self {
        let Evidence { consent, terms, person_name, email, door, address, session, application, actor } =
            told.clone();
        Self {
            id: consent.id.to_string(),
            consented_at: consent.at.civil().to_string(),
            person: consent.person.to_string(),
            person_name,
            email,
            terms: terms.id.to_string(),
            version: terms.version,
            url: terms.url,
            door,
            address: address.map(|address| address.to_string()),
            session: session.map(|id| id.to_string()),
            application: application.map(|id| id.to_string()),
            actor,
        }
    }
}

const FIELDS: [&str; 3] = ["version", "url", "effective_at"];

fn new_schema() -> Value {
    let mut version = line(VERSION_CHARS);
    if let Some(fields) = version.as_object_mut() {
        fields.insert(
            "pattern".to_owned(),
            r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$".into(),
        );
    }
    let url = json!({ "type": "string", "pattern": "^https?://", "maxLength": URL_CHARS });
    object(
        &["version"],
        &[
            ("version", "The version as people name it; each once in a tenant", version),
            ("url", "Where the text is", or_null(url)),
            ("effective_at", "From when it holds; now unless said", or_null(moment())),
        ],
    )
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let before = wanted.place.as_deref().map(place).transpose()?.map(TermsId::new);
    let found = consent::list_published(core, actor, &branch, before, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    let items: Vec<Shown> = found.items.iter().map(Shown::from).collect();
    Ok(reply::json(StatusCode::OK, &json!({ "items": items, "next": next })))
}

async fn publish(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let new = new_terms(&ask)?;
    let Ask { core, caller, bearer, .. } = &ask;
    let made = consent::publish(core, caller, &bearer.actor, &branch, new).await.map_err(taken)?;
    let made = consent::published(core, &bearer.actor, &branch, made.id).await?;
    let at = format!("{}/tenants/{}/terms/{}", crate::BASE, branch.tenant().id, made.terms.id);
    Ok(reply::json(StatusCode::CREATED, &Shown::from(&made)).with_header(header::LOCATION, &at))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let found = consent::published(&ask.core, &ask.bearer.actor, &branch, version_of(&ask)?).await?;
    Ok(reply::json(StatusCode::OK, &Shown::from(&found)))
}

async fn list_consents(ask: Ask) -> Result<Response, Problem> {
    let (branch, id) = (ask.tenant().await?, version_of(&ask)?);
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let after = wanted.place.as_deref().map(place).transpose()?.map(ConsentId::new);
    let found = consent::list_consents_to(core, actor, &branch, id, after, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    let items: Vec<Given> = found.items.iter().map(Given::from).collect();
    Ok(reply::json(StatusCode::OK, &json!({ "items": items, "next": next })))
}

async fn list_of_person(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let person = PersonId::parse(ask.parameter("person")).ok_or_else(|| Problem::of(Code::NotFound))?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let before = wanted.place.as_deref().map(place).transpose()?.map(TermsId::new);
    let found = consent::list_consents_of(core, actor, &branch, person, before, wanted.rows).await?;
    let next = found.next.map(|id| cursor::write(core, &wanted.list, id.as_bytes()));
    let items: Vec<Given> = found.items.iter().map(Given::from).collect();
    Ok(reply::json(StatusCode::OK, &json!({ "items": items, "next": next })))
}

async fn download(ask: Ask) -> Result<Response, Problem> {
    let (branch, id) = (ask.tenant().await?, version_of(&ask)?);
    let query = ask.query(&["format"])?;
    let format = export::format(&query)?;
    let again = Arc::new(Again::of(&ask, Scope::TermsRead, Some(&branch))?);
    let core = ask.core.clone();
    let read = move |after: Option<ConsentId>| {
        let (core, again) = (core.clone(), Arc::clone(&again));
        async move {
            let (actor, branch) = again.admit().await?;
            let branch = branch.ok_or(Error::NotFound)?;
            let found = consent::list_consents_to(&core, &actor, &branch, id, after, export::ROWS).await?;
            Ok(found.map(|told| consent::cells(&told)))
        }
    };
    let file = doorward_web::export::file("consents", format, consent::COLUMNS, read).await?;
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, Some(&branch), "consents, directly").await?;
    Ok(file)
}

/// A version that is there already is no stale one of a thing that changed.
fn taken(error: Error) -> Problem {
    if let Error::Conflict { field, problem } = error {
        return Problem::of(Code::Conflict).field(field, problem);
    }
    error.into()
}

fn new_terms(ask: &Ask) -> Result<NewTerms, Problem> {
    let fields: Fields = ask.fields(&FIELDS)?;
    let wrong = |field: &str, problem: &str| Problem::of(Code::Invalid).field(field, problem);
    let url = fields
        .text("url")?
        .map(|text| address(text).ok_or_else(|| wrong("url", "expected http:// or https://")));
    let effective_at = fields.text("effective_at")?.map(|text| {
        Timestamp::of_civil(text)
            .ok_or_else(|| wrong("effective_at", "expected a moment, as 2026-11-22T10:00:00Z"))
    });
    Ok(NewTerms {
        version: fields.required_text("version")?.to_owned(),
        url: url.transpose()?,
        effective_at: effective_at.transpose()?.unwrap_or_else(|| ask.core.now()),
    })
}

/// Which schemes may be published is the core's to say.
fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|_| text.chars().count() <= URL_CHARS)
}

fn version_of(ask: &Ask) -> Result<TermsId, Problem> {
    TermsId::parse(ask.parameter("terms")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn place(bytes: &[u8]) -> Result<Uuid, Problem> {
    Uuid::from_slice(bytes).map_err(|_| Problem::other_list())
}
