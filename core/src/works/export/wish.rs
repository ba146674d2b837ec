//! What a file is made of, and how that is kept.

use crate::events::Filter;
use crate::works::id::Id;
use crate::{Error, Result};
use doorward_model::{ApplicationId, EventKind, PersonId, SessionId, TermsId, Timestamp, Work, WorkKind};
use doorward_store::Error as StoreError;
use serde::{Deserialize, Serialize};

/// What a file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Export {
    /// The people with a place in the tenant itself.
    People,
    /// What happened at it and below it.
    Events(Filter),
    /// Who consented to a version of terms that it published.
    Consents(TermsId),
}

/// The same as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wish {
    kind: Option<String>,
    person: Option<Id>,
    session: Option<Id>,
    application: Option<Id>,
    from: Option<i64>,
    to: Option<i64>,
    terms: Option<Id>,
}

const UNKNOWN: &str = "it is of a kind of events that this version does not know";

impl Export {
    pub(super) const fn kind(&self) -> WorkKind {
        match self {
            Self::People => WorkKind::ExportPeople,
            Self::Events(_) => WorkKind::ExportEvents,
            Self::Consents(_) => WorkKind::ExportConsents,
        }
    }

    fn wish(&self) -> Wish {
        match self {
            Self::People => Wish::default(),
            Self::Consents(terms) => Wish { terms: Some(Id(terms.uuid())), ..Wish::default() },
            Self::Events(Filter { kind, person, session, application, from, to }) => Wish {
                kind: kind.map(|kind| kind.as_str().to_owned()),
                person: person.map(|id| Id(id.uuid())),
                session: session.map(|id| Id(id.uuid())),
                application: application.map(|id| Id(id.uuid())),
                from: from.map(Timestamp::micros),
                to: to.map(Timestamp::micros),
                terms: None,
            },
        }
    }

    /// As it is kept.
    pub(super) fn written(&self) -> Result<String> {
        serde_json::to_string(&self.wish()).map_err(|fault| Error::internal("an export", &fault))
    }

    /// What a work exports, or why that is not known here; `None` for an import.
    pub(super) fn of(work: &Work) -> Result<Option<Result<Self, &'static str>>, StoreError> {
        let broken = || StoreError::Fault("an export does not say of what".to_owned());
        let wish: Wish = serde_json::from_str(&work.wish).map_err(|_| broken())?;
        // Never a file of everything for one of a kind that another version knows.
        let kind = wish.kind.map(|word| EventKind::parse(&word).ok_or(UNKNOWN)).transpose();
        let kind = match kind {
            Ok(kind) => kind,
            Err(why) => return Ok(Some(Err(why))),
        };
        let export = match work.kind {
            WorkKind::ImportPeople => None,
            WorkKind::ExportPeople => Some(Self::People),
            WorkKind::ExportConsents => Some(Self::Consents(TermsId::new(wish.terms.ok_or_else(broken)?.0))),
            WorkKind::ExportEvents => Some(Self::Events(Filter {
                kind,
                person: wish.person.map(|id| PersonId::new(id.0)),
                session: wish.session.map(|id| SessionId::new(id.0)),
                application: wish.application.map(|id| ApplicationId::new(id.0)),
                from: wish.from.map(Timestamp::from_micros),
                to: wish.to.map(Timestamp::from_micros),
            })),
        };
        Ok(export.map(Ok))
    }
}
