//! Making a thing once, however often it is asked for: a request that names itself with an idempotency key
//! (draft-ietf-httpapi-idempotency-key-header). The name is claimed in the transaction that makes the thing.

use crate::{Core, Error, Result};
use doorward_crypto::HashPurpose;
use doorward_model::Timestamp;
use doorward_store::once::{self as store, Claimed};
use doorward_store::{Error as StoreError, Tx};
use std::time::Duration;
use uuid::Uuid;

/// How long a name is remembered: longer than anybody retries, short enough that the table stays small.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// Characters of a name: a UUID and a word or two fit.
pub const KEY_CHARS: usize = 255;

/// Why a request that came before is not answered again: nothing holds the secret that was shown.
pub fn shown_once(made: Uuid) -> Error {
    Error::conflict(
        "idempotency_key",
        format!(
            "this request was done before and made {made}; its secret is shown once: give it another, or make another"
        ),
    )
}

/// A name for a form that is about to be shown.
///
/// Errors: [`Error::Internal`] without a generator.
pub fn form_name(core: &Core) -> Result<Uuid> {
    core.uuid(core.now())
}

/// A request that named itself.
#[derive(Clone, Debug)]
pub struct Once {
    subject: [u8; 32],
    request: [u8; 32],
    ends_at: Timestamp,
    now: Timestamp,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Done<T> {
    /// It was made now.
    Now(T),
    /// It was made for the same request before; this is its id.
    Before(Uuid),
}

impl Once {
    /// `who` is the caller's token: two callers may use one name. `request` is all that says what is made.
    ///
    /// Errors: [`Error::Invalid`] for a name that is empty, too long, or not visible ASCII.
    pub fn new(core: &Core, who: Uuid, key: &str, request: &[u8]) -> Result<Self> {
        if !(1..=KEY_CHARS).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let problem = format!("expected 1 to {KEY_CHARS} visible ASCII characters");
            return Err(Error::invalid("idempotency_key", problem));
        }
        let named = [who.as_bytes().as_slice(), key.as_bytes()].concat();
        Ok(Self::named(core, &named, request))
    }

    /// The same for a form that was shown with a name: sent again after a step back, with something else typed, it is another request.
    pub fn of_form(core: &Core, who: Uuid, name: &str, typed: &[&str]) -> Self {
        let typed = typed.join("\0");
        Self::named(core, &[who.as_bytes(), name.as_bytes(), typed.as_bytes()].join(&0), typed.as_bytes())
    }

    fn named(core: &Core, named: &[u8], request: &[u8]) -> Self {
        let keyed = |bytes: &[u8]| *core.keys().hash(HashPurpose::RequestName, bytes).bytes();
        let now = core.now();
        // Keyed, too: a request may hold a password, and a plain hash of it could be guessed at.
        Self { subject: keyed(named), request: keyed(request), ends_at: now.plus(REMEMBERED), now }
    }

    /// The id of what may be made for this request and no other, where its pool is not known before.
    pub(crate) fn id(&self) -> Uuid {
        let [first, second] = [0, 16].map(|from| self.subject.iter().skip(from).take(16));
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(first.zip(second)).for_each(|(to, (one, other))| *to = one ^ other);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The same for what comes with a secret, which is shown once: what was made before is refused, and named.
    pub(crate) fn claim_secret(&self, tx: &mut Tx<'_>, made: Uuid) -> Result<Result<()>, StoreError> {
        Ok(self.claim(tx, made)?.and_then(|before| before.map_or(Ok(()), |before| Err(shown_once(before)))))
    }

    /// The same ahead of what may be refused because of what was made before: it may be what takes the last place.
    pub(crate) fn secret_before(&self, tx: &mut Tx<'_>) -> Result<Result<()>, StoreError> {
        Ok(self.before(tx)?.and_then(|before| before.map_or(Ok(()), |before| Err(shown_once(before)))))
    }

    /// What was made for this very request before, without claiming the name: for what may be refused because of that itself.
    pub(crate) fn before(&self, tx: &mut Tx<'_>) -> Result<Result<Option<Uuid>>, StoreError> {
        Ok(match store::find(tx, &self.subject, &self.request, self.now)? {
            None | Some(Claimed::Fresh) => Ok(None),
            Some(Claimed::Made(before)) => Ok(Some(before)),
            Some(Claimed::Taken) => Err(another()),
        })
    }

    /// Claims the name for what this transaction makes. The last thing before it is made: a refusal after it would commit
    /// the claim.
    pub(crate) fn claim(&self, tx: &mut Tx<'_>, made: Uuid) -> Result<Result<Option<Uuid>>, StoreError> {
        let claimed = store::claim(tx, &self.subject, &self.request, made, (self.now, self.ends_at))?;
        Ok(match claimed {
            Claimed::Fresh => Ok(None),
            Claimed::Made(before) => Ok(Some(before)),
            Claimed::Taken => Err(another()),
        })
    }
}

fn another() -> Error {
    Error::conflict("idempotency_key", "another request was sent with this key")
}
