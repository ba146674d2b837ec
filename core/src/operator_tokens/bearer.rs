//! Who holds an operator's token.

use crate::application_tokens::TokenState;
use crate::last_use::{self, Used};
use crate::manage::{Bearer, Scopes};
use crate::verify::{refused_stranger, room_for_strangers};
use crate::{Actor, Caller, Core, Error, RemoteOperator, Result};
use doorward_crypto::HashPurpose;
use doorward_model::Secret;
use doorward_store::operator_tokens as store;

/// Errors: [`Error::WrongCredentials`] for an unknown token, [`Error::NotSignedIn`] for one that ended;
/// [`Error::RateLimited`] after too many unknown ones from one address.
pub(crate) async fn bearer(core: &Core, caller: &Caller, token: &Secret) -> Result<Bearer> {
    room_for_strangers(core, caller)?;
    let secret = token.expose().as_bytes();
    let hashes: Vec<[u8; 32]> =
        core.keys().hashes(HashPurpose::OperatorToken, secret).map(|hash| *hash.bytes()).collect();
    let found = core.db().read_house(move |tx| {
        for hash in &hashes {
            if let Some(found) = store::find_by_hash(tx, hash)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    });
    let Some(found) = found.await? else {
        // Counted against the address, whose next ones are not looked for once it sent too many.
        return Err(refused_stranger(core, caller));
    };
    let now = core.now();
    match TokenState::of_times(found.revoked_at, found.expires_at, now) {
        TokenState::Active => {}
        TokenState::Expired | TokenState::Revoked => return Err(Error::NotSignedIn),
    }
    last_use::note(core, Used::OperatorToken(found.id), found.last_used_at, now);
    let scopes = Scopes::of(found.scopes.iter().map(String::as_str));
    let remote = RemoteOperator {
        operator: found.operator,
        token: found.id,
        only_pool: found.only_pool,
        scopes: scopes.clone(),
    };
    Ok(Bearer::new(Actor::Remote(remote), found.id.uuid(), scopes))
}
