//! A service that checks assertions, as `docs/operators/assertions.md` shows it.

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

/// Who is calling, if the assertion was signed by Doorward, for us, less than a minute ago.
pub(crate) fn caller(assertion: &str, keys: &JwkSet, issuer: &str, audience: &str) -> Result<Value, Error> {
    let kid = decode_header(assertion)?.kid.ok_or(ErrorKind::InvalidToken)?;
    let key = keys.find(&kid).ok_or(ErrorKind::InvalidToken)?; // unknown: get the keys again, once
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    rules.leeway = 5;
    Ok(decode(assertion, &DecodingKey::from_jwk(key)?, &rules)?.claims)
}
