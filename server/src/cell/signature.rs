//! HTTP message signatures (RFC 9421) under one fixed profile, with Ed25519 and the digest of RFC 9530.
//!
//! A request is signed over method, path, query, digest of the body and the cell that is meant; an answer over status, digest and
//! the signature of the request it answers. Everything else of the standard is refused: one profile is easier to get right.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_crypto::{CannotSign, CellKey, CellPublicKey};
use doorward_model::{RegionCode, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
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

/// What a signed message says of itself; nothing of it is checked yet.
struct Read<'h> {
    digest: &'h str,
    /// As they stand, because they are signed as they stand.
    parameters: &'h str,
    /// With its colons.
    signature: &'h str,
    from: RegionCode,
    created: i64,
    nonce: Option<&'h str>,
}

impl<'h> Read<'h> {
    fn of(headers: &'h HeaderMap, components: &str) -> Result<Self, Refused> {
        let labelled = |name| one(headers, name)?.strip_prefix(LABEL).ok_or(Refused::Unsigned);
        let (digest, parameters, signature) =
            (one(headers, &DIGEST)?, labelled(&INPUT)?, labelled(&SIGNATURE)?);
        if signature.len() != SIGNATURE_CHARS {
            return Err(Refused::Unsigned);
        }
        let mut rest = parameters.strip_prefix(components).ok_or(Refused::Unsigned)?;
        let (mut created, mut nonce, mut from, mut algorithm, mut tag) = (None, None, None, None, None);
        while let Some(after) = rest.strip_prefix(';') {
            // No value of ours holds a semicolon.
            let (parameter, left) = after.split_at(after.find(';').unwrap_or(after.len()));
            let (name, value) = parameter.split_once('=').ok_or(Refused::Unsigned)?;
            let place = match name {
                "created" => &mut created,
                "nonce" => &mut nonce,
                "keyid" => &mut from,
                "alg" => &mut algorithm,
                "tag" => &mut tag,
                _ => return Err(Refused::Unsigned),
            };
            if place.replace(value).is_some() {
                return Err(Refused::Unsigned);
            }
            rest = left;
        }
        let is_ours = tag.and_then(quoted) == Some(TAG) && algorithm.and_then(quoted) == Some(ALGORITHM);
        if !rest.is_empty() || !is_ours {
            return Err(Refused::Unsigned);
        }
        let nonce = nonce.map(|nonce| quoted(nonce).ok_or(Refused::Unsigned)).transpose()?;
        let from = from.and_then(quoted).and_then(RegionCode::parse).ok_or(Refused::Unsigned)?;
        let created = created.and_then(|seconds| seconds.parse().ok()).ok_or(Refused::Unsigned)?;
        Ok(Self { digest, parameters, signature, from, created, nonce })
    }

    fn created_near(&self, now: Timestamp) -> Result<Timestamp, Refused> {
        let created = Timestamp::from_micros(self.created.saturating_mul(1_000_000));
        let off = created.since(now).max(now.since(created));
        if off > SKEW { Err(Refused::Time) } else { Ok(created) }
    }

    fn check(&self, keys: &[CellPublicKey], base: &str) -> Result<(), Refused> {
        let bytes = self.signature.strip_prefix(':').and_then(|text| text.strip_suffix(':'));
        let bytes = bytes.and_then(|text| STANDARD.decode(text).ok()).ok_or(Refused::Unsigned)?;
        let is_signed = keys.iter().any(|key| key.has_signed(base.as_bytes(), &bytes));
        if is_signed { Ok(()) } else { Err(Refused::Signature) }
    }
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

fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<&'h str, Refused> {
    let mut values = headers.get_all(name).iter();
    match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
        (Some(value), None) => Ok(value),
        (Some(_) | None, _) => Err(Refused::Unsigned),
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.contains(['"', '\\']))
}

