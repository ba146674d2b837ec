//! What mails say, in each language: one table a language (`en.rs`, `de.rs`, `fr.rs`), so that a text that is missing does not
//! compile. Templates put them in order.
//!
//! A text may hold places, `{tenant}`; [`doorward_model::fill`] puts values there.

mod de;
mod en;
mod fr;

use doorward_model::{Language, MailKind};

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
    pub(super) with: &'static str,
    pub(super) well: &'static str,
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
    /// Places: `{day}`, `{month}`, `{year}`, `{time}`; in UTC.
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
        }
    }
}

#[cfg(test)]
mod tests;
