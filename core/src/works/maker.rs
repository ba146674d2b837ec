//! Whoever began a work and may be gone by now: who that was, and whether they may still do it.

use super::id::Id;
use crate::actor::PROGRAM;
use crate::application_tokens::TokenState;
use crate::manage::{Scope, Scopes};
use crate::{Actor, Branch, Error, Result};
use doorward_model::{
    ApplicationId, ApplicationTokenId, Kind, OperatorId, OperatorTokenId, PersonId, PersonStatus, PoolId,
    Role, TenantId, Timestamp, Work,
};
use doorward_store::{
    Error as StoreError, HouseTx, Tx, application_tokens, applications, memberships, operator_tokens,
    operators, people,
};
use serde::{Deserialize, Serialize};

/// Somebody who began long work: they may do as much as they might then and still may.
#[derive(Clone, Debug)]
pub struct ActingMaker {
    pub(crate) name: String,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) person: Option<PersonId>,
    /// The one pool they reach; `None` for all.
    pub(crate) pool: Option<PoolId>,
    /// Where in it, with everything below.
    pub(crate) top: Option<TenantId>,
    pub(crate) role: Role,
    /// What their token may be used for; `None` for who needs none.
    pub(crate) scopes: Option<Scopes>,
}

impl ActingMaker {
    pub(crate) fn role_at(&self, target: &Branch) -> Result<Role> {
        if self.pool.is_some_and(|pool| pool != target.pool()) {
            return Err(Error::NotFound);
        }
        if self.top.is_none_or(|top| target.contains(top)) { Ok(self.role) } else { Err(Error::NotAllowed) }
    }

    pub(crate) fn holds(&self, scope: Scope) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.include(scope))
    }
}

/// Who began a work, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub(super) enum Maker {
    /// At the machine itself.
    Machine,
    /// An operator in front of a browser. Their session may end; they may not.
    Operator { id: Id },
    /// An operator with a token.
    OperatorToken { id: Id },
    /// Somebody signed in at a tenant as a kind, with a role: never more than that comes of it.
    Person { id: Id, tenant: Id, kind: Option<String>, role: String },
    /// A program with a token.
    Token { id: Id },
}

impl Maker {
    /// Errors: [`Error::NotAllowed`] without the right to administer the tenant.
    pub(super) fn of(actor: &Actor, branch: &Branch) -> Result<Self> {
        let role = actor.administers(branch)?;
        Ok(match actor {
            Actor::Operator => Self::Machine,
            Actor::Console(it) => Self::Operator { id: Id(it.operator.id.uuid()) },
            Actor::Remote(it) => Self::OperatorToken { id: Id(it.token.uuid()) },
            Actor::Person(identity) => Self::Person {
                id: Id(identity.person.id.uuid()),
                tenant: Id(identity.tenant().uuid()),
                kind: identity.session().map(|session| session.kind.as_str().to_owned()),
                role: role.as_str().to_owned(),
            },
            Actor::Program(it) => Self::Token { id: Id(it.who.subject()) },
            // Work begins no work.
            Actor::Maker(_) => return Err(Error::NotAllowed),
        })
    }

    pub(super) fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|fault| Error::internal("who began a work", &fault))
    }
}

/// Who a work is done for, and where; `None` once they may not do it any more, or it is to be done nowhere.
pub(super) fn admit(
    tx: &mut HouseTx<'_>,
    work: &Work,
    now: Timestamp,
) -> Result<Option<(Actor, Branch)>, StoreError> {
    let read = |_| StoreError::Fault("a work does not say who began it".to_owned());
    let maker: Maker = serde_json::from_str(&work.maker).map_err(read)?;
    let (pool, tenant) = (work.pool, work.tenant);
    let Some(branch) = tx.in_pool(pool, |tx| Branch::read(tx, tenant))? else { return Ok(None) };
    let found = match maker {
        Maker::Machine => Some(operator(work, None, None)),
        Maker::Operator { id } => {
            operators::find(tx, OperatorId::new(id.0))?.map(|_| operator(work, None, None))
        }
        Maker::OperatorToken { id } => operator_token(tx, work, OperatorTokenId::new(id.0), now)?,
        Maker::Person { id, tenant, kind, role } => {
            let signed_in = (TenantId::new(tenant.0), kind.as_deref().and_then(Kind::parse));
            let most = Role::parse(&role);
            let id = PersonId::new(id.0);
            tx.in_pool(pool, |tx| person(tx, work, &branch, id, signed_in, most))?
        }
        Maker::Token { id } => tx.in_pool(pool, |tx| token(tx, work, ApplicationTokenId::new(id.0), now))?,
    };
    let is_operators = found.as_ref().is_some_and(|it| it.top.is_none());
    let acting = found.filter(|_| is_operators || branch.is_open()).map(|it| Actor::Maker(Box::new(it)));
    Ok(acting.filter(|actor| actor.administers(&branch).is_ok()).map(|actor| (actor, branch)))
}

fn operator(work: &Work, pool: Option<PoolId>, scopes: Option<Scopes>) -> ActingMaker {
    let name = work.actor.clone();
    ActingMaker { name, application: None, person: None, pool, top: None, role: Role::Owner, scopes }
}

fn operator_token(
    tx: &mut HouseTx<'_>,
    work: &Work,
    id: OperatorTokenId,
    now: Timestamp,
) -> Result<Option<ActingMaker>, StoreError> {
    let Some(token) = operator_tokens::find(tx, id)? else { return Ok(None) };
    let is_good = TokenState::of_times(token.revoked_at, token.expires_at, now) == TokenState::Active;
    let scopes = Scopes::of(token.scopes.iter().map(String::as_str));
    Ok(is_good.then(|| operator(work, token.only_pool, Some(scopes))))
}

fn person(
    tx: &mut Tx<'_>,
    work: &Work,
    branch: &Branch,
    id: PersonId,
    (signed_in_at, kind): (TenantId, Option<Kind>),
    most: Option<Role>,
) -> Result<Option<ActingMaker>, StoreError> {
    let Some(person) = people::find(tx, id)? else { return Ok(None) };
    if person.status != PersonStatus::Active || person.password_reset_required {
        return Ok(None);
    }
    let places = memberships::list_by_person(tx, id)?;
    let speaks = places.iter().filter(|place| kind.is_none_or(|kind| kind.speaks_for(place.kind)));
    let now = speaks.filter(|place| branch.contains(place.tenant)).map(|place| place.role).min();
    // The weaker of what they might then and what they may now.
    let role = now.zip(most).map(|(now, then)| now.max(then));
    Ok(role.map(|role| ActingMaker {
        name: work.actor.clone(),
        application: None,
        person: Some(id),
        pool: Some(work.pool),
        top: Some(signed_in_at),
        role,
        scopes: None,
    }))
}

fn token(
    tx: &mut Tx<'_>,
    work: &Work,
    id: ApplicationTokenId,
    now: Timestamp,
) -> Result<Option<ActingMaker>, StoreError> {
    let Some(token) = application_tokens::find(tx, id)? else { return Ok(None) };
    if TokenState::of(&token, now) != TokenState::Active {
        return Ok(None);
    }
    let found = applications::find(tx, token.application)?.map(|stored| stored.application);
    let program = found.filter(|program| !program.disabled);
    let scopes = Scopes::of(token.scopes.iter().map(String::as_str));
    Ok(program.map(|program| ActingMaker {
        name: work.actor.clone(),
        application: Some(program.id),
        person: None,
        pool: Some(work.pool),
        top: Some(program.tenant),
        role: PROGRAM,
        scopes: Some(scopes),
    }))
}
