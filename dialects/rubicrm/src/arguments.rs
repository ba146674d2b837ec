//! The parameters of a call, by name or by position.
//!
//! Named fields match in any case, and under the names that answers print them by (`ValidationVal` for `val`), because
//! clients send back what they were given. Positional calls carry every parameter of the method, then the API key.

use crate::framing::{Framing, positional};
use doorward_model::Secret;
use doorward_web::{Fields, Refusal};
use serde_json::Value;

/// The longest text of a parameter without a limit of its own: codes and ids are far shorter.
const TEXT_CHARS: usize = 1_000;
/// Seed: "String – Max 250 chars".
const EMAIL_CHARS: usize = 250;
/// Seed: "String – Max 150 chars", encoded.
const PASSWORD_CHARS: usize = 150;
/// Names, many times over.
const UPDATE_CHARS: usize = 16 * 1024;

/// A parameter: the names it may have, the first as the documentation says it, and its most characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    names: &'static [&'static str],
    most_chars: usize,
}

const fn parameter(names: &'static [&'static str], most_chars: usize) -> Parameter {
    Parameter { names, most_chars }
}

pub(crate) const EMAIL: Parameter = parameter(&["emailaddress"], EMAIL_CHARS);
pub(crate) const PASSWORD: Parameter = parameter(&["password"], PASSWORD_CHARS);
pub(crate) const UID: Parameter = parameter(&["uid"], TEXT_CHARS);
pub(crate) const VAL: Parameter =
    parameter(&["val", "ValidationVal", "PasswordResetVal", "LoginTokenVal"], TEXT_CHARS);
pub(crate) const ID: Parameter =
    parameter(&["id", "ValidationID", "PasswordResetID", "LoginTokenID"], TEXT_CHARS);
pub(crate) const NEW_PASSWORD: Parameter = parameter(&["newpassword"], PASSWORD_CHARS);
pub(crate) const CALL_TYPE: Parameter = parameter(&["calltype"], TEXT_CHARS);
pub(crate) const UPDATE_VALUES: Parameter = parameter(&["updatevalues"], UPDATE_CHARS);
const API_KEY: Parameter = parameter(&["apikey"], TEXT_CHARS);

/// What came with a call. Values may be secrets, so nothing here is printed.
pub(crate) struct Arguments(Vec<(Parameter, Value)>);

/// A body taken apart, as far as it could be.
pub(crate) struct Received {
    /// The API key; `None` where none was sent.
    pub(crate) key: Option<Secret>,
    /// The parameters, or why they cannot be read.
    pub(crate) arguments: Result<Arguments, Refusal>,
}

/// Takes a body apart. Where a key is required, the last value of a classic call is the key, whatever comes before.
pub(crate) fn receive(
    framing: Framing,
    body: &Fields,
    parameters: &[Parameter],
    key_is_required: bool,
) -> Result<Received, Refusal> {
    match framing {
        Framing::Named => by_name(body, parameters),
        Framing::Classic => by_position(positional(body)?, parameters, key_is_required),
    }
}

fn by_name(body: &Fields, parameters: &[Parameter]) -> Result<Received, Refusal> {
    let key = find(body, API_KEY)?.map(|value| text(API_KEY, &value).map(Secret::new)).transpose()?;
    let found = parameters.iter().map(|wanted| Ok(find(body, *wanted)?.map(|value| (*wanted, value))));
    let arguments = found.filter_map(Result::transpose).collect::<Result<_, Refusal>>().map(Arguments);
    Ok(Received { key: key.filter(|key| !key.expose().is_empty()), arguments })
}

/// The one field that has one of the parameter's names; null counts as absent.
fn find(body: &Fields, wanted: Parameter) -> Result<Option<Value>, Refusal> {
    let fits = |name: &&str| wanted.names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut names = body.names().filter(fits);
    let Some(name) = names.next() else { return Ok(None) };
    if names.next().is_some() {
        return Err(Refusal::invalid(wanted.name(), "given twice"));
    }
    Ok(body.value(name)?.filter(|value| !value.is_null()).cloned())
}

fn by_position(
    mut values: Vec<Value>,
    parameters: &[Parameter],
    key_is_required: bool,
) -> Result<Received, Refusal> {
    let key = if key_is_required || values.len() > parameters.len() { values.pop() } else { None };
    let key = key.filter(|key| !key.is_null()).map(|key| text(API_KEY, &key).map(Secret::new)).transpose()?;
    let arguments = if values.len() == parameters.len() {
        let pairs = parameters.iter().copied().zip(values);
        Ok(Arguments(pairs.filter(|(_, value)| !value.is_null()).collect()))
    } else {
        let names: Vec<&str> = parameters.iter().map(Parameter::name).collect();
        Err(Refusal::malformed(format!("expected the values {} and the API key", names.join(", "))))
    };
    Ok(Received { key: key.filter(|key| !key.expose().is_empty()), arguments })
}

fn text(parameter: Parameter, value: &Value) -> Result<&str, Refusal> {
    let text = value.as_str().ok_or_else(|| Refusal::invalid(parameter.name(), "expected text"))?;
    if text.chars().count() > parameter.most_chars {
        let problem = format!("has at most {} characters", parameter.most_chars);
        return Err(Refusal::invalid(parameter.name(), problem));
    }
    Ok(text)
}

impl Parameter {
    /// As the documentation says it.
    pub(crate) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

impl Arguments {
    /// A parameter that must be there (seed: "All parameters are required and cannot be empty").
    pub(crate) fn text(&self, parameter: Parameter) -> Result<&str, Refusal> {
        let given = self.value(parameter).map(|value| text(parameter, value)).transpose()?;
        let given = given.filter(|text| !text.is_empty());
        given.ok_or_else(|| Refusal::invalid(parameter.name(), "is required"))
    }

    /// A parameter as it came.
    pub(crate) fn value(&self, parameter: Parameter) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == parameter).map(|(_, value)| value)
    }
}
