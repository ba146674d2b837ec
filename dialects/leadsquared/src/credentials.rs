//! The key pair of a request: two headers, or two fields of the query.
//!
//! Headers keep secrets out of other people's logs, so the vendor recommends them; the query is the seed's way. Whoever
//! sends both must mean the same.

use doorward_model::Secret;
use doorward_web::{Call, Refusal};

/// Where one half of the pair may stand.
pub(crate) struct Half {
    pub(crate) header: &'static str,
    query: &'static str,
    longest: usize,
    is_well_formed: fn(u8) -> bool,
}

/// The public half. Ours are 35 characters; others are wrong, and answered so, as long as they could be somebody's.
pub(crate) const ACCESS_KEY: Half = Half {
    header: "x-LSQ-AccessKey",
    query: "accessKey",
    longest: 128,
    is_well_formed: |byte| byte.is_ascii_alphanumeric() || b"$-_.".contains(&byte),
};

/// The secret half. Ours are 64 hex digits; imported ones may be others.
pub(crate) const SECRET_KEY: Half = Half {
    header: "x-LSQ-SecretKey",
    query: "secretKey",
    longest: 256,
    is_well_formed: |byte| byte.is_ascii_graphic(),
};

/// Why a half that is not there is refused; `error.rs` has a name of its own for it.
pub(crate) const MISSING: &str = "is required";

/// Why two pairs are refused.
const DIFFERENT: &str = "the header and the address name different ones";

/// What a client sent; nothing of it is checked yet.
#[derive(Debug)]
pub(crate) struct KeyPair {
    pub(crate) access_key: String,
    pub(crate) secret_key: Secret,
}

/// The pair of a call that must carry one.
pub(crate) fn required(call: &Call) -> Result<KeyPair, Refusal> {
    let missing = |half: Half| Refusal::invalid(half.query, MISSING);
    let (access_key, secret_key) = (ACCESS_KEY.read(call)?, SECRET_KEY.read(call)?);
    Ok(KeyPair {
        access_key: access_key.ok_or_else(|| missing(ACCESS_KEY))?,
        secret_key: secret_key.map(Secret::new).ok_or_else(|| missing(SECRET_KEY))?,
    })
}

/// The pair of a call that may carry one; half a pair is none, and neither is what cannot be a key. Two pairs are refused.
pub(crate) fn optional(call: &Call) -> Result<Option<KeyPair>, Refusal> {
    match required(call) {
        Ok(pair) => Ok(Some(pair)),
        Err(Refusal::Invalid { field, problem }) if problem == DIFFERENT => {
            Err(Refusal::Invalid { field, problem })
        }
        Err(_) => Ok(None),
    }
}

impl Half {
    /// The half's text, wherever it stands; empty counts as absent.
    fn read(&self, call: &Call) -> Result<Option<String>, Refusal> {
        let header = call.header(self.header)?.filter(|text| !text.is_empty());
        let query = self.in_query(call)?.filter(|text| !text.is_empty());
        if header.zip(query).is_some_and(|(header, query)| header != query) {
            return Err(Refusal::invalid(self.query, DIFFERENT));
        }
        let Some(text) = header.or(query) else { return Ok(None) };
        if text.len() > self.longest || !text.bytes().all(self.is_well_formed) {
            return Err(Refusal::invalid(
                self.query,
                "cannot be a key; encode it once, and send nothing beside it",
            ));
        }
        Ok(Some(text.to_owned()))
    }

    /// The field of the query, whatever case its name is in: the original's server does not mind either.
    fn in_query<'a>(&self, call: &'a Call) -> Result<Option<&'a str>, Refusal> {
        let mut spelled = call.query().names().filter(|name| name.eq_ignore_ascii_case(self.query));
        let name = spelled.next().unwrap_or(self.query);
        if spelled.next().is_some() {
            return Err(Refusal::invalid(self.query, "given twice"));
        }
        call.query().text(name)
    }
}
