//! `demo.json`: what the fixture made, with every secret, for whoever tries the demo.

use serde::{Deserialize, Serialize};

/// The whole document; its keys are a contract.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) base: String,
    pub(super) salesseek: Salesseek,
    pub(super) bookingbug: Bookingbug,
    pub(super) rubicrm: Rubicrm,
    pub(super) leadsquared: Leadsquared,
    /// Of the installation itself.
    pub(super) operator: Operator,
    pub(super) manage: Manage,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Operator {
    pub(super) email: String,
    pub(super) password: String,
}

/// The management API.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manage {
    pub(super) url: String,
    pub(super) token: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Salesseek {
    pub(super) host: String,
    pub(super) admin: SalesseekUser,
    pub(super) user: SalesseekUser,
    pub(super) inactive: SalesseekUser,
    pub(super) callback_url: String,
    pub(super) other_host: String,
    pub(super) other_admin: SalesseekUser,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SalesseekUser {
    pub(super) email_address: String,
    pub(super) password: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bookingbug {
    pub(super) host: String,
    pub(super) base_path: String,
    pub(super) app_id: String,
    pub(super) app_key: String,
    pub(super) keyless_app_id: String,
    pub(super) parent_company_id: i64,
    pub(super) child_company_ids: Vec<i64>,
    pub(super) stranger_company_id: i64,
    pub(super) owner: BookingbugPerson,
    pub(super) shared: BookingbugShared,
    pub(super) member: BookingbugPerson,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BookingbugPerson {
    pub(super) email: String,
    pub(super) password: String,
    pub(super) company_id: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BookingbugShared {
    pub(super) email: String,
    pub(super) password: String,
    pub(super) company_ids: Vec<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Rubicrm {
    pub(super) host: String,
    pub(super) open_host: String,
    pub(super) api_key: String,
    pub(super) trusted_api_key: String,
    pub(super) verified: Contact,
    pub(super) unverified: Contact,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) emailaddress: String,
    pub(super) password: String,
    pub(super) uid: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Leadsquared {
    pub(super) host: String,
    pub(super) other_region_hosts: Vec<String>,
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) slow_access_key: String,
    pub(super) slow_secret_key: String,
    pub(super) slow_limit: SlowLimit,
    pub(super) inactive_access_key: String,
    pub(super) inactive_secret_key: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SlowLimit {
    pub(super) calls: u32,
    pub(super) seconds: u64,
}
