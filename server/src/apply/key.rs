//! `[[key]]`: an access key that stands for a person.

use super::entry::Entry;
use super::field::{GENERATED, Text, is_key};
use doorward_core::provision::KeyPlan;
use doorward_model::Secret;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<KeyPlan> {
    let person = entry.required("person");
    let tenant = entry.required("tenant");
    let label = entry.required("label").map(|Text(label)| label);
    let name = entry.optional("name");
    let secret = secret(entry);
    let rate = entry.optional("rate");
    let expires_at = entry.optional("expires");
    let disabled = entry.optional("disabled");
    Some(KeyPlan {
        person: person?,
        tenant: tenant?,
        label: label?,
        name,
        secret,
        rate,
        expires_at,
        disabled,
    })
}

fn secret(entry: &mut Entry<'_>) -> Option<Secret> {
    let given: Secret = entry.optional("secret")?;
    if given.expose() == GENERATED {
        return None;
    }
    if !is_key(given.expose()) {
        entry.refuse("secret", "expected \"generated\" or at least 16 printable characters without spaces");
    }
    Some(given)
}
