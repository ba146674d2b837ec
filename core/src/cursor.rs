//! Cursors: where a list goes on, as a text that clients hand back unread. One that was made for another list, or that we did
//! not make, is refused, so that nobody reads a place out of it or writes one into it.

use crate::{Core, Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorward_crypto::HashPurpose;

/// Bytes of the check; a forged one would only begin a list the caller may read elsewhere.
const CHECK_BYTES: usize = 12;
/// The longest cursor that is looked at.
const CHARS: usize = 1_024;

/// The cursor of a place in a list. `list` names the list with everything that narrows it: route, tenant, search.
pub fn write(core: &Core, list: &str, place: &[u8]) -> String {
    let bytes: Vec<u8> = place.iter().chain(&check(core, list, place)).copied().collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place of a cursor. [`Error::Invalid`] for one of another list, or none of ours; after a change of keys clients begin
/// anew.
pub fn read(core: &Core, list: &str, cursor: &str) -> Result<Vec<u8>> {
    let refused = || Error::invalid("cursor", "expected `next` of the page before, with the same parameters");
    let bytes =
        Some(cursor).filter(|text| text.len() <= CHARS).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let bytes = bytes.ok_or_else(refused)?;
    let at = bytes.len().checked_sub(CHECK_BYTES).ok_or_else(refused)?;
    let (place, told) = bytes.split_at_checked(at).ok_or_else(refused)?;
    // Not a secret that is guessed byte by byte: it opens nothing.
    if check(core, list, place) == told { Ok(place.to_vec()) } else { Err(refused()) }
}

fn check(core: &Core, list: &str, place: &[u8]) -> [u8; CHECK_BYTES] {
    let mut text = list.as_bytes().to_vec();
    text.push(0);
    text.extend_from_slice(place);
    let whole = core.keys().hash(HashPurpose::Cursor, &text);
    let mut check = [0; CHECK_BYTES];
    check.iter_mut().zip(whole.bytes()).for_each(|(to, from)| *to = *from);
    check
}
