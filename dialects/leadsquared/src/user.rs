//! `UserByAccessKey.Get`: who a key pair stands for, and which hosts serve them.
//!
//! Every region's host answers it, with the hosts of the home region: it is how clients find out where they belong
//! (seed: "Use this API to find out your region specific API host").

use crate::auth::Guest;
use crate::directory::Directory;
use crate::wire::User;
use doorward_web::{Call, Refusal, Response, StatusCode, reply};

pub(crate) async fn by_access_key(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let account = guest.account()?;
    let directory = Directory::of(&call, account).await?;
    Ok(reply::json(StatusCode::OK, &User::new(account, &directory)))
}
