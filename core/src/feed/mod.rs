//! The calendar feed of a person: who may read it, and what is in it (`dates.rs`).
//!
//! Its token is derived, so that it can be printed again, and revocable by itself (`rotate.rs`).

mod dates;
mod rotate;

pub use dates::{FeedDate, What};
pub use rotate::rotate;

use crate::{Branch, Core, Error, Result, people};
use doorward_crypto::{DerivePurpose, uuid_text};
use doorward_model::{Kind, Person, PersonId, PersonStatus, Secret};
use subtle::ConstantTimeEq;

/// The dates of somebody with a place of these kinds at `branch`, for whoever knows the feed's token.
/// [`Error::NotFound`] for a wrong token, and for anybody who is not there or may not sign in.
pub async fn read(
    core: &Core,
    branch: &Branch,
    kinds: &'static [Kind],
    id: PersonId,
    token: &Secret,
) -> Result<Vec<FeedDate>> {
    let (person, _) = people::member_as(core, branch, kinds, id).await?;
    check(core, &person, token)?;
    if person.status == PersonStatus::Active && branch.is_open() {
        dates::of(core, &person).await
    } else {
        Err(Error::NotFound)
    }
}

/// The token of a person's feed: 128 bits as UUID text (seed: SalesSeek's `ical_url`).
pub fn token(core: &Core, person: &Person) -> Secret {
    let generation = person.feed_generation.to_be_bytes();
    Secret::new(text(&core.keys().derive(DerivePurpose::FeedToken, &parts(person, &generation))))
}

fn check(core: &Core, person: &Person, token: &Secret) -> Result<()> {
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
