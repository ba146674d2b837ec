//! Links in mails. They are built from configuration and the tenant's own list of callbacks, never from anything a
//! request says about its host (P11, P12).

use crate::{Core, Error, Result};
use doorward_model::{Callback, CallbackRule, PersonId, Secret};

/// How the person is named beside the code.
const PERSON_PARAMETER: &str = "user_id";
/// How the code is named, but for BookingBug's clients (`reset_password_token`).
const CODE_PARAMETER: &str = "token";

/// Where a mailed link leads.
#[derive(Clone, Debug)]
pub enum LinkForm {
    /// To a page of the tenant's own; [`callback`] checks it.
    Callback {
        /// The page.
        callback: Callback,
        /// How the code is named there.
        code_parameter: &'static str,
    },
    /// To a page of Doorward's.
    House {
        /// Its path below the public URL.
        page: &'static str,
        /// How the code is named there.
        code_parameter: &'static str,
    },
}

impl LinkForm {
    /// The page that sets a new password.
    pub const RESET: Self = Self::House { page: "/reset", code_parameter: CODE_PARAMETER };
    /// The page that sets the first password.
    pub const INVITATION: Self = Self::House { page: "/invitation", code_parameter: CODE_PARAMETER };
    /// The page that confirms an address.
    pub const VALIDATION: Self = Self::House { page: "/validate", code_parameter: CODE_PARAMETER };
    /// The page that changes an address to the one the link was mailed to.
    pub(crate) const EMAIL_CHANGE: Self = Self::House { page: "/email", code_parameter: CODE_PARAMETER };
}

/// A callback that somebody asks for, checked against the tenant's list. [`Error::CallbackRefused`] otherwise (P12).
pub fn callback(text: &str, allowed: &[CallbackRule]) -> Result<LinkForm> {
    let callback = Callback::allowed(text, allowed).ok_or(Error::CallbackRefused)?;
    Ok(LinkForm::Callback { callback, code_parameter: CODE_PARAMETER })
}

/// The whole link. Holds the code: goes into a sealed mail and nowhere else.
pub(crate) fn url(core: &Core, form: &LinkForm, person: PersonId, code: &Secret) -> String {
    let person = person.to_string();
    match form {
        LinkForm::Callback { callback, code_parameter } => {
            callback.with_parameters(&[(PERSON_PARAMETER, &person), (code_parameter, code.expose())])
        }
        LinkForm::House { page, code_parameter } => {
            let mut url = core.settings().public_url.clone();
            let path = format!("{}{page}", url.path().trim_end_matches('/'));
            url.set_path(&path);
            let parameters = [(PERSON_PARAMETER, person.as_str()), (*code_parameter, code.expose())];
            url.query_pairs_mut().clear().extend_pairs(parameters);
            url.into()
        }
    }
}
