//! An event as a sentence that people read.

use crate::{Event, EventKind};

/// Who and what an event is about, by name, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventNames {
    /// Whom it happened to.
    pub person: Option<String>,
    /// Who did it, when it was somebody else.
    pub actor: Option<String>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The door.
    pub door: Option<String>,
    /// The program.
    pub application: Option<String>,
}

impl Event {
    /// What happened: "Ana signed in at Northwind through the door northwind". What else is worth knowing follows in
    /// parentheses.
    pub fn sentence(&self, names: &EventNames) -> String {
        let mut text = self.deed(names);
        if let Some(door) = &names.door {
            text.push_str(" through the door ");
            text.push_str(door);
        }
        if let Some(detail) = &self.detail {
            text.push_str(&format!(" ({detail})"));
        }
        capitalised(&text)
    }

    fn deed(&self, names: &EventNames) -> String {
        // An operator is no person of any pool: what they do to themselves is told of the actor alone.
        let alone = names.actor.as_deref().filter(|_| self.person.is_none());
        let person = names.person.as_deref().or(alone).unwrap_or("somebody");
        // Who is told of alone did it themselves.
        let by = match (&names.actor, &self.actor) {
            (Some(actor), _) => actor.as_str(),
            (None, Some(_)) => "somebody else",
            (None, None) => person,
        };
        let is_own = self.actor.is_none();
        let tenant = names.tenant.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let at = names.tenant.as_ref().map(|name| format!(" at {name}")).unwrap_or_default();
        match self.kind {
            EventKind::SignedIn => format!("{person} signed in{at}"),
            EventKind::SignInRefused => format!("{person} was refused at the sign-in{at}"),
            EventKind::SignedOut => format!("{person} signed out{at}"),
            EventKind::SessionEnded if is_own => format!("{person} ended sessions of their own{at}"),
            EventKind::SessionEnded => format!("{by} ended sessions of {person}{at}"),
            EventKind::TenantSwitched => format!("{person} went on{at}"),
            EventKind::ResetRequested if !is_own => {
                format!("{by} asked for a reset of the password of {person}{at}")
            }
            EventKind::ResetRequested => format!("a reset of the password of {person} was asked for{at}"),
            EventKind::PasswordReset => format!("{person} chose a new password with a link{at}"),
            EventKind::PasswordChanged => format!("{person} changed the password{at}"),
            EventKind::PasswordSet => format!("{by} set the password of {person}{at}"),
            EventKind::SignInCodeIssued => format!("{by} was told a code to sign in {person}{at}"),
            EventKind::ValidationRequested => format!("{person} was sent a link to validate the e-mail{at}"),
            EventKind::EmailValidated => format!("the e-mail of {person} was validated{at}"),
            EventKind::EmailChangeRequested => format!("{person} asked to change their e-mail{at}"),
            EventKind::ConsentGiven => format!("{person} consented to the terms{at}"),
            EventKind::PersonCreated => format!("{by} made the account of {person}{at}"),
            EventKind::PersonChanged if is_own => format!("{person} changed their own account{at}"),
            EventKind::PersonChanged => format!("{by} changed the account of {person}{at}"),
            EventKind::PersonDisabled => format!("{by} disabled {person}{at}"),
            EventKind::PersonEnabled => format!("{by} enabled {person}{at}"),
            EventKind::PersonDeleted => format!("{by} deleted {person}{at}"),
            EventKind::PersonInvited => format!("{by} invited {person}{at}"),
            EventKind::FeedRotated => format!("{by} renewed the calendar feed of {person}{at}"),
            EventKind::MembershipSet => format!("{by} gave {person} a place{at}"),
            EventKind::MembershipRemoved => format!("{by} took the place of {person}{at}"),
            EventKind::KeyCreated => format!("{by} made an access key of {person}{at}"),
            EventKind::KeyRotated => format!("{by} renewed the secret of an access key of {person}{at}"),
            EventKind::KeyDisabled => format!("{by} disabled an access key of {person}{at}"),
            EventKind::KeyEnabled => format!("{by} enabled an access key of {person}{at}"),
            EventKind::KeyChanged => format!("{by} changed an access key of {person}{at}"),
            EventKind::ApplicationCreated => format!("{by} made an application{at}"),
            EventKind::ApplicationChanged => format!("{by} changed an application{at}"),
            EventKind::ApplicationKeyRotated => {
                format!("{by} renewed or removed the key of an application{at}")
            }
            EventKind::ApplicationDisabled => format!("{by} disabled an application{at}"),
            EventKind::ApplicationEnabled => format!("{by} enabled an application{at}"),
            EventKind::TokenCreated => format!("{by} made a token of an application{at}"),
            EventKind::TokenRevoked => format!("{by} revoked a token of an application{at}"),
            EventKind::TenantCreated => format!("{by} made the tenant{tenant}"),
            EventKind::TenantChanged => format!("{by} changed the tenant{tenant}"),
            EventKind::TenantMoved => format!("{by} moved the tenant{tenant}"),
            EventKind::TenantSuspended => format!("{by} suspended the tenant{tenant}"),
            EventKind::TenantResumed => format!("{by} opened the tenant{tenant} again"),
            EventKind::TenantDeleted => format!("{by} deleted the tenant{tenant}"),
            EventKind::TermsPublished => format!("{by} published terms{at}"),
            EventKind::ImportChecked => format!("{by} had a file of people looked through{at}"),
            EventKind::ImportBegun => format!("{by} began to import people{at}"),
            EventKind::ImportEnded => format!("an import of people that {by} began ended{at}"),
            EventKind::ExportBegun => format!("{by} began to make a file of what is kept{at}"),
            EventKind::ExportTaken => format!("{by} took a file of what is kept{at}"),
            EventKind::MailRetried => format!("{by} had a mail tried again{at}"),
            EventKind::DoorSet => format!("{by} made or changed a door"),
            EventKind::DoorRemoved => format!("{by} took a door away"),
            EventKind::RegionSet => format!("{by} made or changed a region"),
            EventKind::OperatorCreated => "an operator was made".to_owned(),
            EventKind::OperatorInvited => format!("{by} made a link for a new operator"),
            EventKind::OperatorPasswordChanged => format!("{by} chose a new password"),
            EventKind::OperatorRemoved => format!("{by} took an operator away"),
            EventKind::OperatorLinkWithdrawn => format!("{by} took back a link for a new operator"),
            EventKind::OperatorTokenCreated => format!("{by} made a token of an operator"),
            EventKind::OperatorTokenRevoked => format!("{by} revoked a token of an operator"),
            EventKind::Restored => "a backup was restored".to_owned(),
            EventKind::InstallationMoved => "the installation was moved to another database".to_owned(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventId, Timestamp};
    use uuid::Uuid;

    fn event(kind: EventKind, actor: Option<&str>) -> Event {
        Event {
            id: EventId::new(Uuid::nil()),
            pool: None,
            tenant: None,
            kind,
            person: None,
            actor: actor.map(str::to_owned),
            session: None,
            door: None,
            application: None,
            address: None,
            detail: None,
            at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn it_says_who_did_what_to_whom_and_where() {
        let some = |name: &str| Some(name.to_owned());
        let names = EventNames {
            person: some("Ana"),
            tenant: some("Northwind"),
            door: some("crm"),
            ..EventNames::default()
        };
        let signed_in = event(EventKind::SignedIn, None);
        assert_eq!(signed_in.sentence(&names), "Ana signed in at Northwind through the door crm");
        let names = EventNames { actor: some("Eve"), door: None, ..names };
        let disabled =
            Event { detail: some("at her wish"), ..event(EventKind::PersonDisabled, Some("person 1")) };
        assert_eq!(disabled.sentence(&names), "Eve disabled Ana at Northwind (at her wish)");
        let own = event(EventKind::SessionEnded, None);
        let names = EventNames { actor: None, ..names };
        assert_eq!(own.sentence(&names), "Ana ended sessions of their own at Northwind");
        let moved = event(EventKind::TenantMoved, Some("operator"));
        assert_eq!(moved.sentence(&names), "Somebody else moved the tenant Northwind");
    }

    #[test]
    fn every_kind_is_a_sentence_without_any_names() {
        for kind in EventKind::ALL {
            let text = event(*kind, Some("operator")).sentence(&EventNames::default());
            assert!(text.starts_with(char::is_uppercase) && !text.contains("  "), "{text}");
        }
    }
}
