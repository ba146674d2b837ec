//! Who is calling, in LeadSquared's terms: a key pair sent with every call.

use crate::credentials::{self, KeyPair};
use doorward_core::cells::Account;
use doorward_core::{Error, Identity, verify};
use doorward_web::{Call, Refusal};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// Whoever has a key pair, of any region.
    KeyPair,
}

/// Whose the key pair is; always there unless the route lets anyone in.
#[derive(Clone, Debug)]
pub struct Guest(Option<Box<Account>>);

impl Guest {
    /// Whose the key pair is.
    pub(crate) fn account(&self) -> Result<&Account, Refusal> {
        self.0.as_deref().ok_or(Refusal::Core(Error::NotSignedIn))
    }
}

/// Finds whom the key pair stands for, where the route asks for one.
pub(crate) async fn admit(access: Access, call: &Call) -> Result<Guest, Refusal> {
    match access {
        Access::Anyone => Ok(Guest(None)),
        Access::KeyPair => {
            let pair = credentials::required(call)?;
            let account = verify::account(&call.core, &call.caller, &pair.access_key, &pair.secret_key).await;
            Ok(Guest(Some(Box::new(call.counted(account)?))))
        }
    }
}

/// Whom a key pair of this cell stands for; the call counts in the key's window.
pub(crate) async fn identify(call: &Call, pair: &KeyPair) -> doorward_core::Result<Identity> {
    verify::access_key(&call.core, &call.caller, &pair.access_key, &pair.secret_key).await
}
