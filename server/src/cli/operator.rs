//! `doorward operator`: who runs this installation, and the tokens with which they do it from elsewhere.

use clap::builder::PossibleValuesParser;
use doorward_core::manage::Scope;
use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward operator list
  doorward operator link                          prints a link to open in a browser
  doorward operator remove ada@example.com        one who forgot their password, too: then a link, or `doorward init` for the last
  doorward operator token create ada@example.com \"nightly report\" --scope manage:tenants:read
  doorward operator token create ada@example.com \"harbour sync\" --scope manage:people:write --pool harbour --expires 2027-01-31T00:00:00Z
  doorward operator token list
  doorward operator token revoke 0199c3a2-…      refused from the next call on

The first operator is made by `doorward init`. A token is used at https://<house host>/manage/v1:
  curl -H \"Authorization: Bearer dwo_…\" https://id.example.com/manage/v1/tenants
For one tenant and what is below it, prefer an application's token: doorward application token create --audience manage.";

const CREATE_HELP: &str = "\
Scopes:
  manage                    everything below, and making administrators
  manage:tenants:read       reading tenants
  manage:tenants:write      the same; making, changing, moving and closing tenants
  manage:people:read        reading people
  manage:people:write       the same; making and changing people who administer nothing
  manage:memberships:read   reading who has which place
  manage:memberships:write  the same; giving and taking places that administer nothing
  manage:applications:read  reading applications and their tokens
  manage:applications:write the same; making and changing applications and tokens
  manage:keys:read          reading access keys
  manage:keys:write         the same; making and changing keys of people who administer nothing
  manage:sessions:read      reading who is signed in
  manage:sessions:write     the same; signing people out
  manage:terms:read         reading terms, and who consented to them
  manage:terms:write        the same; publishing terms
  manage:events:read        reading what happened
  manage:mails:read         reading how far mails got
  manage:mails:write        the same; having mails tried again
  manage:doors:read         reading doors
  manage:doors:write        the same; making, changing and removing doors
  manage:regions:read       reading regions
  manage:regions:write      the same; making and changing regions
  manage:policy:read        reading policies";

/// What is done with operators. An operator is named by their e-mail.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Who runs this installation.
    List,
    /// Make a link whose bearer becomes an operator; it works once, for a day.
    Link,
    /// Take an operator away: signed out at once, their tokens refused.
    Remove {
        /// Who, by e-mail.
        operator: String,
    },
    /// Bearer tokens, with which an operator calls the management API from elsewhere.
    #[command(subcommand)]
    Token(TokenAction),
}

/// What is done with operators' tokens.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAction {
    /// Make a token; it is printed once.
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Whose, by e-mail.
        operator: String,
        /// What people read.
        label: String,
        /// What it may be used for; may be given several times.
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = PossibleValuesParser::new(Scope::WORDS))]
        scopes: Vec<String>,
        /// Only this tenant and everything below it: the slug of the top of a tree [default: every tree].
        #[arg(long, value_name = "SLUG")]
        pool: Option<String>,
        /// Refused from this moment, like 2027-01-31T00:00:00Z [default: never].
        #[arg(long, value_name = "MOMENT")]
        expires: Option<String>,
    },
    /// Every operator's tokens.
    List,
    /// Refuse a token from now on, for good.
    Revoke {
        /// Which, by its id.
        token: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_scope_with_what_it_is_good_for() {
        for scope in Scope::ALL {
            let line = format!("  {:25} {}", scope.as_str(), scope.about());
            assert!(CREATE_HELP.contains(&line), "{line}");
        }
    }
}
