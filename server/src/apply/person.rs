//! `[[person]]`: someone who signs in, with further places in `[[person.membership]]`.

use super::entry::Entry;
use super::field::{Facts, GENERATED, Text};
use doorward_core::provision::{PasswordWish, PersonPlan, PlacePlan};
use doorward_model::{Kind, Role, Secret};

pub(super) fn read(entry: &mut Entry<'_>) -> Option<PersonPlan> {
    let home = place(entry);
    let email = entry.required("email");
    let [first_name, last_name, known_as] =
        ["first_name", "last_name", "known_as"].map(|key| entry.optional(key).map(|Text(name)| name));
    let extra = entry.optional("extra").map(|Facts(facts)| facts).unwrap_or_default();
    let verified = entry.optional("verified");
    let disabled = entry.optional("disabled");
    let sign_in_mails = entry.optional("sign_in_mails");
    let set_password = entry.optional("set_password").unwrap_or(false);
    let language = entry.optional("language");
    let password = password(entry, set_password);
    let mut places = Vec::from_iter(home);
    let is_complete = !places.is_empty();
    places.extend(entry.tables("membership", place));
    if !is_complete {
        return None;
    }
    Some(PersonPlan {
        email: email?,
        first_name,
        last_name,
        known_as,
        extra,
        places,
        password,
        set_password,
        verified,
        disabled,
        sign_in_mails,
        language,
    })
}

/// The fields of a place; in `[[person]]` they are the first one's. Nobody gets more rights than were written down.
fn place(entry: &mut Entry<'_>) -> Option<PlacePlan> {
    let tenant = entry.required("tenant");
    let kind = entry.optional("kind").unwrap_or(Kind::User);
    let role = entry.optional("role").unwrap_or(Role::User);
    let standing = entry.optional("standing").map(|Text(word)| word);
    Some(PlacePlan { tenant: tenant?, kind, role, standing })
}

/// `password = "…"`, `password = "generated"` or `invite = true`. A password is set for who has none; one that is
/// there is replaced only by a given one with `set_password = true`.
fn password(entry: &mut Entry<'_>, set_password: bool) -> PasswordWish {
    let given: Option<Secret> = entry.optional("password");
    let invite = entry.optional("invite").unwrap_or(false);
    let wish = match given {
        Some(_) if invite => {
            entry.refuse("invite", "give either password or invite, not both");
            PasswordWish::Invited
        }
        Some(word) if word.expose() == GENERATED => PasswordWish::Generated,
        Some(given) => PasswordWish::Given(given),
        None if invite => PasswordWish::Invited,
        None => PasswordWish::None,
    };
    if set_password && !matches!(wish, PasswordWish::Given(_)) {
        entry.refuse("set_password", "needs a given password: a generated one would be another at every run");
    }
    wish
}
