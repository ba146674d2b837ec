//! Places: who is what, and with which rights, in a tenant.

use crate::answer;
use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::people::{ID as PERSON, KINDS, ROLES};
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Shape, TENANT, line, moment, object, or_null, page, shape,
    text, uuid, word,
};
use doorward_core::manage::Scope;
use doorward_core::memberships::{self, Changes, NewMembership};
use doorward_core::{Branch, cursor};
use doorward_model::{Kind, Membership, PersonId, Role, TenantId};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Fields, Response, StatusCode};
use http::{Method, header};
use serde_json::Value;
use uuid::Uuid;

/// Of a standing (core/src/memberships/mod.rs).
const STANDING_CHARS: usize = 250;

const KIND: Parameter = Parameter {
    name: "kind",
    place: "path",
    doc: "As what they belong to the tenant",
    schema: || word(&KINDS),
};
pub(crate) const MEMBERSHIP: Shape = Shape { name: "Membership", schema: Shown::schema };
const PAGE: Shape = Shape { name: "MembershipPage", schema: || page("Membership") };
const NEW: Shape = Shape { name: "NewMembership", schema: new_schema };
const CHANGES: Shape = Shape { name: "MembershipChanges", schema: changes_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::GET,
    path: "/tenants/{id}/memberships",
    scope: Scope::MembershipsRead,
    name: "",
    tag: "Memberships",
    doc: "",
    parameters: &[TENANT, PERSON, KIND],
    body: None,
    status: StatusCode::OK,
    answer: MEMBERSHIP,
    handler: |ask| Box::pin(list(ask)),
};

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            name: "listMemberships",
            doc: "The places in a tenant itself, by person and kind",
            parameters: &[TENANT, LIMIT, CURSOR],
            answer: PAGE,
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/people/{person}/memberships",
            name: "listMembershipsOfPerson",
            doc: "All places of somebody who has one in this tenant, as far as the token reaches, oldest first",
            parameters: &[TENANT, PERSON],
            answer: PAGE,
            handler: |ask| Box::pin(list_of_person(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::POST,
            scope: Scope::MembershipsWrite,
            name: "giveMembership",
            doc: "Gives somebody of the tree a place and tells them by mail; never more rights than the token's",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            handler: |ask| Box::pin(give(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/memberships/{person}/{kind}",
            name: "getMembership",
            doc: "One place",
            handler: |ask| Box::pin(get(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::PATCH,
            path: "/tenants/{id}/memberships/{person}/{kind}",
            scope: Scope::MembershipsWrite,
            name: "changeMembership",
            doc: "Changes role or standing of a place; what is not sent stays",
            body: Some(CHANGES),
            handler: |ask| Box::pin(change(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::DELETE,
            path: "/tenants/{id}/memberships/{person}/{kind}",
            scope: Scope::MembershipsWrite,
            name: "takeMembership",
            doc: "Takes a place away, with the sessions that only it kept open; the person stays",
            handler: |ask| Box::pin(take(ask)),
            ..BASE
        },
    ]
}

shape! {
    /// A place.
    Shown {
        #[doc = "The person"]
        person: String = uuid(),
        #[doc = "Where they are written to; in lists only"]
        email: Option<String> = or_null(text()),
        #[doc = "The tenant"]
        tenant: String = uuid(),
        #[doc = "As what they belong to it"]
        kind: &'static str = word(&KINDS),
        #[doc = "With which rights, here and below"]
        role: &'static str = word(&ROLES),
        #[doc = "A word of the tenant's own"]
        standing: Option<String> = or_null(text()),
        #[doc = "When it was given"]
        created_at: String = moment(),
    }
}

impl Shown {
    fn of(place: &Membership, email: Option<&str>) -> Self {
        Self {
            person: place.person.to_string(),
            email: email.map(str::to_owned),
            tenant: place.tenant.to_string(),
            kind: place.kind.as_str(),
            role: place.role.as_str(),
            standing: place.standing.clone(),
            created_at: place.created_at.civil().to_string(),
        }
    }
}

fn standing() -> Value {
    or_null(line(STANDING_CHARS))
}

fn new_schema() -> Value {
    object(
        &["person"],
        &[
            ("person", "Whom; somebody of the same tree", uuid()),
            ("kind", "As what; user unless said", or_null(word(&KINDS))),
            ("role", "With which rights; user unless said", or_null(word(&ROLES))),
            ("standing", "A word of the tenant's own", standing()),
        ],
    )
}

fn changes_schema() -> Value {
    object(
        &[],
        &[
            ("role", "With which rights", word(&ROLES)),
            ("standing", "A word of the tenant's own; null removes it", standing()),
        ],
    )
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["limit", "cursor"])?;
    let wanted = ask.wanted(&query, "")?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let begin = (PersonId::new(Uuid::nil()), String::new());
    let after = wanted.place.as_deref().map_or(Ok(begin), place_of)?;
    let mut places = memberships::list_after(core, actor, &branch, after, wanted.rows + 1).await?;
    let goes_on = places.len() > wanted.rows;
    places.truncate(wanted.rows);
    let next = places.last().filter(|_| goes_on).map(|(place, _)| {
        let bytes = [place.person.as_bytes().as_slice(), place.kind.as_str().as_bytes()].concat();
        cursor::write(core, &wanted.list, &bytes)
    });
    let shown = places.iter().map(|(place, person)| Shown::of(place, Some(person.email.as_written())));
    Ok(answer::page(&shown.collect::<Vec<_>>(), next))
}

/// Where a list goes on: a person, and the kind of their place.
fn place_of(bytes: &[u8]) -> Result<(PersonId, String), Problem> {
    let other_list = || Problem::of(Code::Invalid).field("cursor", "not of this list");
    let (person, kind) = bytes.split_at_checked(16).ok_or_else(other_list)?;
    let kind = std::str::from_utf8(kind).map_err(|_| other_list())?.to_owned();
    Ok((Uuid::from_slice(person).map(PersonId::new).map_err(|_| other_list())?, kind))
}

async fn list_of_person(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let person = person(&ask)?;
    let (person, places) = memberships::of_member(&ask.core, &ask.bearer.actor, &branch, person).await?;
    let email = Some(person.email.as_written());
    let shown: Vec<Shown> = places.iter().map(|(place, _)| Shown::of(place, email)).collect();
    Ok(answer::page(&shown, None))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let (person, kind) = (person(&ask)?, kind(&ask)?);
    let place = memberships::one_of(&ask.core, &ask.bearer.actor, &branch, person, kind).await?;
    Ok(reply::json(StatusCode::OK, &Shown::of(&place, None)))
}

async fn give(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let fields = ask.fields(&["person", "kind", "role", "standing"])?;
    let wrong = |field: &str, problem: String| Problem::of(Code::Invalid).field(field, problem);
    let person = PersonId::parse(fields.required_text("person")?);
    let kind = fields.text("kind")?.map_or(Some(Kind::User), Kind::parse);
    let new = NewMembership {
        person: person.ok_or_else(|| wrong("person", "expected an id".to_owned()))?,
        kind: kind.ok_or_else(|| wrong("kind", format!("expected one of {}", KINDS.join(", "))))?,
        role: role(&fields)?.unwrap_or(Role::User),
        standing: fields.text("standing")?.map(str::to_owned),
    };
    let once = ask.once()?;
    let Ask { core, caller, bearer, .. } = &ask;
    let given = match once {
        None => memberships::give(core, caller, &bearer.actor, &branch, new).await?,
        Some(once) => memberships::give_once(core, caller, &bearer.actor, &branch, new, once).await?,
    };
    let at = at(&branch, &given);
    Ok(reply::json(StatusCode::CREATED, &Shown::of(&given, None)).with_header(header::LOCATION, &at))
}

fn at(branch: &Branch, given: &Membership) -> String {
    let tenant: TenantId = branch.tenant().id;
    format!("{}/tenants/{tenant}/memberships/{}/{}", crate::BASE, given.person, given.kind.as_str())
}

async fn change(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let (person, kind) = (person(&ask)?, kind(&ask)?);
    let fields = ask.fields(&["role", "standing"])?;
    let standing = match fields.value("standing")? {
        Some(_) => Some(fields.text("standing")?.map(str::to_owned)),
        None => None,
    };
    let changes = Changes { role: role(&fields)?, standing };
    let Ask { core, caller, bearer, .. } = &ask;
    let changed = memberships::change(core, caller, &bearer.actor, &branch, (person, kind), changes).await?;
    Ok(reply::json(StatusCode::OK, &Shown::of(&changed, None)))
}

async fn take(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let (person, kind) = (person(&ask)?, kind(&ask)?);
    let Ask { core, caller, bearer, .. } = &ask;
    let taken = memberships::take(core, caller, &bearer.actor, &branch, person, kind).await?;
    Ok(reply::json(StatusCode::OK, &Shown::of(&taken, None)))
}

fn person(ask: &Ask) -> Result<PersonId, Problem> {
    PersonId::parse(ask.parameter("person")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn kind(ask: &Ask) -> Result<Kind, Problem> {
    Kind::parse(ask.parameter("kind")).ok_or_else(|| Problem::of(Code::NotFound))
}

fn role(fields: &Fields) -> Result<Option<Role>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field("role", format!("expected one of {}", ROLES.join(", ")));
    fields.text("role")?.map(|word| Role::parse(word).ok_or_else(wrong)).transpose()
}
