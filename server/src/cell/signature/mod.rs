//! HTTP message signatures (RFC 9421) under one fixed profile, with Ed25519 and the digest of RFC 9530.
//!
//! A request is signed over method, path, query, digest of the body and the cell that is meant; an answer over status, digest and
//! the signature of the request it answers. Everything else of the standard is refused: one profile is easier to get right.

mod read;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_crypto::{CannotSign, CellKey, CellPublicKey};
use doorward_model::{RegionCode, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use read::{Read, one};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use thiserror::Error;

/// Clocks of two cells differ by less; whoever captured a request cannot use it later than this.
pub(super) const SKEW: Duration = Duration::from_secs(30);

const DIGEST: HeaderName = HeaderName::from_static("content-digest");
const INPUT: HeaderName = HeaderName::from_static("signature-input");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
/// The cell that is meant.
const MEANT: HeaderName = HeaderName::from_static("doorward-cell");

/// The label of our signature among those a message may have.
const LABEL: &str = "cell=";
/// Says what a signature is for, so that none made for anything else is good here.
const TAG: &str = "doorward-cell";
const ALGORITHM: &str = "ed25519";
const OF_REQUEST: &str = r#"("@method" "@path" "@query" "content-digest" "doorward-cell")"#;
const OF_ANSWER: &str = r#"("@status" "content-digest" "signature";req;key="cell")"#;
/// Base64 of 64 bytes and the colons around it.
const SIGNATURE_CHARS: usize = 90;
/// A nonce of ours has 32; others may be this long.
const NONCE_CHARS: std::ops::RangeInclusive<usize> = 22..=64;

/// Why a message is not taken. The words are for the other cell's operator, and tell nothing that is not known there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Refused {
    #[error("it is not signed, or signed in another way than cells sign")]
    Unsigned,
    #[error("its body is not the one that was signed")]
    Digest,
    #[error("it is meant for another cell")]
    Meant,
    #[error("it comes from a cell that is not listed here")]
    Unknown,
    #[error("its time is more than 30 seconds off: one of the two clocks is wrong")]
    Time,
    #[error("its signature is not made with a key that is listed here")]
    Signature,
    #[error("it was sent before")]
    Replayed,
}

impl Refused {
    /// The reason in a figure's label.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Digest => "digest",
            Self::Meant => "meant",
            Self::Unknown => "unknown",
            Self::Time => "time",
            Self::Signature => "signature",
            Self::Replayed => "replayed",
        }
    }
}

/// Which cell a request says it comes from, whether that is so or not.
pub(super) fn claimed(headers: &HeaderMap) -> Option<RegionCode> {
    Read::of(headers, OF_REQUEST).ok().map(|read| read.from)
}

/// What is signed of a request.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) body: &'a [u8],
}

/// Who signs, and when.
pub(super) struct Signer<'a> {
    pub(super) key: &'a CellKey,
    pub(super) name: &'a RegionCode,
    pub(super) now: Timestamp,
}

/// A request whose signature is good. Whether it is new is still to be found out.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) from: RegionCode,
    pub(super) nonce: String,
    /// From then on its time alone refuses it.
    pub(super) until: Timestamp,
    /// What the answer is bound to.
    pub(super) signature: String,
}

/// The headers of a signed request, and its signature, to which the answer will be bound.
pub(super) fn sign_request(
    signer: &Signer<'_>,
    to: &RegionCode,
    nonce: &str,
    asked: &Asked<'_>,
) -> Result<(HeaderMap, String), CannotSign> {
    let digest = digest(asked.body);
    let parameters =
        format!("{OF_REQUEST};created={};nonce=\"{nonce}\"{}", signer.now.seconds(), ending(signer));
    let base = base_of_request(asked, &digest, to.as_str(), &parameters);
    let (mut headers, signature) = sealed(signer, &digest, &parameters, &base)?;
    headers.insert(MEANT, value(to.as_str())?);
    Ok((headers, signature))
}

