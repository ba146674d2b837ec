//! `doorward membership`: people's places in tenants.

use super::person::Place;
use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward membership list harbour                                  who belongs to it
  doorward membership list harbour --person ana@harbour.example     where Ana belongs
  doorward membership give harbour-spa ana@harbour.example --role admin
  doorward membership change harbour-spa ana@harbour.example --role user
  doorward membership take harbour-spa ana@harbour.example

A role reaches down the tree: who is admin of harbour is admin of everything below it. One person may have a place of
each kind in a tenant. Only people of the tenant's tree can be given one: `doorward person invite` brings in others.";

/// What is done with memberships. One is named by its tenant, its person's e-mail and its kind.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The people of a tenant, a line for each place; or all places of one person.
    List {
        /// Which tenant.
        tenant: String,
        /// Only this person's, in the tenant's whole tree.
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
    /// Give somebody of the tree a place, and tell them by mail; their password stays as it is.
    Give {
        /// In which tenant.
        tenant: String,
        /// To whom.
        email: String,
        /// As what.
        #[command(flatten)]
        place: Place,
        /// RubiCRM's UserStatus.
        #[arg(long, value_name = "WORD")]
        standing: Option<String>,
    },
    /// Change role or standing.
    #[command(group = clap::ArgGroup::new("change").args(["role", "standing"]).required(true).multiple(true))]
    Change {
        /// In which tenant.
        tenant: String,
        /// Whose.
        email: String,
        /// Which of their places: administrator, member, contact or user.
        #[arg(long, default_value = "user")]
        kind: String,
        /// owner, admin, user or callcentre.
        #[arg(long)]
        role: Option<String>,
        /// RubiCRM's UserStatus; the empty text removes it.
        #[arg(long, value_name = "WORD")]
        standing: Option<String>,
    },
    /// Take a place away; sessions that only it kept open end at once. The person stays.
    Take {
        /// In which tenant.
        tenant: String,
        /// Whose.
        email: String,
        /// Which of their places: administrator, member, contact or user.
        #[arg(long, default_value = "user")]
        kind: String,
    },
}
