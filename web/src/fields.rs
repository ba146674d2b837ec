//! The fields of a query or a body, whatever encoding they came in, read by name and kind.
//!
//! A field that was given twice, or is of another kind than the reader asks for, is refused when it is read: a
//! handler never sees a list where it expects an e-mail (promises, "how others failed" 4).

use crate::Refusal;
use crate::encoding::{json, urlencoded};
use doorward_model::Secret;
use serde_json::{Map, Value};
use std::fmt;

/// An ordered multimap from field name to JSON value. Form fields are strings.
#[derive(Clone, Default)]
pub struct Fields {
    entries: Vec<(String, Value)>,
    array: Option<Vec<Value>>,
    /// Forms have no types, so numbers and booleans are read from their text.
    is_form: bool,
    /// Why nothing can be read at all: the field at fault, if it is one, and what is wrong.
    fault: Option<(Option<String>, String)>,
}

impl Fields {
    pub(crate) fn of_form(entries: Vec<(String, Value)>) -> Result<Self, Refusal> {
        refuse_nul(&entries)?;
        Ok(Self { entries, is_form: true, ..Self::default() })
    }

    pub(crate) fn of_json(entries: Vec<(String, Value)>) -> Result<Self, Refusal> {
        refuse_nul(&entries)?;
        Ok(Self { entries, ..Self::default() })
    }

    pub(crate) fn of_array(items: Vec<Value>) -> Result<Self, Refusal> {
        if items.iter().any(has_nul) {
            return Err(Refusal::invalid("", "a NUL character"));
        }
        Ok(Self { array: Some(items), ..Self::default() })
    }

    /// The fields of a query, read as strictly as a form.
    pub fn of_query(query: &str) -> Result<Self, Refusal> {
        urlencoded::parse(query.as_bytes())
    }

    /// The fields of a JSON text that came inside another field, read as strictly as a body.
    pub fn of_json_text(text: &str) -> Result<Self, Refusal> {
        json::parse(text.as_bytes())
    }

    /// Fields that could not be parsed: every reader refuses.
    pub(crate) fn broken(fault: Refusal) -> Self {
        let fault = if let Refusal::Invalid { field, problem } = fault {
            (Some(field), problem)
        } else {
            (None, fault.to_string())
        };
        Self { fault: Some(fault), ..Self::default() }
    }

    /// Whether nothing was sent: no body, `null`, `{}` or `[]`.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.array.as_ref().is_none_or(Vec::is_empty)
    }

    /// The names in the order they came, repeated ones repeated.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// A field as it came. `None` if absent; JSON `null` is a value here.
    pub fn value(&self, name: &str) -> Result<Option<&Value>, Refusal> {
        if let Some((field, problem)) = self.fault.clone() {
            return Err(match field {
                Some(field) => Refusal::invalid(field, problem),
                None => Refusal::malformed(problem),
            });
        }
        let mut values = self.entries.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next();
        if values.next().is_some() {
            return Err(Refusal::invalid(name, "given twice"));
        }
        Ok(first)
    }

    /// The items of a body that is a JSON array at the top.
    pub fn array(&self) -> Option<&[Value]> {
        self.array.as_deref()
    }

    /// A text. `None` if absent or null.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.read(name, "expected text", Value::as_str)
    }

    /// A text that must be there; the empty text counts as absent.
    pub fn required_text(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(name, "is required"))
    }

    /// A text that is never printed. `None` if absent or null; the empty text is a secret too.
    pub fn secret(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        Ok(self.text(name)?.map(Secret::new))
    }

    /// A whole number, in forms as decimal digits. `None` if absent, null, or empty in a form.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.read_or_blank(name, "expected a whole number", |value| {
            let digits = value.as_str().filter(|_| self.is_form);
            value.as_i64().or_else(|| digits?.parse().ok())
        })
    }

    /// A boolean; in forms and in SalesSeek's settings the texts `true`, `True`, `1`, `false`, `False`, `0`. `None`
    /// if absent, null, or empty in a form.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.read_or_blank(name, "expected true or false", |value| match value.as_str() {
            Some("true" | "True" | "1") => Some(true),
            Some("false" | "False" | "0") => Some(false),
            Some(_) => None,
            None => value.as_bool(),
        })
    }

    /// An object. `None` if absent or null.
    pub fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, Refusal> {
        self.read(name, "expected an object", Value::as_object)
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let value = self.value(name)?.filter(|value| !value.is_null());
        value.map(|value| read(value).ok_or_else(|| Refusal::invalid(name, expected))).transpose()
    }

    fn read_or_blank<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let is_blank = self.is_form && self.value(name)?.and_then(Value::as_str) == Some("");
        if is_blank { Ok(None) } else { self.read(name, expected, read) }
    }
}

/// Values may be passwords, so only their number is shown.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("len", &self.entries.len()).finish_non_exhaustive()
    }
}

/// PostgreSQL cannot store U+0000 and C programs end at it, so it is refused before anything is compared.
fn refuse_nul(entries: &[(String, Value)]) -> Result<(), Refusal> {
    let culprit = entries.iter().find(|(name, value)| name.contains('\0') || has_nul(value));
    match culprit {
        Some((name, _)) => Err(Refusal::invalid(name.replace('\0', ""), "a NUL character")),
        None => Ok(()),
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(object) => object.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