/// The headers of a signed answer.
pub(super) fn sign_answer(
    signer: &Signer<'_>,
    request: &str,
    status: StatusCode,
    body: &[u8],
) -> Result<HeaderMap, CannotSign> {
    let digest = digest(body);
    let parameters = format!("{OF_ANSWER};created={}{}", signer.now.seconds(), ending(signer));
    let base = base_of_answer(status, &digest, request, &parameters);
    sealed(signer, &digest, &parameters, &base).map(|(headers, _)| headers)
}

/// Checks a request; `keys` gives the keys of a cell that may ask.
pub(super) fn check_request<'k>(
    here: &RegionCode,
    now: Timestamp,
    headers: &HeaderMap,
    asked: &Asked<'_>,
    keys: impl Fn(&RegionCode) -> Option<&'k [CellPublicKey]>,
) -> Result<Taken, Refused> {
    let read = Read::of(headers, OF_REQUEST)?;
    let nonce = read.nonce.filter(|nonce| is_nonce(nonce)).ok_or(Refused::Unsigned)?;
    let meant = one(headers, &MEANT)?;
    if read.digest != digest(asked.body) {
        return Err(Refused::Digest);
    }
    if meant != here.as_str() {
        return Err(Refused::Meant);
    }
    let keys = keys(&read.from).ok_or(Refused::Unknown)?;
    let created = read.created_near(now)?;
    let base = base_of_request(asked, read.digest, meant, read.parameters);
    read.check(keys, &base)?;
    Ok(Taken {
        nonce: nonce.to_owned(),
        until: created.plus(SKEW),
        signature: read.signature.to_owned(),
        from: read.from,
    })
}

/// Checks the answer of a cell to a request of ours.
pub(super) fn check_answer(
    from: &RegionCode,
    keys: &[CellPublicKey],
    request: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Refused> {
    let read = Read::of(headers, OF_ANSWER)?;
    if read.digest != digest(body) {
        return Err(Refused::Digest);
    }
    if read.from != *from {
        return Err(Refused::Unknown);
    }
    // Its time needs no look: no answer to another request has this one's signature under its own.
    read.check(keys, &base_of_answer(status, read.digest, request, read.parameters))
}

/// RFC 9421 §2.5.
fn base_of_request(asked: &Asked<'_>, digest: &str, to: &str, parameters: &str) -> String {
    let (method, path) = (asked.method, asked.uri.path());
    let query = asked.uri.query().unwrap_or_default();
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?{query}\n\"content-digest\": {digest}\n\
         \"doorward-cell\": {to}\n\"@signature-params\": {parameters}"
    )
}

/// RFC 9421 §2.4 binds it to the request.
fn base_of_answer(status: StatusCode, digest: &str, request: &str, parameters: &str) -> String {
    let status = status.as_u16();
    format!(
        "\"@status\": {status}\n\"content-digest\": {digest}\n\"signature\";req;key=\"cell\": {request}\n\
         \"@signature-params\": {parameters}"
    )
}

fn ending(signer: &Signer<'_>) -> String {
    format!(";keyid=\"{}\";alg=\"{ALGORITHM}\";tag=\"{TAG}\"", signer.name.as_str())
}

fn sealed(
    signer: &Signer<'_>,
    digest: &str,
    parameters: &str,
    base: &str,
) -> Result<(HeaderMap, String), CannotSign> {
    let signature = format!(":{}:", STANDARD.encode(signer.key.sign(base.as_bytes())?));
    let mut headers = HeaderMap::new();
    headers.insert(DIGEST, value(digest)?);
    headers.insert(INPUT, value(&format!("{LABEL}{parameters}"))?);
    headers.insert(SIGNATURE, value(&format!("{LABEL}{signature}"))?);
    Ok((headers, signature))
}

/// Whatever we write into a header is one; were it not, nothing could be said.
fn value(text: &str) -> Result<HeaderValue, CannotSign> {
    HeaderValue::from_str(text).map_err(|_| CannotSign)
}

/// RFC 9530.
fn digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

fn is_nonce(text: &str) -> bool {
    NONCE_CHARS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
