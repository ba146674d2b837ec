//! Taking the signature of a message apart. What it says is not believed before [`Read::check`].

use super::{ALGORITHM, DIGEST, INPUT, LABEL, Refused, SIGNATURE, SIGNATURE_CHARS, SKEW, TAG};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_crypto::CellPublicKey;
use doorward_model::{RegionCode, Timestamp};
use http::{HeaderMap, HeaderName};

/// What a signed message says of itself; nothing of it is checked yet.
pub(super) struct Read<'h> {
    pub(super) digest: &'h str,
    /// As they stand, because they are signed as they stand.
    pub(super) parameters: &'h str,
    /// With its colons.
    pub(super) signature: &'h str,
    pub(super) from: RegionCode,
    pub(super) created: i64,
    pub(super) nonce: Option<&'h str>,
}

impl<'h> Read<'h> {
    pub(super) fn of(headers: &'h HeaderMap, components: &str) -> Result<Self, Refused> {
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

    pub(super) fn created_near(&self, now: Timestamp) -> Result<Timestamp, Refused> {
        let created = Timestamp::from_micros(self.created.saturating_mul(1_000_000));
        let off = created.since(now).max(now.since(created));
        if off > SKEW { Err(Refused::Time) } else { Ok(created) }
    }

    pub(super) fn check(&self, keys: &[CellPublicKey], base: &str) -> Result<(), Refused> {
        let bytes = self.signature.strip_prefix(':').and_then(|text| text.strip_suffix(':'));
        let bytes = bytes.and_then(|text| STANDARD.decode(text).ok()).ok_or(Refused::Unsigned)?;
        let is_signed = keys.iter().any(|key| key.has_signed(base.as_bytes(), &bytes));
        if is_signed { Ok(()) } else { Err(Refused::Signature) }
    }
}

pub(super) fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<&'h str, Refused> {
    let mut values = headers.get_all(name).iter();
    match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
        (Some(value), None) => Ok(value),
        (Some(_) | None, _) => Err(Refused::Unsigned),
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.contains(['"', '\\']))
}
