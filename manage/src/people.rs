//! People of a tenant: listed, read, made.

mod change;

use crate::answer;
use crate::ask::{Ask, Wanted};
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Shape, TENANT, line, moment, number, object, or_null, page,
    shape, text, truth, uuid, word,
};
use doorward_core::manage::Scope;
use doorward_core::once::Done;
use doorward_core::people::{self, Listed, NewPassword, NewPerson, Place, Search};
use doorward_core::{Branch, cursor};
use doorward_model::{Email, Kind, Language, NotificationSettings, PersonId, Profile, Role, Verified};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const KINDS: [&str; 4] = ["administrator", "member", "contact", "user"];
pub(crate) const ROLES: [&str; 4] = ["owner", "admin", "user", "callcentre"];
/// Of a name (core/src/people/edit.rs).
const NAME_CHARS: usize = 250;
/// Of an address (model/src/email.rs).
const EMAIL_CHARS: usize = 250;

/// What `model::Email::parse` takes, exactly; schemathesis finds where this says otherwise.
const EMAIL: &str = concat!(
    r#"^[^\s<>()\[\],;:\\"@\x00-\x1f\x7f-\x9f]+@"#,
    r"[^\s\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x60\x7b-\x9f]+",
    r"(\.[^\s\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x60\x7b-\x9f]+)*$",
);

pub(crate) const ID: Parameter =
    Parameter { name: "person", place: "path", doc: "The person's id", schema: uuid };
const Q: Parameter = Parameter {
    name: "q",
    place: "query",
    doc: "Words, each the beginning of an e-mail address or of a name, in any case",
    schema: || json!({ "type": "string", "pattern": r"[^\s\x00]" }),
};
pub(crate) const PERSON: Shape = Shape { name: "Person", schema: Shown::schema };
const PAGE: Shape = Shape { name: "PersonPage", schema: || page("Person") };
const NEW: Shape = Shape { name: "NewPerson", schema: new_schema };

/// The list of this noun.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let own = vec![
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/people",
            scope: Scope::PeopleRead,
            name: "listPeople",
            tag: "People",
            doc: "The people of a tenant itself, by id; with `q` those of it and of what is below it whose e-mail or one of \
                  whose names begins so",
            parameters: &[TENANT, Q, LIMIT, CURSOR],
            body: None,
            status: StatusCode::OK,
            answer: PAGE,
            handler: |ask| Box::pin(list(ask)),
        },
        Endpoint {
            method: Method::POST,
            path: "/tenants/{id}/people",
            scope: Scope::PeopleWrite,
            name: "createPerson",
            tag: "People",
            doc: "Makes a person in a tenant; an administrator only with the scope `manage`, an owner never with an \
                  application's token",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            answer: PERSON,
            handler: |ask| Box::pin(create(ask)),
        },
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/people/{person}",
            scope: Scope::PeopleRead,
            name: "getPerson",
            tag: "People",
            doc: "One person of a tenant",
            parameters: &[TENANT, ID],
            body: None,
            status: StatusCode::OK,
            answer: PERSON,
            handler: |ask| Box::pin(get(ask)),
        },
    ];
    own.into_iter().chain(change::endpoints()).collect()
}

shape! {
    /// A person.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "The number clients know them by"]
        number: i64 = number(),
        #[doc = "Where they are written to, as they write it"]
        email: String = text(),
        #[doc = "First name"]
        first_name: Option<String> = or_null(text()),
        #[doc = "Last name"]
        last_name: Option<String> = or_null(text()),
        #[doc = "What they like to be called"]
        known_as: Option<String> = or_null(text()),
        #[doc = "The strongest role of the places that were asked for"]
        role: &'static str = word(&ROLES),
        #[doc = "The tenant where they have it"]
        tenant: String = uuid(),
        #[doc = "Whether they may sign in"]
        status: &'static str = word(&["active", "inactive", "deleted"]),
        #[doc = "How far the address is known to be theirs"]
        verified: String = text(),
        #[doc = "What they are written to in; as the tenant's policy says where there is none"]
        language: Option<&'static str> = or_null(languages()),
        #[doc = "Whether they must choose a password first"]
        password_reset_required: bool = truth(),
        #[doc = "Grows with every change; the entity tag"]
        version: i64 = crate::schema::version(),
        #[doc = "When they were made"]
        created_at: String = moment(),
        #[doc = "When they last changed"]
        modified_at: String = moment(),
    }
}

const FIELDS: [&str; 8] =
    ["email", "first_name", "last_name", "known_as", "kind", "role", "password", "language"];

fn new_schema() -> Value {
    let email = json!({ "type": "string", "maxLength": EMAIL_CHARS, "pattern": EMAIL });
    let name = || or_null(line(NAME_CHARS));
    object(
        &["email"],
        &[
            ("email", "Where they are written to; nobody else in the pool has it", email),
            ("first_name", "First name", name()),
            ("last_name", "Last name", name()),
            ("known_as", "What they like to be called", name()),
            ("kind", "As what they belong to the tenant; user unless said", or_null(word(&KINDS))),
            (
                "role",
                "With which rights; user unless said, and never more than the token's",
                or_null(word(&ROLES)),
            ),
            ("language", "What they are written to in; as the tenant says unless said", or_null(languages())),
            ("password", "Chosen for them; without it they choose one by a link", or_null(text())),
        ],
    )
}

