//! One program: what it is, its key, its tokens; `steps.rs` is what can be done with it.

mod steps;

pub(crate) use steps::{act, ask};

use crate::admin::applications::lines;
use crate::admin::frame::{Frame, Part};
use crate::admin::prove::proven;
use crate::admin::tenant::reached;
use crate::admin::trouble::{Page, Trouble, mendable, status};
use crate::admin::when::{When, expiry, when};
use crate::admin::{once, secret};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::application_tokens::{self, ListedToken, NewToken, TokenState};
use doorward_core::applications::{self, Changes, Listed};
use doorward_core::{Branch, Error};
use doorward_model::{ApplicationId, ApplicationTokenId, Audience, TenantId, Timestamp};

async fn found(visit: &Visit, tenant: &str, id: &str) -> Result<(Branch, Listed), Trouble> {
    let branch = reached(visit, tenant).await?;
    let id = ApplicationId::parse(id).ok_or(Error::NotFound)?;
    let listed = applications::one_of(&visit.core, &visit.actor(), &branch, id).await?;
    Ok((branch, listed))
}

pub(crate) fn address(branch: &Branch, id: ApplicationId) -> String {
    format!("/console/tenants/{}/applications/{id}", branch.tenant().id)
}

struct Token {
    id: ApplicationTokenId,
    label: String,
    scopes: String,
    audience: String,
    state: &'static str,
    is_good: bool,
    expires: Option<When>,
    last_used: Option<When>,
}

impl Token {
    fn of(it: &ListedToken) -> Self {
        let token = &it.token;
        Self {
            id: token.id,
            label: token.label.clone(),
            scopes: token.scopes.join(" "),
            audience: token.audience.as_str().to_owned(),
            state: it.state.as_str(),
            is_good: it.state == TokenState::Active,
            expires: token.expires_at.map(when),
            last_used: token.last_used_at.map(when),
        }
    }
}

#[derive(Template)]
#[template(path = "console/application.html")]
struct Shown<'a> {
    frame: Frame,
    here: String,
    tenant: TenantId,
    app_id: &'a str,
    has_key: bool,
    previous_until: Option<When>,
    is_trusted: bool,
    is_disabled: bool,
    made: When,
    last_used: Option<When>,
    tokens: Vec<Token>,
    /// What stands in the form of a token: label, scopes, audience, days.
    new_token: [&'a str; 4],
    is_new_token_open: bool,
    /// What stands in the other: name, origins, and what stood there when it was opened.
    changed: [&'a str; 4],
    is_changed_open: bool,
    problem: Option<String>,
}

/// The form that was sent with something to mend, as it was filled in.
#[derive(Clone, Copy)]
enum Typed<'a> {
    Nothing,
    Token([&'a str; 4]),
    Change([&'a str; 4]),
}

pub(crate) async fn show(Path((tenant, id)): Path<(String, String)>, viewing: Viewing) -> Page {
    let (branch, listed) = found(&viewing.visit, &tenant, &id).await?;
    shown(&viewing.visit, (&branch, &listed), viewing.text("done"), Typed::Nothing, None).await
}

async fn shown(
    visit: &Visit,
    (branch, listed): (&Branch, &Listed),
    done: Option<&str>,
    typed: Typed<'_>,
    problem: Option<String>,
) -> Page {
    let program = &listed.application;
    let origins = program.origins.join("\n");
    let [name, origins] = [program.name.as_str(), origins.as_str()];
    let (empty, as_it_is) = (["", "", "*", ""], [name, origins, name, origins]);
    let (new_token, changed) = match typed {
        Typed::Nothing => (empty, as_it_is),
        Typed::Token(token) => (token, as_it_is),
        Typed::Change(change) => (empty, change),
    };
    let tokens = application_tokens::list(&visit.core, &visit.actor(), branch.pool(), program.id).await?;
    let shown = Shown {
        frame: Frame::at(visit, branch, Part::Applications, &program.name).saying(done),
        here: address(branch, program.id),
        tenant: branch.tenant().id,
        app_id: program.app_id.as_str(),
        has_key: program.has_key,
        previous_until: listed.previous_until.map(when),
        is_trusted: program.trusted_server,
        is_disabled: program.disabled,
        made: when(program.created_at),
        last_used: program.last_used_at.map(when),
        tokens: tokens.iter().rev().map(Token::of).collect(),
        new_token,
        is_new_token_open: matches!(typed, Typed::Token(_)),
        changed,
        is_changed_open: matches!(typed, Typed::Change(_)),
        problem,
    };
    Ok(render(status(&shown.problem), &shown))
}

/// Name and origins.
pub(crate) async fn save(Path((tenant, id)): Path<(String, String)>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let (branch, listed) = found(visit, &tenant, &id).await?;
    let id = listed.application.id;
    let typed = ["name", "origins", "name_was", "origins_was"].map(|name| posted.text(name));
    // What was not touched is not written: somebody else may have changed it meanwhile.
    let (name, origins) = (posted.touched("name"), posted.touched("origins"));
    let changes =
        Changes { name: name.map(str::to_owned), origins: origins.map(lines), ..Changes::default() };
    let saved =
        applications::edit(&visit.core, &visit.caller, &visit.actor(), branch.pool(), id, changes).await;
    match saved {
        Ok(_) => Ok(see_other(&format!("{}?done=saved", address(&branch, id)))),
        Err(error) => {
            shown(visit, (&branch, &listed), None, Typed::Change(typed), Some(mendable(error)?)).await
        }
    }
}

/// The fields of a new token.
const FIELDS: [&str; 4] = ["label", "scopes", "audience", "days"];

const MADE_BEFORE: &str = "If you did not copy it, revoke that token and make another.";

/// Makes a token that the program sends by itself.
pub(crate) async fn issue(Path((tenant, id)): Path<(String, String)>, posted: Posted) -> Page {
    let (branch, listed) = found(&posted.visit, &tenant, &id).await?;
    let id = listed.application.id;
    let typed = Typed::Token(FIELDS.map(|name| posted.text(name)));
    proven!(&posted, |visit, problem| shown(visit, (&branch, &listed), None, typed, problem).await, |visit| {
        let (of, new) = ((branch.pool(), id), wanted(&posted, visit.now)?);
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let made = match once::of(&posted, &FIELDS) {
            Some(once) => application_tokens::create_once(core, caller, &actor, of, new, once).await,
            None => application_tokens::create(core, caller, &actor, of, new).await,
        };
        let frame = Frame::at(visit, &branch, Part::Applications, "The token");
        let Some(made) = once::first(made)? else {
            return Ok(once::made_before(frame, MADE_BEFORE, address(&branch, id)));
        };
        let advice = "The program sends it as \"Authorization: Bearer …\".";
        Ok(secret::page(frame, None, ("Token", &made.secret), advice, address(&branch, id)))
    })
}

fn wanted(posted: &Posted, now: Timestamp) -> Result<NewToken, Error> {
    let audience = Audience::parse(posted.given("audience").unwrap_or("*"));
    Ok(NewToken {
        label: posted.text("label").to_owned(),
        scopes: posted.text("scopes").split_whitespace().map(str::to_owned).collect(),
        audience: audience.ok_or_else(|| Error::invalid("audience", "expected one word, or *"))?,
        expires_at: expiry(posted.text("days"), now)?,
    })
}
