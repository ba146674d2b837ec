//! The calendar feed's token: derived, so that it can be printed again, and revocable by itself.

use crate::{Core, Error, Result};
use doorward_crypto::{DerivePurpose, uuid_text};
use doorward_model::{Person, Secret};
use subtle::ConstantTimeEq;

/// The token of a person's feed: 128 bits as UUID text (seed: SalesSeek's `ical_url`).
pub fn token(core: &Core, person: &Person) -> Secret {
    let generation = person.feed_generation.to_be_bytes();
    Secret::new(text(&core.keys().derive(DerivePurpose::FeedToken, &parts(person, &generation))))
}

/// Checks a feed's token. [`Error::NotFound`] for a wrong one, like for a person who is not there.
pub fn check(core: &Core, person: &Person, token: &Secret) -> Result<()> {
    let generation = person.feed_generation.to_be_bytes();
    let parts = parts(person, &generation);
    let fits = |derived: [u8; 32]| bool::from(text(&derived).as_bytes().ct_eq(token.expose().as_bytes()));
    let is_right = core.keys().derive_all(DerivePurpose::FeedToken, &parts).any(fits);
    if is_right { Ok(()) } else { Err(Error::NotFound) }
}

fn parts<'a>(person: &'a Person, generation: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [person.pool.as_bytes(), person.id.as_bytes(), generation]
}

fn text(derived: &[u8; 32]) -> String {
    let mut half = [0; 16];
    half.iter_mut().zip(derived).for_each(|(to, from)| *to = *from);
    uuid_text(half)
}