fn is_nonce(text: &str) -> bool {
    NONCE_CHARS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_crypto::{Keyring, Random};

    const NOW: Timestamp = Timestamp::from_micros(1_795_341_600_000_000);
    const NONCE: &str = "000102030405060708090a0b0c0d0e0f";

    struct Pair {
        key: CellKey,
        here: RegionCode,
        there: RegionCode,
    }

    fn pair() -> Pair {
        let key = CellKey::of(&Keyring::ephemeral(&Random::os()).unwrap()).unwrap();
        let code = |text| RegionCode::parse(text).unwrap();
        Pair { key, here: code("in21"), there: code("us11") }
    }

    impl Pair {
        fn signer(&self) -> Signer<'_> {
            Signer { key: &self.key, name: &self.here, now: NOW }
        }

        fn check(
            &self,
            headers: &HeaderMap,
            uri: &str,
            body: &[u8],
            now: Timestamp,
        ) -> Result<Taken, Refused> {
            let uri = uri.parse().unwrap();
            let asked = Asked { method: &Method::GET, uri: &uri, body };
            let keys = |cell: &RegionCode| (*cell == self.here).then_some(self.key.public());
            check_request(&self.there, now, headers, &asked, keys)
        }

        fn sign(&self, uri: &str, body: &[u8]) -> (HeaderMap, String) {
            let uri = uri.parse().unwrap();
            let asked = Asked { method: &Method::GET, uri: &uri, body };
            sign_request(&self.signer(), &self.there, NONCE, &asked).unwrap()
        }
    }

    #[test]
    fn a_request_is_taken_as_it_was_signed_and_no_other() {
        let pair = pair();
        let (headers, signature) = pair.sign("/cell/v1/directory?after=7", b"");
        let taken = pair.check(&headers, "https://us11.example/cell/v1/directory?after=7", b"", NOW).unwrap();
        assert_eq!(
            (taken.from, taken.nonce.as_str(), taken.signature),
            (pair.here.clone(), NONCE, signature)
        );
        assert_eq!(taken.until, NOW.plus(SKEW));
        let refused = |uri, body: &[u8]| pair.check(&headers, uri, body, NOW).unwrap_err();
        assert_eq!(refused("/cell/v1/directory?after=8", b""), Refused::Signature);
        assert_eq!(refused("/cell/v1/directory", b""), Refused::Signature);
        assert_eq!(refused("/cell/v1/access-key?after=7", b""), Refused::Signature);
        assert_eq!(refused("/cell/v1/directory?after=7", b"{}"), Refused::Digest);
    }

    #[test]
    fn what_the_headers_say_is_signed_too() {
        let pair = pair();
        let (headers, _) = pair.sign("/cell/v1/directory", b"");
        let with = |name: HeaderName, from: &str, to: &str| {
            let mut headers = headers.clone();
            let text = headers[&name].to_str().unwrap();
            assert!(text.contains(from), "{text}");
            headers.insert(name, text.replace(from, to).parse().unwrap());
            pair.check(&headers, "/cell/v1/directory", b"", NOW).unwrap_err()
        };
        let created = format!("created={}", NOW.seconds());
        assert_eq!(with(INPUT, &created, &format!("created={}", NOW.seconds() + 1)), Refused::Signature);
        assert_eq!(with(INPUT, "000102", "000103"), Refused::Signature);
        assert_eq!(with(INPUT, "\"in21\"", "\"ca12\""), Refused::Unknown);
        assert_eq!(with(INPUT, "ed25519", "hmac-sha256"), Refused::Unsigned);
        assert_eq!(with(INPUT, "\"@path\" ", ""), Refused::Unsigned);
        assert_eq!(with(INPUT, ";tag=", ";created=1;tag="), Refused::Unsigned);
        assert_eq!(with(INPUT, "000102030405060708090a0b0c0d0e0f", "0001"), Refused::Unsigned);
        assert_eq!(with(MEANT, "us11", "ca12"), Refused::Meant);
        assert_eq!(with(SIGNATURE, ":", ""), Refused::Unsigned);
        for name in [INPUT, SIGNATURE, DIGEST, MEANT] {
            let mut headers = headers.clone();
            headers.remove(&name);
            assert_eq!(
                pair.check(&headers, "/cell/v1/directory", b"", NOW).unwrap_err(),
                Refused::Unsigned,
                "{name}"
            );
        }
    }

    #[test]
    fn a_time_may_be_off_by_half_a_minute_and_no_more() {
        let pair = pair();
        let (headers, _) = pair.sign("/cell/v1/directory", b"");
        let second = Duration::from_secs(1);
        for now in [NOW.minus(SKEW), NOW.plus(SKEW)] {
            assert!(pair.check(&headers, "/cell/v1/directory", b"", now).is_ok());
        }
        for now in [NOW.minus(SKEW + second), NOW.plus(SKEW + second)] {
            let refused = pair.check(&headers, "/cell/v1/directory", b"", now).unwrap_err();
            assert_eq!(refused, Refused::Time);
        }
    }

    #[test]
    fn an_answer_belongs_to_its_request() {
        let pair = pair();
        let (_, request) = pair.sign("/cell/v1/directory", b"");
        let (_, other) = pair.sign("/cell/v1/directory?after=1", b"");
        let headers = sign_answer(&pair.signer(), &request, StatusCode::OK, b"{}").unwrap();
        let check = |from: &RegionCode, request: &str, status, body: &[u8]| {
            check_answer(from, pair.key.public(), request, status, &headers, body)
        };
        assert_eq!(check(&pair.here, &request, StatusCode::OK, b"{}"), Ok(()));
        assert_eq!(check(&pair.here, &other, StatusCode::OK, b"{}"), Err(Refused::Signature));
        assert_eq!(check(&pair.here, &request, StatusCode::NOT_FOUND, b"{}"), Err(Refused::Signature));
        assert_eq!(check(&pair.here, &request, StatusCode::OK, b"[]"), Err(Refused::Digest));
        assert_eq!(check(&pair.there, &request, StatusCode::OK, b"{}"), Err(Refused::Unknown));
    }
}
