//! What pages say, in each language: one table a language (`en.rs`, `de.rs`, `fr.rs`), one struct a subject, so that a
//! text that is missing does not compile. Which language somebody reads: `choose.rs`.
//!
//! A text may hold places, `{minimum}`; [`fill`] puts values there.

mod choose;
mod de;
mod en;
mod fr;
mod spans;

pub(crate) use choose::{COOKIE, chosen};
pub(crate) use doorward_model::fill;
pub(crate) use spans::{day, moment, wait};

use doorward_model::Language;

/// Everything one language says.
pub(crate) struct Words {
    pub(crate) frame: Frame,
    pub(crate) trouble: Trouble,
    pub(crate) entry: Entry,
    pub(crate) password: Password,
    pub(crate) time: Time,
    pub(crate) account: Account,
}

impl Words {
    /// What is said in this language.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
        }
    }
}

macro_rules! subject {
    ($(#[$doc:meta])* $name:ident { $($key:ident)* }) => {
        $(#[$doc])*
        pub(crate) struct $name { $(pub(crate) $key: &'static str,)* }

        impl $name {
            #[cfg(test)]
            fn each(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key),)*]
            }
        }
    };
}

subject! {
    /// What stands around every page.
    Frame { skip languages sign_out ways console problem }
}

subject! {
    /// What went wrong, and what to do.
    Trouble {
        broken_link broken_link_do
        cross_site cross_site_do
        unavailable unavailable_do
        not_found not_found_do
        wrong_method wrong_method_do
        insecure insecure_do
        too_large too_large_do
        unreadable unreadable_do
        throttled throttled_do
        not_allowed not_allowed_do
        ours ours_do
        request back
    }
}

subject! {
    /// Signing in and what belongs to it.
    Entry {
        sign_in_to email email_invalid password submit forgot wrong throttled already go_on
        forgot_title forgot_lead forgot_submit forgot_done forgot_done_text back_to_sign_in
        signed_out signed_out_text sign_in_again
        terms_title terms_lead terms_version terms_read terms_tick terms_submit terms_missing terms_changed
        terms_decline
        dead_reset dead_invitation dead_invitation_done dead_validation dead_validation_done dead_validation_submit
        dead_validation_sent dead_email
        validate_title validate_question validate_submit validate_hint validate_done validate_done_text
    }
}

subject! {
    /// Choosing a password.
    Password {
        reset_title reset_done invitation_title invitation_done done account new again hint submit
        show hide missing differ
        too_short too_long common own_word control present
    }
}

subject! {
    /// Spans and moments.
    Time { second seconds minute minutes hour hours }
}

subject! {
    /// The account page.
    Account {
        title changed refused_email
        sign_ins sign_ins_short sign_ins_lead this_one times signed_in_at last_used network network_near through these_pages end_one end_others only_one
        ended ended_others browser_on_system unknown_device
        password password_lead password_required current current_wrong password_submit password_changed
        email email_lead email_present email_verified email_unverified email_new email_submit email_asked email_same
        email_confirm_title email_confirm_lead email_confirm_submit email_confirmed email_confirmed_text
        mails mails_lead mails_language mails_language_hint mails_sign_in mails_sign_in_hint mails_morning mails_evening
        mails_digest_hint mails_submit
        keys keys_lead keys_none key_active key_disabled key_expired key_ended key_used key_never key_ends
        calendar calendar_lead calendar_none calendar_address calendar_rotate calendar_rotate_hint calendar_rotated
        data data_lead name member_since agreed agreed_none agreed_at download download_lead
        where_title where_lead organisation organisation_hint where_submit where_unknown lost
    }
}

#[cfg(test)]
mod tests;
