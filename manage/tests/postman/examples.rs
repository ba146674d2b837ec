//! Bodies as docs/operators/manage.md shows them; what is not here is made of the schema.

use serde_json::{Value, json};

pub(super) fn of(step: &str) -> Option<Value> {
    Some(match step {
        // Short names are never given twice, those of deleted tenants included.
        "createTenant" => json!({ "slug": "harbour-{{$timestamp}}", "display_name": "Harbour" }),
        "createTenant, below it" => {
            json!({ "parent": "{{id}}", "slug": "harbour-spa-{{$timestamp}}", "display_name": "Harbour Spa" })
        }
        "changeTenant" => {
            json!({ "display_name": "Harbour Clubs", "profile": { "timezone": "Europe/London" } })
        }
        "moveTenant" => json!({ "parent": "{{id}}" }),
        "createPerson" => json!({ "email": "eve@harbour.example", "first_name": "Eve" }),
        "invitePerson" => json!({ "email": "ivy@harbour.example", "first_name": "Ivy" }),
        "createImport" => json!({ "people": [
            { "email": "zoe@harbour.example", "first_name": "Zoe" },
            { "email": "nobody", "first_name": "Nemo" }
        ] }),
        "createImport, another" => {
            json!({ "people": [{ "email": "zach@harbour.example", "first_name": "Zach" }] })
        }
        "createExport" => json!({ "of": "people" }),
        "changePerson" => json!({ "last_name": "Moneypenny" }),
        "setPassword" => json!({ "password": "mild otter sings at dawn", "temporary": true }),
        "giveMembership" => json!({ "person": "{{person}}", "kind": "contact" }),
        "changeMembership" => json!({ "role": "user" }),
        "createApplication" => json!({ "name": "Partner" }),
        "changeApplication" => json!({ "name": "Partner", "origins": ["https://app.example.com"] }),
        "rotateApplicationKey" | "rotateAccessKey" => json!({ "overlap_seconds": 86_400 }),
        "createToken" => json!({ "label": "nightly", "audience": "crm", "scopes": ["crm:read"] }),
        "createAccessKey" => json!({ "person": "{{person}}", "label": "import" }),
        "changeAccessKey" => json!({ "rate": { "calls": 25, "seconds": 5 } }),
        "publishTerms" => json!({ "version": "2026-11", "url": "https://harbour.example/terms" }),
        "changePolicy" => json!({ "password_min_length": 16 }),
        "createDoor" => door("sales-{{$timestamp}}"),
        "replaceDoor" => door("sales"),
        "setRegion" => json!({ "name": "Europe", "hosts": { "api": "api.eu.example.com" } }),
        _ => return None,
    })
}

fn door(name: &str) -> Value {
    json!({
        "name": name,
        "host": "{slug}.sales.example.com",
        "base_url": "https://{slug}.sales.example.com",
        "dialect": "salesseek"
    })
}
