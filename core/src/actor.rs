//! On whose behalf an administrative operation runs, and what that allows.

use crate::{Branch, Error, Identity, Result};
use doorward_model::{PersonId, Role};

/// On whose behalf an operation runs.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Whoever runs this installation: the command line, `apply`, the demo.
    Operator,
    /// Someone signed in.
    Person(Box<Identity>),
}

impl Actor {
    /// The role at `target`; outside the actor's pool everything answers like a random id (P13).
    pub(crate) fn role_at(&self, target: &Branch) -> Result<Role> {
        match self {
            Self::Operator => Ok(Role::Owner),
            Self::Person(identity) if identity.pool() != target.pool() => Err(Error::NotFound),
            Self::Person(identity) if identity.person.password_reset_required => {
                Err(Error::PasswordResetRequired)
            }
            Self::Person(identity) => identity.role_at(target).ok_or(Error::NotAllowed),
        }
    }

    /// Checks that the actor administers `target`.
    pub(crate) fn administers(&self, target: &Branch) -> Result<Role> {
        let role = self.role_at(target)?;
        if role.administers() { Ok(role) } else { Err(Error::NotAllowed) }
    }

    /// Whether the actor runs the whole installation.
    pub(crate) fn is_operator(&self) -> bool {
        match self {
            Self::Operator => true,
            Self::Person(_) => false,
        }
    }

    /// Whether the actor is this person.
    pub(crate) fn is(&self, person: PersonId) -> bool {
        match self {
            Self::Operator => false,
            Self::Person(identity) => identity.person.id == person,
        }
    }

    /// How the audit trail names the actor.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Operator => "operator".to_owned(),
            Self::Person(identity) => format!("person {}", identity.person.id),
        }
    }
}
