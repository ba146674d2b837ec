//! Every other service call: none is answered here, but a caller at another region's host is told where to go.
//!
//! Seed: "other API calls will fail if you pass an API host that isn't specific to your region". The path is checked
//! before the account (dialects: order of checks), so a wrong pair finds a path that does not exist.

use crate::auth::{Guest, identify};
use crate::credentials;
use doorward_core::{Error, cells, verify};
use doorward_web::{Call, Refusal, Response};

pub(crate) async fn elsewhere(call: Call, _: Guest) -> Result<Response, Refusal> {
    let Some(pair) = credentials::optional(&call)? else { return Err(Refusal::UnknownPath) };
    // Of another cell's key nothing but its home is known here.
    cells::sent_home(&call.core, &pair.access_key).await?;
    match identify(&call, &pair).await {
        Ok(identity) => {
            let here = call.door.door.settings.region.as_ref();
            verify::in_region(&call.core, &identity, here).await?;
            Err(Refusal::UnknownPath)
        }
        Err(Error::WrongCredentials) => Err(Refusal::UnknownPath),
        Err(refused) => Err(refused.into()),
    }
}
