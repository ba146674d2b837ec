//! A signed JWT in its compact form (RFC 7515 §7.1), of the one kind that Doorward makes: Ed25519, a `kid`.
//!
//! By hand and not with `jsonwebtoken`: with both of its backends in a service's tree that one panics unless the service
//! chooses, and a library cannot choose for it. One algorithm leaves little to be done.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What Doorward signs with (RFC 8037 §3.1).
const ALGORITHM: &str = "EdDSA";

/// Checks signatures.
pub(super) type PublicKey = UnparsedPublicKey<Vec<u8>>;

/// One that was taken apart; nothing of it is to be believed yet.
pub(super) struct Jwt<'a> {
    kid: String,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    /// What a reader must understand (RFC 7515 §4.1.11); we understand nothing of the kind.
    crit: Option<IgnoredAny>,
}

impl<'a> Jwt<'a> {
    /// Reads one; `None` if it is of no kind that Doorward makes.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        if header.alg != ALGORITHM || header.crit.is_some() {
            return None;
        }
        Some(Self { kid: header.kid, signed, payload, signature: decode(signature)? })
    }

    /// The name of the key it says it was signed with.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// The payload, if the key's owner signed it.
    pub(super) fn signed_by(&self, key: &PublicKey) -> Option<Vec<u8>> {
        key.verify(self.signed.as_bytes(), &self.signature).ok()?;
        decode(self.payload)
    }
}

/// A key by its 32 bytes.
pub(super) fn public_key(bytes: Vec<u8>) -> PublicKey {
    UnparsedPublicKey::new(&ED25519, bytes)
}

/// The payload of one that came from Doorward itself, unchecked.
pub(super) fn payload(text: &str) -> Option<Vec<u8>> {
    let (signed, _) = text.rsplit_once('.')?;
    decode(signed.split_once('.')?.1)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

    /// Whether one with this header is read and its signature good; everything else about it is in order.
    fn is_good(header: &str) -> bool {
        let pair = Ed25519KeyPair::generate().unwrap();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("{}"));
        let signature = URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes()));
        let key = public_key(pair.public_key().as_ref().to_vec());
        let text = format!("{signed}.{signature}");
        Jwt::parse(&text).is_some_and(|jwt| jwt.signed_by(&key).is_some_and(|payload| payload == b"{}"))
    }

    #[test]
    fn the_header_is_doorwards_though_the_signature_is_good_anyway() {
        assert!(is_good(r#"{"alg": "EdDSA", "typ": "JWT", "kid": "x"}"#));
        for header in [
            r#"{"alg": "none", "kid": "x"}"#,
            r#"{"alg": "eddsa", "kid": "x"}"#,
            r#"{"kid": "x"}"#,
            r#"{"alg": "EdDSA"}"#,
            r#"{"alg": "EdDSA", "kid": "x", "crit": ["b64"], "b64": false}"#,
            r#"{"alg": "EdDSA", "alg": "EdDSA", "kid": "x"}"#,
            r#"["EdDSA", "x"]"#,
        ] {
            assert!(!is_good(header), "{header}");
        }
    }
}
