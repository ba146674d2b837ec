//! JSON-schema forms: what a client's screens are built from (`schema` says what is allowed, `form` in which order).

use crate::hal::Link;
use doorward_core::Branch;
use doorward_model::Role;
use serde_json::{Map, Value, json};

/// The form for making an administrator.
pub(crate) fn new_administrator(branch: &Branch, role: Role, own: Link) -> Value {
    let fields = [
        ("name", text("Name")),
        ("email", email()),
        ("role", roles(role)),
        ("password", password(branch, "Password")),
    ];
    form("New administrator", &fields, &["name", "email"], own)
}

/// The form for changing an administrator or a member.
pub(crate) fn edit_person(title: &str, role: Option<Role>, own: Link) -> Value {
    let mut fields = vec![("name", text("Name")), ("email", email())];
    fields.extend(role.map(|role| ("role", roles(role))));
    form(title, &fields, &["name", "email"], own)
}

/// The form for setting a new password.
pub(crate) fn reset_password(branch: &Branch, own: Link) -> Value {
    let fields = [
        ("password", password(branch, "New password")),
        ("password_confirmation", password(branch, "New password, again")),
    ];
    form("New password", &fields, &["password", "password_confirmation"], own)
}

fn form(title: &str, fields: &[(&str, Value)], required: &[&str], own: Link) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, property)| ((*name).to_owned(), property.clone())).collect();
    let order: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({
        "schema": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "title": title,
            "type": "object",
            "properties": properties,
            "required": required,
        },
        "form": order,
        "_links": { "self": own },
    })
}

fn text(title: &str) -> Value {
    json!({ "title": title, "type": "string", "minLength": 1 })
}

fn email() -> Value {
    json!({ "title": "Email", "type": "string", "format": "email", "maxLength": 250 })
}

/// The roles that somebody of this role may give.
fn roles(giver: Role) -> Value {
    let all = [Role::Owner, Role::Admin, Role::User, Role::Callcentre];
    let may: Vec<&str> = all.into_iter().filter(|role| giver.may_grant(*role)).map(Role::as_str).collect();
    json!({ "title": "Role", "type": "string", "enum": may, "default": Role::User.as_str() })
}

/// What our policy asks of a new password; the rest (common passwords, own names) only the server can say.
fn password(branch: &Branch, title: &str) -> Value {
    let least = branch.policy().password_min_length;
    json!({ "title": title, "type": "string", "format": "password", "minLength": least, "pattern": format!("^.{{{least},}}$") })
}
