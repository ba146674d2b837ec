//! Whoever began a work and may be gone by now: who that was, and whether they may still do it.

use super::export::reads;
use super::id::Id;
use super::run::{RENEWED, REVOKED};
use crate::actor::PROGRAM;
use crate::application_tokens::TokenState;
use crate::manage::{Scope, Scopes};
use crate::{Actor, Branch, Error, Result};
use doorward_model::{
    ApplicationId, ApplicationTokenId, Kind, OperatorId, OperatorTokenId, PersonId, PersonStatus, PoolId,
    Role, TenantId, Timestamp, Work, WorkKind,
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
    Person {
        id: Id,
        tenant: Id,
        kind: Option<String>,
        role: String,
        /// Their `auth_generation` then: a new password ends what somebody else may have begun in their name.
        #[serde(default)]
        generation: i64,
    },
    /// A program with a token.
    Token { id: Id },
}

/// Why a work does not go on whose maker is written in words that are not known here.
const UNREADABLE: &str = "who began it, or how, cannot be read by this version: begin it again";

impl Maker {
    /// An operator in front of a browser.
    pub(super) fn operator(id: OperatorId) -> Self {
        Self::Operator { id: Id(id.uuid()) }
    }

    /// Errors: [`Error::NotAllowed`] without the right to administer the tenant.
    pub(super) fn of(actor: &Actor, branch: &Branch) -> Result<Self> {
        let role = actor.administers(branch)?;
        Ok(match actor {
            Actor::Operator => Self::Machine,
            Actor::Console(it) => Self::operator(it.operator.id),
            Actor::Remote(it) => Self::OperatorToken { id: Id(it.token.uuid()) },
            Actor::Person(identity) => Self::Person {
                id: Id(identity.person.id.uuid()),
                tenant: Id(identity.tenant().uuid()),
                kind: identity.session().map(|session| session.kind.as_str().to_owned()),
                role: role.as_str().to_owned(),
                generation: identity.person.auth_generation,
            },
            Actor::Program(it) => Self::Token { id: Id(it.who.subject()) },
            // Work begins no work.
            Actor::Maker(_) => return Err(Error::NotAllowed),
        })
    }

    pub(super) fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|fault| Error::internal("who began a work", &fault))
    }

    fn of_work(work: &Work) -> Result<Self, StoreError> {
        let unread = |_| StoreError::Fault("a work does not say who began it".to_owned());
        serde_json::from_str(&work.maker).map_err(unread)
    }
}

/// Who a work is done for and where, or why it is not done any more.
pub(super) type Admitted = Result<(Actor, Branch), &'static str>;

/// Asks whether whoever began a work may do this sort of work there now.
pub(super) fn admit(tx: &mut HouseTx<'_>, work: &Work, now: Timestamp) -> Result<Admitted, StoreError> {
    let maker = Maker::of_work(work)?;
    let (pool, tenant) = (work.pool, work.tenant);
    let Some(branch) = tx.in_pool(pool, |tx| Branch::read(tx, tenant))? else { return Ok(Err(REVOKED)) };
    let found = match maker {
        Maker::Machine => Some(operator(work, None, None)),
        Maker::Operator { id } => {
            operators::find(tx, OperatorId::new(id.0))?.map(|_| operator(work, None, None))
        }
        Maker::OperatorToken { id } => operator_token(tx, work, OperatorTokenId::new(id.0), now)?,
        Maker::Person { id, tenant, kind, role, generation } => {
            let kind = kind.map(|word| Kind::parse(&word).ok_or(UNREADABLE)).transpose();
            let (kind, most) = match (kind, Role::parse(&role)) {
                (Ok(kind), Some(most)) => (kind, most),
                (Ok(_), None) | (Err(_), _) => return Ok(Err(UNREADABLE)),
            };
            let signed_in = SignedIn { tenant: TenantId::new(tenant.0), kind, most, generation };
            let found = tx.in_pool(pool, |tx| person(tx, work, &branch, PersonId::new(id.0), signed_in))?;
            match found {
                Ok(found) => Some(found),
                Err(why) => return Ok(Err(why)),
            }
        }
        Maker::Token { id } => tx.in_pool(pool, |tx| token(tx, work, ApplicationTokenId::new(id.0), now))?,
    };
    let is_operators = found.as_ref().is_some_and(|it| it.top.is_none());
    let acting = found.filter(|_| is_operators || branch.is_open()).map(|it| Actor::Maker(Box::new(it)));
    let may = |actor: &Actor| actor.administers(&branch).is_ok() && actor.holds(needed(work.kind));
    Ok(acting.filter(may).map(|actor| (actor, branch)).ok_or(REVOKED))
}

/// The scope that a token needs for each batch.
const fn needed(kind: WorkKind) -> Scope {
    match kind {
        WorkKind::ImportPeople => Scope::PeopleWrite,
        WorkKind::ExportPeople | WorkKind::ExportEvents | WorkKind::ExportConsents => reads(kind),
    }
}

/// Whether whoever had a file made has a new password since, or is gone: somebody else may have had it made in their name.
pub(super) fn is_renewed(tx: &mut Tx<'_>, work: &Work) -> Result<bool, StoreError> {
    match Maker::of_work(work)? {
        Maker::Machine | Maker::Operator { .. } | Maker::OperatorToken { .. } | Maker::Token { .. } => {
            Ok(false)
        }
        Maker::Person { id, generation, .. } => {
            let person = people::find(tx, PersonId::new(id.0))?;
            Ok(person.is_none_or(|person| person.auth_generation != generation))
        }
    }
}

/// How somebody was signed in when they began.
struct SignedIn {
    tenant: TenantId,
    kind: Option<Kind>,
    most: Role,
    generation: i64,
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
    SignedIn { tenant, kind, most, generation }: SignedIn,
) -> Result<Result<ActingMaker, &'static str>, StoreError> {
    let Some(person) = people::find(tx, id)? else { return Ok(Err(REVOKED)) };
    if person.status != PersonStatus::Active || person.password_reset_required {
        return Ok(Err(REVOKED));
    }
    if person.auth_generation != generation {
        return Ok(Err(RENEWED));
    }
    let places = memberships::list_by_person(tx, id)?;
    let speaks = places.iter().filter(|place| kind.is_none_or(|kind| kind.speaks_for(place.kind)));
    let now = speaks.filter(|place| branch.contains(place.tenant)).map(|place| place.role).min();
    // The weaker of what they might then and what they may now.
    let role = now.map(|now| now.max(most));
    let acting = role.map(|role| ActingMaker {
        name: work.actor.clone(),
        application: None,
        person: Some(id),
        pool: Some(work.pool),
        top: Some(tenant),
        role,
        scopes: None,
    });
    Ok(acting.ok_or(REVOKED))
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
