//! A policy's own values one by one: what one node says itself, and saying another.

use crate::{CallbackRule, Language, Policy, PolicyValue, RateLimit};
use std::time::Duration;
use thiserror::Error;

/// Why a value is none of a policy's.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum InvalidPolicy {
    /// Nothing of a policy is called so.
    #[error("no policy is called so")]
    Unknown,
    /// It is of another kind.
    #[error("expected {0}")]
    Other(&'static str),
    /// A line is no address that a link may lead to.
    #[error("{0:?} is no absolute http or https URL without a user name")]
    Callback(String),
}

/// A field's kind: to a value and back.
trait Kind: Sized {
    fn shown(&self) -> PolicyValue;
    fn read(value: PolicyValue) -> Result<Self, InvalidPolicy>;
}

macro_rules! kinds {
    ($($kind:ty: $value:ident, $expected:literal;)+) => {
        $(impl Kind for $kind {
            fn shown(&self) -> PolicyValue {
                PolicyValue::$value(self.clone())
            }

            fn read(value: PolicyValue) -> Result<Self, InvalidPolicy> {
                if let PolicyValue::$value(value) = value { Ok(value) } else { Err(InvalidPolicy::Other($expected)) }
            }
        })+
    };
}

kinds! {
    u32: Count, "a number";
    Duration: Span, "a length of time";
    bool: Flag, "yes or no";
    RateLimit: Rate, "a number of calls and a length of time";
    Vec<String>: List, "a list";
    Language: Language, "a language";
}

impl Kind for Vec<CallbackRule> {
    fn shown(&self) -> PolicyValue {
        PolicyValue::List(self.iter().map(|rule| rule.as_str().to_owned()).collect())
    }

    fn read(value: PolicyValue) -> Result<Self, InvalidPolicy> {
        let rule = |line: String| CallbackRule::parse(&line).map_err(|_| InvalidPolicy::Callback(line));
        Vec::<String>::read(value)?.into_iter().map(rule).collect()
    }
}

macro_rules! values {
    ($($field:ident)+) => {
        impl Policy {
            /// What every value is called, in the order of the fields.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            /// What this node says itself, value by value; `None` where it says nothing.
            pub fn said(&self) -> Vec<(&'static str, Option<PolicyValue>)> {
                vec![$((stringify!($field), self.$field.as_ref().map(Kind::shown))),+]
            }

            /// Says one value; `None` says nothing, so that what is above holds.
            pub fn say(&mut self, name: &str, value: Option<PolicyValue>) -> Result<(), InvalidPolicy> {
                $(if name == stringify!($field) {
                    self.$field = value.map(Kind::read).transpose()?;
                    return Ok(());
                })+
                Err(InvalidPolicy::Unknown)
            }
        }
    };
}

values! {
    password_min_length password_max_bytes password_words session_absolute session_idle reset_lifetime
    invitation_lifetime callbacks origins key_rate allow_login address_failures address_mails sign_ins_per_minute
    mails_per_hour sessions_per_person language
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EffectivePolicy;

    #[test]
    fn every_value_can_be_said_read_and_taken_back() {
        let all = EffectivePolicy::held(&[]);
        let names: Vec<&str> = all.iter().map(|held| held.name).collect();
        assert_eq!(names, Policy::NAMES, "no value is missing here");
        let mut policy = Policy::default();
        for held in all {
            policy.say(held.name, Some(held.value.clone())).expect(held.name);
            assert!(policy.said().contains(&(held.name, Some(held.value))), "{}", held.name);
        }
        for name in Policy::NAMES {
            policy.say(name, None).expect(name);
        }
        assert_eq!(policy, Policy::default());
    }

    #[test]
    fn another_kind_is_refused_and_changes_nothing() {
        let mut policy = Policy { allow_login: Some(true), ..Policy::default() };
        let refused = policy.say("allow_login", Some(PolicyValue::Count(1)));
        assert_eq!(refused, Err(InvalidPolicy::Other("yes or no")));
        assert_eq!(policy.say("allow_logins", None), Err(InvalidPolicy::Unknown));
        let lines = PolicyValue::List(vec!["https://a.example/x".to_owned(), "a.example".to_owned()]);
        let refused = policy.say("callbacks", Some(lines));
        assert_eq!(refused, Err(InvalidPolicy::Callback("a.example".to_owned())));
        assert_eq!(policy, Policy { allow_login: Some(true), ..Policy::default() });
    }
}
