//! A policy's values one by one, with where each comes from.

use crate::{CallbackRule, EffectivePolicy, Language, Policy, RateLimit};
use std::time::Duration;

/// A value of a policy.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyValue {
    /// So many.
    Count(u32),
    /// So long.
    Span(Duration),
    /// Yes or no.
    Flag(bool),
    /// So many calls in a time.
    Rate(RateLimit),
    /// Words or addresses.
    List(Vec<String>),
    /// A language.
    Language(Language),
}

/// Where a value comes from. `At` counts the nodes of a branch from its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// No node says anything.
    Usual,
    /// The node that decided it; of a list that grows downwards, the lowest that adds to it.
    At(usize),
}

/// One value that holds at a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// As [`Policy`]'s field is named.
    pub name: &'static str,
    /// The value.
    pub value: PolicyValue,
    /// From where.
    pub source: PolicySource,
}

impl EffectivePolicy {
    /// Every value that holds at the last of these nodes, root first, and where it comes from; in the order of [`Policy`].
    pub fn held(root_first: &[&Policy]) -> Vec<Held> {
        let all = Self::inherit(root_first.iter().copied());
        let last = |says: &dyn Fn(&Policy) -> bool| {
            root_first.iter().rposition(|node| says(node)).map_or(PolicySource::Usual, PolicySource::At)
        };
        // The strictest cap holds, wherever it stands: the highest node that says it.
        let cap = root_first.iter().position(|node| node.password_max_bytes == Some(all.password_max_bytes));
        let cap = cap.map_or(PolicySource::Usual, PolicySource::At);
        let held = |name, value, source| Held { name, value, source };
        let callbacks = all.callbacks.iter().map(CallbackRule::as_str).map(str::to_owned).collect();
        let Self {
            password_min_length,
            password_max_bytes,
            password_words,
            session_absolute,
            session_idle,
            reset_lifetime,
            invitation_lifetime,
            callbacks: _,
            origins,
            key_rate,
            allow_login,
            address_failures,
            address_mails,
            sign_ins_per_minute,
            mails_per_hour,
            sessions_per_person,
            language,
        } = all;
        macro_rules! all_held {
            ($($field:ident: $kind:ident $value:expr, $source:expr;)+) => {
                vec![$(held(stringify!($field), PolicyValue::$kind($value), $source)),+]
            };
        }
        macro_rules! said {
            ($field:ident) => {
                last(&|node: &Policy| node.$field.is_some())
            };
        }
        all_held! {
            password_min_length: Count password_min_length, said!(password_min_length);
            password_max_bytes: Count password_max_bytes, cap;
            password_words: List password_words, last(&|node: &Policy| node.password_words.iter().flatten().next().is_some());
            session_absolute: Span session_absolute, said!(session_absolute);
            session_idle: Span session_idle, said!(session_idle);
            reset_lifetime: Span reset_lifetime, said!(reset_lifetime);
            invitation_lifetime: Span invitation_lifetime, said!(invitation_lifetime);
            callbacks: List callbacks, said!(callbacks);
            origins: List origins, said!(origins);
            key_rate: Rate key_rate, said!(key_rate);
            allow_login: Flag allow_login, said!(allow_login);
            address_failures: Count address_failures, said!(address_failures);
            address_mails: Count address_mails, said!(address_mails);
            sign_ins_per_minute: Count sign_ins_per_minute, said!(sign_ins_per_minute);
            mails_per_hour: Count mails_per_hour, said!(mails_per_hour);
            sessions_per_person: Count sessions_per_person, said!(sessions_per_person);
            language: Language language, said!(language);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_says_where_it_comes_from() {
        let words = |word: &str| Some(vec![word.to_owned()]);
        let root = Policy {
            password_min_length: Some(20),
            password_max_bytes: Some(105),
            password_words: words("harbour"),
            allow_login: Some(false),
            ..Policy::default()
        };
        let below = Policy {
            password_min_length: Some(16),
            password_max_bytes: Some(500),
            password_words: words("spa"),
            ..Policy::default()
        };
        let held = EffectivePolicy::held(&[&root, &below]);
        let of = |name| held.iter().find(|held| held.name == name).cloned();
        let expected = |name, value, source| Some(Held { name, value, source });
        let words = PolicyValue::List(vec!["harbour".to_owned(), "spa".to_owned()]);
        assert_eq!(
            of("password_min_length"),
            expected("password_min_length", PolicyValue::Count(16), PolicySource::At(1))
        );
        assert_eq!(
            of("password_max_bytes"),
            expected("password_max_bytes", PolicyValue::Count(105), PolicySource::At(0))
        );
        assert_eq!(of("password_words"), expected("password_words", words, PolicySource::At(1)));
        assert_eq!(of("allow_login"), expected("allow_login", PolicyValue::Flag(false), PolicySource::At(0)));
        assert_eq!(
            of("mails_per_hour"),
            expected("mails_per_hour", PolicyValue::Count(10_000), PolicySource::Usual)
        );
        assert_eq!(held.len(), 17);
    }
}
