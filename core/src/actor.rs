//! On whose behalf an administrative operation runs, and what that allows.

use crate::browser::SignedInOperator;
use crate::manage::{ActingProgram, Scope, Scopes};
use crate::works::ActingMaker;
use crate::{Branch, Error, Identity, Result};
use doorward_model::{ApplicationId, OperatorId, OperatorTokenId, PersonId, PoolId, Role};

/// On whose behalf an operation runs.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Whoever runs this installation, on its own machine: the command line, `apply`, the demo.
    Operator,
    /// The same, from elsewhere, with a token.
    Remote(RemoteOperator),
    /// The same, signed in to Doorward's own pages.
    Console(SignedInOperator),
    /// Someone signed in.
    Person(Box<Identity>),
    /// A program that speaks for itself with a bearer token.
    Program(ActingProgram),
    /// Somebody who began long work that goes on without them.
    Maker(Box<ActingMaker>),
}

/// An operator who calls with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteOperator {
    /// Whose token.
    pub(crate) operator: OperatorId,
    /// Which.
    pub(crate) token: OperatorTokenId,
    /// The one pool it reaches; `None` for all.
    pub(crate) only_pool: Option<PoolId>,
    /// What it may be used for.
    pub(crate) scopes: Scopes,
}

/// What a program may do at most: as much as whoever made its token at least. Owners are people.
pub(crate) const PROGRAM: Role = Role::Admin;

impl Actor {
    /// The role at `target`; outside the actor's pool everything answers like a random id (P13).
    pub(crate) fn role_at(&self, target: &Branch) -> Result<Role> {
        match self {
            Self::Operator | Self::Console(_) => Ok(Role::Owner),
            Self::Remote(it) if it.only_pool.is_none_or(|pool| pool == target.pool()) => Ok(Role::Owner),
            Self::Remote(_) => Err(Error::NotFound),
            Self::Person(identity) if identity.pool() != target.pool() => Err(Error::NotFound),
            Self::Person(identity) if identity.person.password_reset_required => {
                Err(Error::PasswordResetRequired)
            }
            Self::Person(identity) => identity.role_at(target).ok_or(Error::NotAllowed),
            Self::Program(it) if it.who.pool() != target.pool() => Err(Error::NotFound),
            Self::Program(it) if target.contains(it.who.tenant().id) => Ok(PROGRAM),
            Self::Program(_) => Err(Error::NotAllowed),
            Self::Maker(it) => it.role_at(target),
        }
    }

    /// Checks that the actor administers `target`.
    pub(crate) fn administers(&self, target: &Branch) -> Result<Role> {
        let role = self.role_at(target)?;
        if role.administers() { Ok(role) } else { Err(Error::NotAllowed) }
    }

    /// Whether the actor, with the role `own`, may give or take `other`, or change the account of who has it. A token that may
    /// not do everything makes and changes no administrators: who chooses their password could do everything as one of them.
    pub(crate) fn may_grant(&self, own: Role, other: Role) -> bool {
        own.may_grant(other) && (self.holds(Scope::Everything) || !other.administers())
    }

    /// Checks that the actor administers `target` and may hand out `role` there.
    pub fn grants(&self, target: &Branch, role: Role) -> Result<()> {
        let own = self.administers(target)?;
        if self.may_grant(own, role) { Ok(()) } else { Err(Error::NotAllowed) }
    }

    /// Whether the actor may do what a token needs this scope for. Who needs no token has all of them.
    pub(crate) fn holds(&self, scope: Scope) -> bool {
        match self {
            Self::Operator | Self::Console(_) | Self::Person(_) => true,
            Self::Remote(it) => it.scopes.include(scope),
            Self::Program(it) => it.scopes.include(scope),
            Self::Maker(it) => it.holds(scope),
        }
    }

    /// Whether the actor runs the whole installation. A token for one pool, or for some things only, does not.
    pub(crate) fn is_operator(&self) -> bool {
        self.runs_house(Scope::Everything)
    }

    /// Whether the actor does what this scope is needed for in the whole installation, as operators do. A token for one pool
    /// does not.
    pub fn runs_house(&self, scope: Scope) -> bool {
        match self {
            Self::Operator | Self::Console(_) => true,
            Self::Remote(it) => it.only_pool.is_none() && it.scopes.include(scope),
            Self::Person(_) | Self::Program(_) | Self::Maker(_) => false,
        }
    }

    /// Whether the actor is this person.
    pub(crate) fn is(&self, person: PersonId) -> bool {
        match self {
            Self::Operator | Self::Remote(_) | Self::Console(_) | Self::Program(_) => false,
            Self::Person(identity) => identity.person.id == person,
            Self::Maker(it) => it.person == Some(person),
        }
    }

    /// The program that acts for itself.
    pub(crate) fn application(&self) -> Option<ApplicationId> {
        match self {
            Self::Operator | Self::Remote(_) | Self::Console(_) | Self::Person(_) => None,
            Self::Program(it) => it.who.application().map(|program| program.id),
            Self::Maker(it) => it.application,
        }
    }

    /// How the audit trail names the actor.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Operator => "operator".to_owned(),
            Self::Remote(it) => format!("operator {} token {}", it.operator, it.token),
            Self::Console(it) => format!("operator {} session {}", it.operator.id, it.session.id),
            Self::Person(identity) => format!("person {}", identity.person.id),
            Self::Program(it) => {
                let app_id = it.who.application().map_or("", |program| program.app_id.as_str());
                format!("application {app_id} token {}", it.who.subject())
            }
            Self::Maker(it) => it.name.clone(),
        }
    }
}
