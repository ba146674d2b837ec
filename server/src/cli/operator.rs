//! `doorward operator`: who runs this installation, and the tokens with which they do it from elsewhere.

use clap::builder::PossibleValuesParser;
use doorward_core::manage::Scope;
use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward operator list
  doorward operator link                          prints a link to open in a browser
  doorward operator remove ada@example.com        one who forgot their password, too: then a link
  doorward operator token create ada@example.com \"nightly report\" --scope manage:tenants:read
  doorward operator token create ada@example.com \"harbour sync\" --scope manage:people:write --pool harbour --expires 2027-01-31T00:00:00Z
  doorward operator token list
  doorward operator token revoke 0199c3a2-…      refused from the next call on

The first operator is made by `doorward init`. A token is used at https://<house host>/manage/v1:
  curl -H \"Authorization: Bearer dwo_…\" https://id.example.com/manage/v1/tenants
For one tenant and what is below it, prefer an application's token: doorward application token create --audience manage.";

/// Every scope with what it is good for.
fn create_help() -> String {
    let line = |scope: &Scope| format!("  {:25} {}", scope.as_str(), scope.about());
    let scopes: Vec<String> = Scope::ALL.iter().map(line).collect();
    format!("Scopes:\n{}", scopes.join("\n"))
}

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
    #[command(after_help = create_help())]
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
