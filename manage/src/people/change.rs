//! People who are there already: changed, disabled, deleted, invited, given a password.

use super::{
    EMAIL, EMAIL_CHARS, FIELDS, ID, NAME_CHARS, PERSON, language, languages, made_at, named, new_person,
    shown,
};
use crate::ask::Ask;
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    IDEMPOTENCY_KEY, IF_MATCH, Parameter, Shape, TENANT, line, object, or_null, text, truth,
};
use doorward_core::links::{self, LinkForm};
use doorward_core::manage::Scope;
use doorward_core::once::Done;
use doorward_core::people::{self, Edit, Listed, Revision};
use doorward_core::{Branch, invite, passwords};
use doorward_model::{Email, PersonId, PersonStatus};
use doorward_web::{Fields, Response, StatusCode};
use http::Method;
use serde_json::{Value, json};

const ONE: &[Parameter] = &[TENANT, ID];
const VERSION: &[Parameter] = &[TENANT, ID, IF_MATCH];
const CHANGES: Shape = Shape { name: "PersonChanges", schema: changes_schema };
const INVITATION: Shape = Shape { name: "NewInvitation", schema: invitation_schema };
const LINK: Shape = Shape { name: "MailedLink", schema: || object(&[], &[callback()]) };
const PASSWORD: Shape = Shape { name: "NewPassword", schema: password_schema };

