//! A tenant's policy as JSON; spans in whole seconds.

use super::read;
use crate::{Error, Json};
use doorward_model::{CallbackRule, Language, Policy, RateLimit};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct PolicyColumn {
    #[serde(skip_serializing_if = "Option::is_none")]
    password_min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_max_bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_words: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_absolute: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_idle: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_lifetime: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_lifetime: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callbacks: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origins: Option<Vec<String>>,
    /// Calls and milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_rate: Option<(u32, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_login: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_failures: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_mails: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_ins_per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mails_per_hour: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions_per_person: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

pub(crate) fn write_policy(policy: &Policy) -> Result<Json, Error> {
    let seconds = |span: Option<Duration>| span.map(|span| span.as_secs());
    Json::of(&PolicyColumn {
        password_min_length: policy.password_min_length,
        password_max_bytes: policy.password_max_bytes,
        password_words: policy.password_words.clone(),
        session_absolute: seconds(policy.session_absolute),
        session_idle: seconds(policy.session_idle),
        reset_lifetime: seconds(policy.reset_lifetime),
        invitation_lifetime: seconds(policy.invitation_lifetime),
        callbacks: policy
            .callbacks
            .as_ref()
            .map(|rules| rules.iter().map(|rule| rule.as_str().to_owned()).collect()),
        origins: policy.origins.clone(),
        key_rate: policy
            .key_rate
            .map(|rate| (rate.calls, u64::try_from(rate.window.as_millis()).unwrap_or(u64::MAX))),
        allow_login: policy.allow_login,
        address_failures: policy.address_failures,
        address_mails: policy.address_mails,
        sign_ins_per_minute: policy.sign_ins_per_minute,
        mails_per_hour: policy.mails_per_hour,
        sessions_per_person: policy.sessions_per_person,
        language: policy.language.map(|language| language.as_str().to_owned()),
    })
}

pub(crate) fn read_policy(text: &str) -> Option<Policy> {
    let column: PolicyColumn = read(text)?;
    let rules = |texts: Vec<String>| {
        texts.iter().map(|text| CallbackRule::parse(text).ok()).collect::<Option<Vec<_>>>()
    };
    Some(Policy {
        password_min_length: column.password_min_length,
        password_max_bytes: column.password_max_bytes,
        password_words: column.password_words,
        session_absolute: column.session_absolute.map(Duration::from_secs),
        session_idle: column.session_idle.map(Duration::from_secs),
        reset_lifetime: column.reset_lifetime.map(Duration::from_secs),
        invitation_lifetime: column.invitation_lifetime.map(Duration::from_secs),
        callbacks: column.callbacks.map_or(Some(None), |texts| rules(texts).map(Some))?,
        origins: column.origins,
        key_rate: column
            .key_rate
            .map(|(calls, millis)| RateLimit { calls, window: Duration::from_millis(millis) }),
        allow_login: column.allow_login,
        address_failures: column.address_failures,
        address_mails: column.address_mails,
        sign_ins_per_minute: column.sign_ins_per_minute,
        mails_per_hour: column.mails_per_hour,
        sessions_per_person: column.sessions_per_person,
        language: column.language.map_or(Some(None), |tag| Language::parse(&tag).map(Some))?,
    })
}