impl From<&Listed> for Shown {
    fn from(Listed { person, role, tenant }: &Listed) -> Self {
        Self {
            id: person.id.to_string(),
            number: person.number.get(),
            email: person.email.as_written().to_owned(),
            first_name: person.profile.first_name.clone(),
            last_name: person.profile.last_name.clone(),
            known_as: person.profile.known_as.clone(),
            role: role.as_str(),
            tenant: tenant.to_string(),
            status: person.status.as_str(),
            verified: person.verified.as_str().to_owned(),
            language: person.language.map(Language::as_str),
            password_reset_required: person.password_reset_required,
            version: person.version,
            created_at: person.created_at.civil().to_string(),
            modified_at: person.modified_at.civil().to_string(),
        }
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    let query = ask.query(&["q", "limit", "cursor"])?;
    let text = query.text("q")?;
    let wanted = ask.wanted(&query, text.unwrap_or_default())?;
    if let Some(text) = text {
        return search(&ask, &branch, text, wanted).await;
    }
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let after = wanted.place.as_deref().map_or(Ok(PersonId::new(Uuid::nil())), person_of)?;
    let mut people = people::list_after(core, actor, &branch, after, wanted.rows + 1).await?;
    let goes_on = people.len() > wanted.rows;
    people.truncate(wanted.rows);
    let last = people.last().filter(|_| goes_on);
    let next = last.map(|it| cursor::write(core, &wanted.list, it.person.id.as_bytes()));
    Ok(answer::page(&people.iter().map(Shown::from).collect::<Vec<_>>(), next))
}

async fn search(ask: &Ask, branch: &Branch, text: &str, wanted: Wanted) -> Result<Response, Problem> {
    let after = wanted.place.as_deref().map(|it| Place::of(it).ok_or_else(other_list)).transpose()?;
    let search = Search { text: text.to_owned(), after, rows: wanted.rows };
    let found = people::search(&ask.core, &ask.bearer.actor, branch, search).await?;
    let next = found.next.map(|place| cursor::write(&ask.core, &wanted.list, &place.bytes()));
    Ok(answer::page(&found.people.iter().map(Shown::from).collect::<Vec<_>>(), next))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let found = named(&ask, &branch).await?;
    Ok(shown(&found))
}

/// The person whom the path names.
async fn named(ask: &Ask, branch: &Branch) -> Result<Listed, Problem> {
    let id = PersonId::parse(ask.parameter("person")).ok_or_else(|| Problem::of(Code::NotFound))?;
    Ok(people::one_of(&ask.core, &ask.bearer.actor, branch, id).await?)
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let (once, new) = (ask.once()?, new_person(&ask.fields(&FIELDS)?)?);
    let Ask { core, caller, bearer, .. } = &ask;
    let actor = &bearer.actor;
    let made = match once {
        None => Done::Now(people::create(core, caller, actor, &branch, new).await?),
        Some(once) => people::create_once(core, caller, actor, &branch, new, once).await?,
    };
    let made = match made {
        Done::Now((person, place)) => Listed { person, role: place.role, tenant: place.tenant },
        Done::Before(id) => people::one_of(core, actor, &branch, PersonId::new(id)).await?,
    };
    Ok(made_at(&branch, &made))
}

fn shown(listed: &Listed) -> Response {
    answer::one(&Shown::from(listed), listed.person.version)
}

fn made_at(branch: &Branch, made: &Listed) -> Response {
    let at = format!("/tenants/{}/people/{}", branch.tenant().id, made.person.id);
    answer::made(&Shown::from(made), made.person.version, &at)
}

fn new_person(fields: &Fields) -> Result<NewPerson, Problem> {
    let wrong = |field: &str, problem: &str| Problem::of(Code::Invalid).field(field, problem);
    let email =
        Email::parse(fields.required_text("email")?).map_err(|fault| wrong("email", &fault.to_string()))?;
    let text =
        |name: &str| fields.text(name).map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned));
    let kind = fields.text("kind")?.map_or(Some(Kind::User), Kind::parse);
    let role = fields.text("role")?.map_or(Some(Role::User), Role::parse);
    Ok(NewPerson {
        email,
        profile: Profile {
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            known_as: text("known_as")?,
            extra: Vec::new(),
        },
        kind: kind.ok_or_else(|| wrong("kind", &format!("expected one of {}", KINDS.join(", "))))?,
        role: role.ok_or_else(|| wrong("role", &format!("expected one of {}", ROLES.join(", "))))?,
        standing: None,
        verified: Verified::No,
        password: fields.secret("password")?.map_or(NewPassword::None, NewPassword::Chosen),
        notifications: NotificationSettings::default(),
        language: language(fields)?,
    })
}

/// The languages that mails are written in.
pub(crate) fn languages() -> Value {
    word(&Language::ALL.map(Language::as_str))
}

/// `None` where none is said.
fn language(fields: &Fields) -> Result<Option<Language>, Problem> {
    let unknown = || {
        let known = Language::ALL.map(Language::as_str).join(", ");
        Problem::of(Code::Invalid).field("language", format!("expected one of {known}"))
    };
    fields.text("language")?.map(|tag| Language::parse(tag).ok_or_else(unknown)).transpose()
}

fn person_of(bytes: &[u8]) -> Result<PersonId, Problem> {
    Uuid::from_slice(bytes).map(PersonId::new).map_err(|_| other_list())
}

fn other_list() -> Problem {
    Problem::of(Code::Invalid).field("cursor", "not of this list")
}
