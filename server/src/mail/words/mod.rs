//! What mails say, in each language: one table a language (`en.rs`, `de.rs`, `fr.rs`), so that a text that is missing does not
//! compile. Templates put them in order.
//!
//! A text may hold places, `{tenant}`; [`doorward_model::fill`] puts values there.

mod de;
mod en;
mod fr;

use doorward_model::{Happening, Language, MailKind};

/// Everything one language says.
pub(super) struct Words {
    pub(super) every: Every,
    pub(super) time: Time,
    reset: Said,
    validation: Said,
    invitation: Said,
    password_changed: Said,
    new_sign_in: Said,
    membership_added: Said,
    email_change: Said,
    email_change_asked: Said,
    email_changed: Said,
    digest: Said,
    happened: Happened,
}

/// What one kind of mail says. Places: `{tenant}`, `{to}`.
pub(super) struct Said {
    pub(super) subject: &'static str,
    /// What happened, or what is to be done. Ends with a colon where the link is the point of it.
    pub(super) what: &'static str,
    /// The button.
    pub(super) action: &'static str,
    /// What to do if it was somebody else.
    pub(super) otherwise: &'static str,
}

/// What every mail may say.
pub(super) struct Every {
    pub(super) hello: &'static str,
    /// Place: `{name}`.
    pub(super) hello_name: &'static str,
    /// Under a button.
    pub(super) bare_link: &'static str,
    /// Behind the words of a button, where there are none.
    pub(super) colon: &'static str,
    /// Places: `{span}`, `{moment}`.
    pub(super) lifetime: &'static str,
    /// Place: `{moment}`.
    pub(super) late: &'static str,
    pub(super) when: &'static str,
    pub(super) from: &'static str,
    /// An address, with a place. Places: `{address}`, `{place}`.
    pub(super) near: &'static str,
    pub(super) with: &'static str,
    pub(super) well: &'static str,
    /// Of what a digest had no room for. Place: `{count}`.
    pub(super) more: &'static str,
}

/// What a digest tells of.
struct Happened {
    new_sign_in: &'static str,
    sign_ins_ended: &'static str,
    password_changed: &'static str,
    email_change_asked: &'static str,
    email_changed: &'static str,
    email_confirmed: &'static str,
    terms_agreed: &'static str,
    place_given: &'static str,
    place_taken: &'static str,
    key_made: &'static str,
    key_renewed: &'static str,
    key_changed: &'static str,
    key_ended: &'static str,
    calendar_renewed: &'static str,
}

/// Spans and moments. Place: `{count}`.
pub(super) struct Time {
    pub(super) soon: &'static str,
    pub(super) minute: &'static str,
    pub(super) minutes: &'static str,
    pub(super) hour: &'static str,
    pub(super) hours: &'static str,
    pub(super) day: &'static str,
    pub(super) days: &'static str,
    /// Places: `{day}`, `{month}`, `{year}`, `{time}`, `{zone}`.
    pub(super) moment: &'static str,
    /// The first of a month, where it is not called "1".
    pub(super) first: &'static str,
    /// From January on.
    pub(super) months: [&'static str; 12],
}

impl Words {
    /// What is said in this language.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
        }
    }

    /// What a mail of this kind says.
    pub(super) const fn said(&self, kind: MailKind) -> &Said {
        match kind {
            MailKind::Reset => &self.reset,
            MailKind::Validation => &self.validation,
            MailKind::Invitation => &self.invitation,
            MailKind::PasswordChanged => &self.password_changed,
            MailKind::NewSignIn => &self.new_sign_in,
            MailKind::MembershipAdded => &self.membership_added,
            MailKind::EmailChange => &self.email_change,
            MailKind::EmailChangeAsked => &self.email_change_asked,
            MailKind::EmailChanged => &self.email_changed,
            MailKind::Digest => &self.digest,
        }
    }

    /// What a digest says of this.
    pub(super) const fn happened(&self, what: Happening) -> &'static str {
        let told = &self.happened;
        match what {
            Happening::NewSignIn => told.new_sign_in,
            Happening::SignInsEnded => told.sign_ins_ended,
            Happening::PasswordChanged => told.password_changed,
            Happening::EmailChangeAsked => told.email_change_asked,
            Happening::EmailChanged => told.email_changed,
            Happening::EmailConfirmed => told.email_confirmed,
            Happening::TermsAgreed => told.terms_agreed,
            Happening::PlaceGiven => told.place_given,
            Happening::PlaceTaken => told.place_taken,
            Happening::KeyMade => told.key_made,
            Happening::KeyRenewed => told.key_renewed,
            Happening::KeyChanged => told.key_changed,
            Happening::KeyEnded => told.key_ended,
            Happening::CalendarRenewed => told.calendar_renewed,
        }
    }
}

#[cfg(test)]
mod tests;
