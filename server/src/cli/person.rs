//! `doorward person`: people and their passwords.

use super::{Failure, password};
use crate::admin::Hidden;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward person list harbour
  doorward person invite harbour ana@harbour.example --kind administrator --role admin
  doorward person create harbour ana@harbour.example --generate-password
  doorward person reset-password harbour ana@harbour.example       mails a link
  doorward person disable harbour ana@harbour.example              ends sessions and keys at once";

/// Who somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize)]
pub struct About {
    /// First name.
    #[arg(long)]
    pub first_name: Option<String>,
    /// Last name.
    #[arg(long)]
    pub last_name: Option<String>,
    /// What they like to be called.
    #[arg(long)]
    pub known_as: Option<String>,
    /// What they are written to in: en, de, fr, or default, which is as their tenant says.
    #[arg(long)]
    pub language: Option<String>,
}

/// As what somebody belongs to a tenant.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
pub struct Place {
    /// administrator, member, contact or user.
    #[arg(long, default_value = "user")]
    pub kind: String,
    /// owner, admin, user or callcentre.
    #[arg(long, default_value = "user")]
    pub role: String,
}

/// What is done with people. A person is named by a tenant of their tree and their e-mail.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The people of a tenant.
    List {
        /// Which tenant.
        tenant: String,
        /// Only those with this text in name or e-mail.
        #[arg(long)]
        search: Option<String>,
        /// How many to skip.
        #[arg(long, default_value_t = 0)]
        start: usize,
        /// How many to list at most.
        #[arg(long, default_value_t = 100)]
        rows: usize,
    },
    /// One person with their places.
    Show {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
    },
    /// Make a person with a password; asks for it unless one is generated or in a file.
    Create {
        /// In which tenant.
        tenant: String,
        /// Their e-mail.
        email: String,
        /// Who they are.
        #[command(flatten)]
        about: About,
        /// As what.
        #[command(flatten)]
        place: Place,
        /// Make a password and print it once.
        #[arg(long)]
        generate_password: bool,
        /// Read the password from this file instead of asking for it.
        #[arg(long, value_name = "FILE", conflicts_with = "generate_password")]
        #[serde(skip)]
        password_file: Option<PathBuf>,
        /// The password that was asked for.
        #[arg(skip)]
        password: Option<Hidden>,
    },
    /// Make a person and mail them a link to choose a password; once more for who has not chosen one yet.
    Invite {
        /// In which tenant.
        tenant: String,
        /// Their e-mail.
        email: String,
        /// Who they are.
        #[command(flatten)]
        about: About,
        /// As what.
        #[command(flatten)]
        place: Place,
    },
    /// Change names or e-mail.
    Edit {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
        /// Who they are.
        #[command(flatten)]
        about: About,
        /// Their new e-mail; it has to be validated anew.
        #[arg(long, value_name = "EMAIL")]
        new_email: Option<String>,
    },
    /// Mail a link to choose a new password, or make one.
    ResetPassword {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
        /// Make a password, print it once and end all sessions; they must choose another at the next sign-in.
        #[arg(long)]
        generate: bool,
    },
    /// Lock a person out: sessions and keys end at once.
    Disable {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
    },
    /// Let a disabled person in again.
    Enable {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
    },
    /// Make the address of a person's calendar feed a new one; the old one shows nothing any more.
    RotateFeed {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
    },
    /// End a person for good; the e-mail may sign up anew.
    Delete {
        /// A tenant of their tree.
        tenant: String,
        /// Their e-mail.
        email: String,
    },
}

/// The password of a person to be made is read here, on the operator's side.
pub(super) fn with_password(mut action: Action) -> Result<Action, Failure> {
    if let Action::Create { email, generate_password: false, password_file, password, .. } = &mut action {
        *password = Some(match password_file {
            Some(file) => password::from_file(file)?,
            None => password::ask_twice(&format!("Password of {email}"))?,
        });
    }
    Ok(action)
}
