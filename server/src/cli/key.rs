//! `doorward key`: access keys that stand for people.

use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward key list education101
  doorward key create education101 admin@education101.example \"nightly export\" --rate 25/5s
  doorward key rotate 'u$r…' --overlap 24h          both secrets work for a day
  doorward key disable 'u$r…'                       (quote it: the shell reads $r otherwise)";

/// What is done with keys. A key is named by its public half, `u$r…`.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The keys of a tenant and everything below it.
    List {
        /// Which tenant.
        tenant: String,
        /// Only this person's.
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
    /// One key.
    Show {
        /// Which.
        access_key: String,
    },
    /// Make a key; its secret is printed once.
    Create {
        /// Where it is good.
        tenant: String,
        /// Whom it stands for.
        email: String,
        /// What people read.
        label: String,
        /// Calls in a time, like 25/5s [default: the tenant's].
        #[arg(long)]
        rate: Option<String>,
        /// From when it is refused, like 2027-01-31T00:00:00Z.
        #[arg(long, value_name = "MOMENT")]
        expires: Option<String>,
    },
    /// Change label, rate or expiry.
    Edit {
        /// Which.
        access_key: String,
        /// What people read.
        #[arg(long)]
        label: Option<String>,
        /// Calls in a time, like 25/5s; `default` is the tenant's again.
        #[arg(long)]
        rate: Option<String>,
        /// From when it is refused, or `never`.
        #[arg(long, value_name = "MOMENT")]
        expires: Option<String>,
    },
    /// Make a new secret and print it once.
    Rotate {
        /// Which.
        access_key: String,
        /// How long the secret before stays good, like 24h or 7d.
        #[arg(long, default_value = "0s", value_name = "TIME")]
        overlap: String,
    },
    /// Refuse a key.
    Disable {
        /// Which.
        access_key: String,
    },
    /// Admit a disabled key again.
    Enable {
        /// Which.
        access_key: String,
    },
}