/// What these share; the rest is said by each.
const BASE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/tenants/{id}/people/{person}",
    scope: Scope::PeopleWrite,
    name: "",
    tag: "People",
    doc: "",
    parameters: ONE,
    body: None,
    status: StatusCode::OK,
    answer: PERSON,
    handler: |ask| Box::pin(edit(ask)),
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint {
            method: Method::PATCH,
            name: "changePerson",
            doc: "Changes what is known of somebody whom the token administers everywhere; what is not sent stays, null \
                  removes a name, and a new address is mailed a link that verifies it",
            parameters: VERSION,
            body: Some(CHANGES),
            ..BASE
        },
        Endpoint {
            method: Method::DELETE,
            name: "deletePerson",
            doc: "Deletes somebody: their sessions and keys end, the e-mail may sign up anew; the audit trail keeps them",
            parameters: VERSION,
            handler: |ask| Box::pin(turn(ask, PersonStatus::Deleted)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/people/{person}/disable",
            name: "disablePerson",
            doc: "Disables somebody: sessions, keys and open codes end, and nobody signs in",
            parameters: VERSION,
            handler: |ask| Box::pin(turn(ask, PersonStatus::Inactive)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/people/{person}/enable",
            name: "enablePerson",
            doc: "Enables somebody who was disabled; they sign in anew",
            parameters: VERSION,
            handler: |ask| Box::pin(turn(ask, PersonStatus::Active)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/invitations",
            name: "invitePerson",
            doc: "Makes a person and mails them a link with which they choose their password",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(INVITATION),
            status: StatusCode::CREATED,
            handler: |ask| Box::pin(invite(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/people/{person}/invitation",
            name: "invitePersonAgain",
            doc: "Mails another invitation to somebody who has no password yet; the link before is void",
            body: Some(LINK),
            handler: |ask| Box::pin(invite_again(ask)),
            ..BASE
        },
        Endpoint {
            method: Method::PUT,
            path: "/tenants/{id}/people/{person}/password",
            name: "setPassword",
            doc: "Sets somebody's password and ends their sessions",
            parameters: VERSION,
            body: Some(PASSWORD),
            handler: |ask| Box::pin(set_password(ask)),
            ..BASE
        },
        Endpoint {
            path: "/tenants/{id}/people/{person}/password-reset",
            name: "mailPasswordReset",
            doc: "Mails somebody a link with which they choose another password; a conflict where none was queued, with the reason",
            body: Some(LINK),
            status: StatusCode::ACCEPTED,
            handler: |ask| Box::pin(mail_reset(ask)),
            ..BASE
        },
    ]
}

const CHANGED: [&str; 6] =
    ["email", "first_name", "last_name", "known_as", "language", "password_reset_required"];

fn changes_schema() -> Value {
    let email = json!({ "type": "string", "maxLength": EMAIL_CHARS, "pattern": EMAIL });
    let name = || or_null(line(NAME_CHARS));
    object(
        &[],
        &[
            ("email", "Where they are written to; nobody else in the pool has it", email),
            ("first_name", "First name", name()),
            ("last_name", "Last name", name()),
            ("known_as", "What they like to be called", name()),
            ("language", "What they are written to in; null is as the tenant says", or_null(languages())),
            ("password_reset_required", "Whether they must choose a password first", truth()),
        ],
    )
}

fn callback() -> (&'static str, &'static str, Value) {
    ("callback", "A page on the tenant's list that the link leads to; ours unless said", or_null(text()))
}

fn invitation_schema() -> Value {
    let mut schema = super::new_schema();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("password");
        let (name, doc, mut of) = callback();
        if let Some(fields) = of.as_object_mut() {
            fields.insert("description".to_owned(), doc.into());
        }
        properties.insert(name.to_owned(), of);
    }
    schema
}

fn password_schema() -> Value {
    object(
        &["password"],
        &[
            ("password", "The new one, by the rules of the tenant", text()),
            ("temporary", "Whether they must choose another when they sign in; true unless said", truth()),
        ],
    )
}

/// Who and where, for what is done to somebody.
async fn whom(ask: &Ask) -> Result<(Branch, Listed), Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let found = named(ask, &branch).await?;
    Ok((branch, found))
}

/// As they are now.
async fn again(ask: &Ask, branch: &Branch, id: PersonId) -> Result<Response, Problem> {
    Ok(shown(&people::one_of(&ask.core, &ask.bearer.actor, branch, id).await?))
}

async fn edit(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = whom(&ask).await?;
    let fields = ask.fields(&CHANGED)?;
    let email = match fields.value("email")? {
        Some(_) => Some(address(&fields)?),
        None => None,
    };
    // An empty name is none.
    let name = |name: &str| -> Result<Option<String>, Problem> {
        let is_said = fields.value(name)?.is_some();
        Ok(is_said.then_some(fields.text(name)?.unwrap_or_default().to_owned()))
    };
    let edit = Edit {
        email,
        first_name: name("first_name")?,
        last_name: name("last_name")?,
        known_as: name("known_as")?,
        language: fields.value("language")?.is_some().then(|| language(&fields)).transpose()?,
        password_reset_required: fields.boolean("password_reset_required")?,
        ..Edit::default()
    };
    let revision = Revision { edit, expected: ask.expected()?, ..Revision::default() };
    let Ask { core, caller, bearer, .. } = &ask;
    people::revise(core, caller, &bearer.actor, &branch, found.person.id, revision).await?;
    again(&ask, &branch, found.person.id).await
}

fn address(fields: &Fields) -> Result<Email, Problem> {
    let text = fields.required_text("email")?;
    Email::parse(text).map_err(|fault| Problem::of(Code::Invalid).field("email", fault.to_string()))
}

async fn turn(ask: Ask, status: PersonStatus) -> Result<Response, Problem> {
    let (branch, found) = whom(&ask).await?;
    let (expected, id) = (ask.expected()?, found.person.id);
    let Ask { core, caller, bearer, .. } = &ask;
    let turned = people::set_status(core, caller, &bearer.actor, &branch, id, status, expected).await?;
    match status {
        // Nobody reads them any more: this is the last of them.
        PersonStatus::Deleted => {
            let deleted = people::by_id(core, turned.pool, id).await?;
            Ok(shown(&Listed { person: deleted, ..found }))
        }
        PersonStatus::Active | PersonStatus::Inactive => again(&ask, &branch, id).await,
    }
}

async fn invite(ask: Ask) -> Result<Response, Problem> {
    let branch = ask.tenant().await?;
    ask.query(&[])?;
    let known: Vec<&str> =
        FIELDS.into_iter().filter(|name| *name != "password").chain(["callback"]).collect();
    let fields = ask.fields(&known)?;
    let (once, new, link) =
        (ask.once()?, new_person(&fields)?, link(&branch, &fields, LinkForm::INVITATION)?);
    let Ask { core, caller, bearer, .. } = &ask;
    let actor = &bearer.actor;
    let made = match once {
        None => Done::Now(invite::invite(core, caller, actor, &branch, new, link).await?),
        Some(once) => invite::invite_once(core, caller, actor, &branch, new, link, once).await?,
    };
    let made = match made {
        Done::Now((person, place)) => Listed { person, role: place.role, tenant: place.tenant },
        Done::Before(id) => people::one_of(core, actor, &branch, PersonId::new(id)).await?,
    };
    Ok(made_at(&branch, &made))
}

async fn invite_again(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = whom(&ask).await?;
    let link = link(&branch, &ask.fields(&["callback"])?, LinkForm::INVITATION)?;
    let Ask { core, caller, bearer, .. } = &ask;
    invite::again(core, caller, &bearer.actor, &branch, found.person.id, link).await?;
    again(&ask, &branch, found.person.id).await
}

async fn set_password(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = whom(&ask).await?;
    let fields = ask.fields(&["password", "temporary"])?;
    let wrong = || Problem::of(Code::Invalid).field("password", "is required");
    let password = fields.secret("password")?.ok_or_else(wrong)?;
    let is_temporary = fields.boolean("temporary")?.unwrap_or(true);
    let revision = Revision {
        password: Some((password, is_temporary)),
        expected: ask.expected()?,
        ..Revision::default()
    };
    let Ask { core, caller, bearer, .. } = &ask;
    people::revise(core, caller, &bearer.actor, &branch, found.person.id, revision).await?;
    again(&ask, &branch, found.person.id).await
}

async fn mail_reset(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = whom(&ask).await?;
    let link = link(&branch, &ask.fields(&["callback"])?, LinkForm::RESET)?;
    let Ask { core, caller, bearer, .. } = &ask;
    let email = found.person.email.as_written();
    passwords::reset::request_as(core, caller, &bearer.actor, &branch, email, link).await?;
    let mut answer = again(&ask, &branch, found.person.id).await?;
    *answer.status_mut() = StatusCode::ACCEPTED;
    Ok(answer)
}

fn link(branch: &Branch, fields: &Fields, ours: LinkForm) -> Result<LinkForm, Problem> {
    Ok(match fields.text("callback")? {
        Some(text) => links::callback(text, &branch.policy().callbacks)?,
        None => ours,
    })
}
