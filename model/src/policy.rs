//! Policy: what a tenant decides for itself and everything below it.

use crate::{CallbackRule, Language, Lifetime, RateLimit};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What one node of the tree says; `None` and empty mean "as above". Inherited downwards, field by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Fewest code points of a new password (P5: 15 where it is the only factor).
    pub password_min_length: Option<u32>,
    /// Most UTF-8 bytes of a new password (a RubiCRM door caps the pool at 105).
    pub password_max_bytes: Option<u32>,
    /// Words of the tenant's own that no password may be.
    pub password_words: Option<Vec<String>>,
    /// How long a session lives at most (P10).
    pub session_absolute: Option<Lifetime>,
    /// How long a session lives unused.
    pub session_idle: Option<Lifetime>,
    /// How long a reset code lives (P11).
    pub reset_lifetime: Option<Lifetime>,
    /// How long an invitation lives.
    pub invitation_lifetime: Option<Lifetime>,
    /// Where a reset link may lead (P12).
    pub callbacks: Option<Vec<CallbackRule>>,
    /// Browser origins that may call with credentials.
    pub origins: Option<Vec<String>>,
    /// The access keys' rate limit where the key has none of its own.
    pub key_rate: Option<RateLimit>,
    /// RubiCRM's `AllowLogin`.
    pub allow_login: Option<bool>,
    /// Failures from one address in ten minutes before it is refused (P7).
    pub address_failures: Option<u32>,
    /// Mails asked for from one address in ten minutes before it is refused.
    pub address_mails: Option<u32>,
    /// Sign-in attempts of the whole pool in a minute before it is refused (P23).
    pub sign_ins_per_minute: Option<u32>,
    /// Mails the pool may cause in an hour (P23).
    pub mails_per_hour: Option<u32>,
    /// Live sessions one person may hold; the oldest gives way (P23).
    pub sessions_per_person: Option<u32>,
    /// What people are written to in whose own language is not known.
    pub language: Option<Language>,
}

/// What holds at one node after inheritance.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectivePolicy {
    /// See [`Policy::password_min_length`].
    pub password_min_length: u32,
    /// See [`Policy::password_max_bytes`].
    pub password_max_bytes: u32,
    /// See [`Policy::password_words`].
    pub password_words: Vec<String>,
    /// See [`Policy::session_absolute`].
    pub session_absolute: Lifetime,
    /// See [`Policy::session_idle`].
    pub session_idle: Lifetime,
    /// See [`Policy::reset_lifetime`].
    pub reset_lifetime: Lifetime,
    /// See [`Policy::invitation_lifetime`].
    pub invitation_lifetime: Lifetime,
    /// See [`Policy::callbacks`].
    pub callbacks: Vec<CallbackRule>,
    /// See [`Policy::origins`].
    pub origins: Vec<String>,
    /// See [`Policy::key_rate`].
    pub key_rate: RateLimit,
    /// See [`Policy::allow_login`].
    pub allow_login: bool,
    /// See [`Policy::address_failures`].
    pub address_failures: u32,
    /// See [`Policy::address_mails`].
    pub address_mails: u32,
    /// See [`Policy::sign_ins_per_minute`].
    pub sign_ins_per_minute: u32,
    /// See [`Policy::mails_per_hour`].
    pub mails_per_hour: u32,
    /// See [`Policy::sessions_per_person`].
    pub sessions_per_person: u32,
    /// See [`Policy::language`].
    pub language: Language,
}

impl EffectivePolicy {
    /// Folds the nodes of one branch, root first, over the defaults of `promises.md`.
    pub fn inherit<'a>(root_first: impl IntoIterator<Item = &'a Policy>) -> Self {
        let mut all = Self {
            password_min_length: 15,
            // Long enough for any passphrase, short enough that hashing stays bounded.
            password_max_bytes: 1024,
            password_words: Vec::new(),
            session_absolute: DAY * 30,
            session_idle: DAY * 30,
            reset_lifetime: Duration::from_secs(30 * 60),
            invitation_lifetime: DAY * 7,
            callbacks: Vec::new(),
            origins: Vec::new(),
            key_rate: RateLimit { calls: 25, window: Duration::from_secs(5) },
            allow_login: true,
            address_failures: 100,
            // As many as failures: one address may be a whole office's, or a web site's that asks for its visitors.
            address_mails: 100,
            sign_ins_per_minute: 6_000,
            mails_per_hour: 10_000,
            sessions_per_person: 1_000,
            language: Language::En,
        };
        for node in root_first {
            all.apply(node);
        }
        all
    }

    fn apply(&mut self, node: &Policy) {
        fn set<T: Clone>(field: &mut T, said: &Option<T>) {
            if let Some(value) = said {
                *field = value.clone();
            }
        }
        set(&mut self.password_min_length, &node.password_min_length);
        // A cap exists because some door below cannot carry more, so the strictest of the branch holds.
        self.password_max_bytes = node.password_max_bytes.unwrap_or(u32::MAX).min(self.password_max_bytes);
        self.password_words.extend(node.password_words.iter().flatten().cloned());
        set(&mut self.session_absolute, &node.session_absolute);
        set(&mut self.session_idle, &node.session_idle);
        set(&mut self.reset_lifetime, &node.reset_lifetime);
        set(&mut self.invitation_lifetime, &node.invitation_lifetime);
        set(&mut self.callbacks, &node.callbacks);
        set(&mut self.origins, &node.origins);
        set(&mut self.key_rate, &node.key_rate);
        set(&mut self.allow_login, &node.allow_login);
        set(&mut self.address_failures, &node.address_failures);
        set(&mut self.address_mails, &node.address_mails);
        set(&mut self.sign_ins_per_minute, &node.sign_ins_per_minute);
        set(&mut self.mails_per_hour, &node.mails_per_hour);
        set(&mut self.sessions_per_person, &node.sessions_per_person);
        set(&mut self.language, &node.language);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_overrides_its_parent_but_cannot_lift_a_cap() {
        let parent = Policy {
            password_min_length: Some(20),
            password_max_bytes: Some(105),
            password_words: Some(vec!["harbour".into()]),
            ..Policy::default()
        };
        let child = Policy {
            password_min_length: Some(16),
            password_max_bytes: Some(500),
            password_words: Some(vec!["spa".into()]),
            ..Policy::default()
        };
        let holds = EffectivePolicy::inherit([&parent, &child]);
        assert_eq!((holds.password_min_length, holds.password_max_bytes), (16, 105));
        assert_eq!(holds.password_words, ["harbour", "spa"]);
    }
}
