//! `doorward tenant`: the tree of tenants.

use super::picture::Picture;
use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward tenant list
  doorward tenant create harbour --name \"Harbour Group\"
  doorward tenant create harbour-spa --parent harbour
  doorward tenant brand harbour --colour \"#0b3c8d\" --logo harbour.png
  doorward tenant suspend harbour-spa          ends every session there at once";

/// What is done with tenants. A tenant is named by its slug.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Every tenant, parents before children.
    List {
        /// Only this tenant and everything below it.
        #[arg(long, value_name = "SLUG")]
        below: Option<String>,
    },
    /// One tenant.
    Show {
        /// Which.
        slug: String,
    },
    /// Make a tenant; without a parent, the top of a tree of its own.
    Create {
        /// Its sub-domain: a-z, 0-9 and inner hyphens.
        slug: String,
        /// What people read [default: the slug].
        #[arg(long)]
        name: Option<String>,
        /// The tenant it is below.
        #[arg(long, value_name = "SLUG")]
        parent: Option<String>,
        /// Its number [default: the next free one].
        #[arg(long)]
        number: Option<i64>,
        /// The tree's home, only at its top.
        #[arg(long, value_name = "CODE")]
        region: Option<String>,
    },
    /// Change what people read.
    Edit {
        /// Which.
        slug: String,
        /// What people read.
        #[arg(long)]
        name: Option<String>,
        /// The tree's home, only at its top.
        #[arg(long, value_name = "CODE")]
        region: Option<String>,
    },
    /// How pages of a tenant look, and of everything below it that says nothing of its own.
    Brand {
        /// Which.
        slug: String,
        /// The name on them; the empty text gives them the tenant's own.
        #[arg(long)]
        name: Option<String>,
        /// The colour of buttons and links, as #rrggbb; the empty text gives them Doorward's own.
        #[arg(long)]
        colour: Option<String>,
        /// A PNG picture for the top of them, of at most 32 KiB.
        #[arg(long, value_name = "FILE", value_parser = Picture::of_file)]
        logo: Option<Picture>,
        /// Take the picture away.
        #[arg(long, conflicts_with = "logo")]
        no_logo: bool,
    },
    /// Put a tenant, with everything below it, below another one of its tree.
    Move {
        /// Which.
        slug: String,
        /// Its new parent.
        #[arg(long, value_name = "SLUG")]
        under: String,
    },
    /// Close a tenant and everything below it for now: sessions end at once.
    Suspend {
        /// Which.
        slug: String,
    },
    /// Open a suspended tenant again.
    Resume {
        /// Which.
        slug: String,
    },
    /// Close a tenant and everything below it for good; its slug and number stay taken.
    Delete {
        /// Which.
        slug: String,
    },
}
