//! `doorward application`: programs that may call.

use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward application list harbour
  doorward application create harbour \"web shop\" --origin https://shop.example
  doorward application rotate 4f0c2a1b9d3e8f70 --overlap 7d      both keys work for a week
  doorward application disable 4f0c2a1b9d3e8f70
  doorward application token create 4f0c2a1b9d3e8f70 export --audience crm --scope people:read";

/// What is done with applications. An application is named by its `app_id`.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The applications of a tenant and everything below it.
    List {
        /// Which tenant.
        tenant: String,
    },
    /// One application.
    Show {
        /// Which.
        app_id: String,
    },
    /// Make an application; its key is printed once.
    Create {
        /// The top of the subtree it may act in.
        tenant: String,
        /// What people read.
        name: String,
        /// Its public id [default: made up].
        #[arg(long)]
        app_id: Option<String>,
        /// Its id alone admits it.
        #[arg(long)]
        no_key: bool,
        /// It may be told one-time codes.
        #[arg(long)]
        trusted_server: bool,
        /// A browser origin it may be called from; may be given several times.
        #[arg(long = "origin", value_name = "ORIGIN")]
        origins: Vec<String>,
    },
    /// Change name, trust or origins.
    Edit {
        /// Which.
        app_id: String,
        /// What people read.
        #[arg(long)]
        name: Option<String>,
        /// Whether it may be told one-time codes.
        #[arg(long)]
        trusted_server: Option<bool>,
        /// The browser origins it may be called from, instead of those before.
        #[arg(long = "origin", value_name = "ORIGIN")]
        origins: Vec<String>,
        /// No browser may call it any more.
        #[arg(long, conflicts_with = "origins")]
        no_origins: bool,
    },
    /// Make a new key and print it once.
    Rotate {
        /// Which.
        app_id: String,
        /// How long the key before stays good, like 24h or 7d.
        #[arg(long, default_value = "0s", value_name = "TIME")]
        overlap: String,
    },
    /// Refuse an application.
    Disable {
        /// Which.
        app_id: String,
    },
    /// Admit a disabled application again.
    Enable {
        /// Which.
        app_id: String,
    },
    /// Bearer tokens, with which an application speaks for itself.
    #[command(subcommand)]
    Token(TokenAction),
}

/// What is done with an application's bearer tokens.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAction {
    /// Make a token; it is printed once.
    Create {
        /// Whose.
        app_id: String,
        /// What people read.
        label: String,
        /// Where it is good: the name of a route, or `*` for every one.
        #[arg(long, value_name = "ROUTE")]
        audience: String,
        /// What it may be used for; may be given several times. With `verify` its holder may ask who others are.
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// Refused from this moment, like 2027-01-31T00:00:00Z [default: never].
        #[arg(long, value_name = "MOMENT")]
        expires: Option<String>,
    },
    /// The tokens of an application.
    List {
        /// Whose.
        app_id: String,
    },
    /// Refuse a token from now on, for good.
    Revoke {
        /// Whose.
        app_id: String,
        /// Which, by its id.
        token: String,
    },
}
