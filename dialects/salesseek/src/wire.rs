//! SalesSeek's JSON, in the seed's own field order and types.

use doorward_core::{Branch, Core, Identity, feed};
use doorward_model::{NotificationSettings, Person, PersonStatus, Role, Timestamp};
use serde::Serialize;

/// A user resource (seed: "Login", response body).
#[derive(Debug, Serialize)]
pub(crate) struct User {
    id: String,
    name: String,
    is_admin: bool,
    uri: String,
    short_id: String,
    email_address: String,
    latest: bool,
    client_id: String,
    deleted: bool,
    modified: String,
    created: String,
    #[serde(rename = "type")]
    kind: &'static str,
    ical_url: String,
    password_reset_required: bool,
    notification_settings: Notifications,
}

/// The login's answer: the user, and the client they work for.
#[derive(Debug, Serialize)]
pub(crate) struct Login {
    #[serde(flatten)]
    user: User,
    client: Client,
}

/// The strings `"True"` and `"False"` (seed).
#[derive(Debug, Serialize)]
struct Notifications {
    instant_email_notifications: &'static str,
    evening_email_notification: &'static str,
    morning_email_notification: &'static str,
    new_lead_email_notification: &'static str,
}

/// The tenant (vendor's documentation, "client").
#[derive(Debug, Serialize)]
struct Client {
    created: String,
    currencies: Vec<String>,
    default_currency: Option<String>,
    email_sending_domains: Vec<String>,
    facebook_page_id: Option<String>,
    feature_tier: Option<String>,
    marketing_groups: Vec<String>,
    name: String,
    selective_unsubscribing: bool,
    short_id: String,
}

impl User {
    /// As colleagues see them: without the token of their calendar feed, which is a secret of theirs.
    pub(crate) fn new(person: &Person, branch: &Branch, is_admin: bool) -> Self {
        let id = person.id.to_string();
        let ical_url = format!("/users/{id}/icalendar_feed");
        Self {
            name: person.profile.full_name(),
            is_admin,
            uri: format!("users/{id}"),
            short_id: id.clone(),
            email_address: person.email.as_written().to_owned(),
            latest: true,
            client_id: branch.tenant().id.to_string(),
            deleted: person.status == PersonStatus::Deleted,
            modified: time(person.modified_at),
            created: time(person.created_at),
            kind: "users",
            ical_url,
            password_reset_required: person.password_reset_required,
            notification_settings: person.notifications.into(),
            id,
        }
    }

    /// As they see themselves.
    pub(crate) fn own(core: &Core, person: &Person, branch: &Branch, is_admin: bool) -> Self {
        let user = Self::new(person, branch, is_admin);
        let ical_url = format!("{}?token={}", user.ical_url, feed::token(core, person).expose());
        Self { ical_url, ..user }
    }

    /// As `viewer` sees them.
    pub(crate) fn seen_by(
        viewer: &Identity,
        core: &Core,
        person: &Person,
        branch: &Branch,
        role: Role,
    ) -> Self {
        if viewer.person.id == person.id {
            Self::own(core, person, branch, role.administers())
        } else {
            Self::new(person, branch, role.administers())
        }
    }
}

impl Login {
    pub(crate) fn new(core: &Core, identity: &Identity) -> Self {
        let branch = &identity.branch;
        let is_admin = identity.role_at(branch).is_some_and(|role| role.administers());
        Self { user: User::own(core, &identity.person, branch, is_admin), client: Client::new(branch) }
    }
}

impl Client {
    fn new(branch: &Branch) -> Self {
        let fact = |name| branch.profile(name).map(str::to_owned);
        let list = |name| {
            let said = branch.profile(name).unwrap_or_default();
            said.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self {
            created: time(branch.tenant().created_at),
            currencies: list("currencies"),
            default_currency: fact("default_currency"),
            email_sending_domains: list("email_sending_domains"),
            facebook_page_id: fact("facebook_page_id"),
            feature_tier: fact("feature_tier"),
            marketing_groups: list("marketing_groups"),
            name: branch.tenant().display_name.clone(),
            selective_unsubscribing: branch.profile("selective_unsubscribing") == Some("true"),
            short_id: branch.tenant().slug.to_string(),
        }
    }
}

impl From<NotificationSettings> for Notifications {
    fn from(settings: NotificationSettings) -> Self {
        let word = |on| if on { "True" } else { "False" };
        Self {
            instant_email_notifications: word(settings.instant),
            evening_email_notification: word(settings.evening),
            morning_email_notification: word(settings.morning),
            new_lead_email_notification: word(settings.new_lead),
        }
    }
}

/// ISO 8601 without zone, six fractional digits, UTC (seed: `2017-04-27T15:57:34.916670`).
pub(crate) fn time(at: Timestamp) -> String {
    at.civil().strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
