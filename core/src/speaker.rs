//! Who speaks for a person at a door of programs: they themselves, or a server that the tenant trusts.

use crate::{Branch, Core, Error, Identity, Result, applications, people};
use doorward_model::{Application, Event, Person, PersonId, PersonStatus};

/// Who speaks for a person.
#[derive(Clone, Debug)]
pub enum Speaker {
    /// Someone signed in speaks for themselves.
    Themselves(Box<Identity>),
    /// An application marked `trusted_server` speaks for everybody in its scope.
    Server(Box<Application>),
}

impl Speaker {
    /// The person spoken for, living and with a place that reaches this tenant.
    ///
    /// Errors: [`Error::NotAllowed`] for somebody else's session and for applications that are not trusted,
    /// [`Error::PasswordResetRequired`], [`Error::NotFound`] for people who are not there.
    pub(crate) async fn speaks_for(&self, core: &Core, branch: &Branch, person: PersonId) -> Result<Person> {
        match self {
            Self::Themselves(identity) if identity.person.password_reset_required => {
                return Err(Error::PasswordResetRequired);
            }
            Self::Themselves(identity)
                if identity.pool() == branch.pool() && identity.person.id == person => {}
            Self::Server(server) if server.trusted_server && applications::reaches(server, branch) => {}
            Self::Themselves(_) | Self::Server(_) => return Err(Error::NotAllowed),
        }
        let (person, _) = people::member_of(core, branch, person).await?;
        if person.status == PersonStatus::Active { Ok(person) } else { Err(Error::NotFound) }
    }

    /// The event, told of who spoke.
    pub(crate) fn sign(&self, event: Event) -> Event {
        match self {
            Self::Themselves(identity) => Event {
                session: identity.session().map(|session| session.id),
                application: identity.application,
                ..event
            },
            Self::Server(server) => Event {
                actor: Some(format!("application {}", server.id)),
                application: Some(server.id),
                ..event
            },
        }
    }
}
