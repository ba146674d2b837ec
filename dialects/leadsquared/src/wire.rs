//! The body of `UserByAccessKey.Get`: the seed's keys in the seed's order and types, nulls kept, and no key `Status`,
//! which clients take for an error.
//!
//! Facts no rule decides on come by the seed's own names: the user's from the person's profile, the organisation's from
//! the profile of the pool's root. What nobody wrote down is printed as the seed prints an empty one: `""`, and where
//! the seed shows what every account has, that: `1` for `Class`, `Group` and `SubRegionId`, `Regular` for `UserType`.

use crate::directory::Directory;
use doorward_core::cells::{Account, Organisation};
use doorward_model::Role;
use serde::Serialize;
use serde_json::{Map, Value};

/// `null` in the seed, and here always: Doorward has nothing to print there.
type Null = ();

/// The whole body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User<'a> {
    class: &'a str,
    group: &'a str,
    sub_region_id: &'a str,
    id: String,
    name: String,
    /// The seed prints the e-mail address here, and `null` under its own name.
    pass_phrase: &'a str,
    role: &'a str,
    email_address: Null,
    session_id: &'static str,
    time_zone: &'a str,
    token_id: Null,
    #[serde(rename = "Type")]
    kind: &'static str,
    org_display_name: &'a str,
    org_id: String,
    org_short_code: String,
    org_unique_name: &'a str,
    default_country_code: &'a str,
    website: &'a str,
    street1: &'a str,
    street2: &'a str,
    city: &'a str,
    state: &'a str,
    country: &'a str,
    phone: &'a str,
    fax: &'a str,
    zip: &'a str,
    associated_phone_numbers: &'a str,
    restricted_features: Null,
    customer_type: &'a str,
    plan: Option<&'a str>,
    user_type: &'a str,
    #[serde(rename = "MobileServiceURLs")]
    mobile_service_urls: Map<String, Value>,
    #[serde(rename = "LSQCommonServiceURLs")]
    common_service_urls: Map<String, Value>,
    allowed_clusters: Null,
    allowed_regions: Null,
}

impl<'a> User<'a> {
    pub(crate) fn new(account: &'a Account, directory: &Directory) -> Self {
        let org = &account.organisation;
        let fact = |name| org_fact(org, name).unwrap_or_default();
        let own = |name, otherwise| account.profile.extra(name).unwrap_or(otherwise);
        Self {
            class: own("Class", "1"),
            group: own("Group", "1"),
            sub_region_id: own("SubRegionId", "1"),
            id: account.person.to_string(),
            name: name(account),
            pass_phrase: &account.email,
            role: own("Role", role(account.role)),
            email_address: (),
            session_id: "",
            time_zone: own("TimeZone", org_fact(org, "TimeZone").unwrap_or("UTC")),
            token_id: (),
            kind: "ApplicationUser",
            org_display_name: &org.display_name,
            org_id: org.id.to_string(),
            org_short_code: org.number.to_string(),
            org_unique_name: org_fact(org, "OrgUniqueName").unwrap_or(org.slug.as_str()),
            default_country_code: fact("DefaultCountryCode"),
            website: fact("Website"),
            street1: fact("Street1"),
            street2: fact("Street2"),
            city: fact("City"),
            state: fact("State"),
            country: fact("Country"),
            phone: own("Phone", fact("Phone")),
            fax: fact("Fax"),
            zip: fact("Zip"),
            associated_phone_numbers: own("AssociatedPhoneNumbers", ""),
            restricted_features: (),
            customer_type: fact("CustomerType"),
            plan: org_fact(org, "Plan"),
            user_type: own("UserType", "Regular"),
            mobile_service_urls: directory.mobile(),
            common_service_urls: directory.common(),
            allowed_clusters: (),
            allowed_regions: (),
        }
    }
}

fn org_fact<'a>(org: &'a Organisation, name: &str) -> Option<&'a str> {
    org.profile.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The names a person has, else what stands before the `@`: clients greet with it.
fn name(account: &Account) -> String {
    let full = account.profile.full_name();
    if !full.is_empty() {
        return full;
    }
    let email = account.email.as_str();
    email.split_once('@').map_or(email, |(local, _)| local).to_owned()
}

/// The vendor's word for a role, where the person's profile has none (its documentation: `Administrator`,
/// `Marketing_User`, `Sales_Manager`, `Sales_User`).
fn role(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Owner | Role::Admin) => "Administrator",
        Some(Role::User | Role::Callcentre) | None => "Sales_User",
    }
}
