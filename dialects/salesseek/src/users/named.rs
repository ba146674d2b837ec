//! The fields of a user that creating and changing read alike.

use doorward_model::{Email, NotificationSettings};
use doorward_web::{Fields, Refusal};
use serde_json::Value;

/// First and last name. `name` holds both in one text: the last word is the last name.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Names {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

impl Names {
    /// `None` for a name that the body does not mention.
    pub(super) fn read(body: &Fields) -> Result<Self, Refusal> {
        let mut names = body.text("name")?.map(Self::split).unwrap_or_default();
        if let Some(first) = body.text("first_name")? {
            names.first = Some(first.to_owned());
        }
        if let Some(last) = body.text("last_name")? {
            names.last = Some(last.to_owned());
        }
        Ok(names)
    }

    fn split(name: &str) -> Self {
        let name = name.trim();
        let (first, last) = name.rsplit_once(char::is_whitespace).unwrap_or((name, ""));
        Self { first: Some(first.trim().to_owned()), last: Some(last.to_owned()) }
    }
}

/// The address, if the body names one.
pub(super) fn email(body: &Fields) -> Result<Option<Email>, Refusal> {
    let text = match body.text("email_address")? {
        Some(text) => Some(text),
        None => body.text("email")?,
    };
    let parse =
        |text| Email::parse(text).map_err(|fault| Refusal::invalid("email_address", fault.to_string()));
    text.map(parse).transpose()
}

/// `notification_settings`, over what holds so far: clients send some of them, as `"True"` and `"False"` (seed).
pub(super) fn notifications(
    body: &Fields,
    so_far: NotificationSettings,
) -> Result<Option<NotificationSettings>, Refusal> {
    let Some(said) = body.object("notification_settings")? else { return Ok(None) };
    let read = |name: &str, so_far: bool| match said.get(name) {
        None | Some(Value::Null) => Ok(so_far),
        Some(value) => truth(value).ok_or_else(|| Refusal::invalid(name, "expected \"True\" or \"False\"")),
    };
    Ok(Some(NotificationSettings {
        instant: read("instant_email_notifications", so_far.instant)?,
        evening: read("evening_email_notification", so_far.evening)?,
        morning: read("morning_email_notification", so_far.morning)?,
        new_lead: read("new_lead_email_notification", so_far.new_lead)?,
    }))
}

fn truth(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some("True" | "true") => Some(true),
        Some("False" | "false") => Some(false),
        Some(_) => None,
        None => value.as_bool(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_one_text_comes_back_as_it_was() {
        let split = |name| {
            let Names { first, last } = Names::split(name);
            (first.unwrap(), last.unwrap())
        };
        assert_eq!(split("Ada Mary Example"), ("Ada Mary".to_owned(), "Example".to_owned()));
        assert_eq!(split(" Ada "), ("Ada".to_owned(), String::new()));
        assert_eq!(split(""), (String::new(), String::new()));
    }
}
