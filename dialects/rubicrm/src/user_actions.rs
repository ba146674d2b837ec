//! `UserActions`: what a contact may do to their own record, by call type.

use crate::arguments::{CALL_TYPE, UID, UPDATE_VALUES};
use crate::auth::Admitted;
use crate::method::{Answer, Method};
use doorward_core::people::{self, Names};
use doorward_core::{Error, consent};
use doorward_model::PersonId;
use doorward_web::{Call, Fields, Refusal};
use serde_json::{Map, Value};

/// Vendor's documentation: "String – Max 100 chars".
const NAME_CHARS: usize = 100;

#[derive(Clone, Copy)]
pub(crate) struct UserActions;

/// The call types there are.
enum CallType {
    UserConsent,
    UserProfileUpdate,
}

impl Method for UserActions {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let uid = admitted.arguments.text(UID)?;
        let call_type = CallType::parse(admitted.arguments.text(CALL_TYPE)?)?;
        let names = match call_type {
            CallType::UserConsent => None,
            CallType::UserProfileUpdate => Some(names(&update_values(admitted)?)?),
        };
        let person = PersonId::parse(uid).ok_or(Error::NotFound)?;
        let (core, caller, branch) = (&call.core, &call.caller, &admitted.branch);
        let speaker = admitted.speaker()?;
        match names {
            Some(names) => drop(people::rename(core, caller, speaker, branch, person, names).await?),
            None => drop(consent::give(core, caller, speaker, branch, person).await?),
        }
        Ok(Answer::of(true))
    }
}

impl CallType {
    fn parse(text: &str) -> Result<Self, Refusal> {
        let known = [("UserConsent", Self::UserConsent), ("UserProfileUpdate", Self::UserProfileUpdate)];
        let found = known.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found
            .map(|(_, call_type)| call_type)
            .ok_or_else(|| Refusal::invalid(CALL_TYPE.name(), "expected UserConsent or UserProfileUpdate"))
    }
}

/// One object in a JSON array (vendor's documentation, "stringified array"), as text or as it is.
fn update_values(admitted: &Admitted) -> Result<Map<String, Value>, Refusal> {
    let values = if let Some(Value::Array(values)) = admitted.arguments.value(UPDATE_VALUES) {
        values.clone()
    } else {
        let inside = Fields::of_json_text(admitted.arguments.text(UPDATE_VALUES)?)?;
        inside.array().map(<[Value]>::to_vec).unwrap_or_default()
    };
    if let [Value::Object(object)] = values.as_slice() {
        Ok(object.clone())
    } else {
        Err(Refusal::invalid(UPDATE_VALUES.name(), "expected a JSON array with one object"))
    }
}

/// The new names. Anything else is refused, so that nobody verifies, promotes or moves themselves with it.
fn names(values: &Map<String, Value>) -> Result<Names, Refusal> {
    let mut names = Names::default();
    for (field, value) in values {
        let place = match field.to_ascii_lowercase().as_str() {
            "firstname" => &mut names.first,
            "lastname" => &mut names.last,
            "knownas" => &mut names.known_as,
            _ => {
                let problem = "only FirstName, LastName and KnownAs can be changed here";
                return Err(Refusal::invalid(UPDATE_VALUES.name(), problem));
            }
        };
        let text = value.as_str().filter(|text| !text.trim().is_empty());
        let text = text.filter(|text| text.chars().count() <= NAME_CHARS).ok_or_else(|| {
            let problem = format!("expected text of at most {NAME_CHARS} characters that is not empty");
            Refusal::invalid(field.as_str(), problem)
        })?;
        if place.replace(text.to_owned()).is_some() {
            return Err(Refusal::invalid(field.as_str(), "given twice"));
        }
    }
    Ok(names)
}
