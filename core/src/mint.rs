//! New ids, tokens and codes, from the core's clock and the operating system's generator.

use crate::{Core, Error, Result};
use doorward_crypto::{HashPurpose, hex, url_safe, uuid_text};
use doorward_model::{
    OPERATOR_SESSION_PREFIX, OPERATOR_TOKEN_PREFIX, Secret, SessionScheme, TOKEN_PREFIX, Timestamp,
};
use uuid::{Builder, Uuid};

/// 256 bits: more than P9 asks for, so that a guess never pays.
const TOKEN_BYTES: usize = 32;
/// SalesSeek's cookie is a UUID's text, which holds 128 bits (P9: at least that).
const COOKIE_BYTES: usize = 16;

/// A new secret with the hash under which the store knows it.
#[derive(Clone, Debug)]
pub(crate) struct Minted {
    pub(crate) secret: Secret,
    pub(crate) hash: [u8; 32],
}

impl Core {
    /// Fresh random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N]> {
        self.random_source()
            .bytes()
            .map_err(|fault| Error::internal("the system's random generator failed", &fault))
    }

    /// A new id: time-ordered (RFC 9562 §5.7), so that rows of one time lie together.
    pub(crate) fn uuid(&self, now: Timestamp) -> Result<Uuid> {
        let millis = u64::try_from(now.micros().div_euclid(1000)).unwrap_or(0);
        Ok(Builder::from_unix_timestamp_millis(millis, &self.random()?).into_uuid())
    }

    /// A new session token in its scheme's text form.
    pub(crate) fn mint_session(&self, scheme: SessionScheme) -> Result<Minted> {
        let text = match scheme {
            SessionScheme::Cookie => uuid_text(self.random::<COOKIE_BYTES>()?),
            SessionScheme::AuthToken | SessionScheme::DoorwardSession | SessionScheme::Browser => {
                url_safe(self.random::<TOKEN_BYTES>()?)
            }
        };
        Ok(self.minted(HashPurpose::SessionToken, text))
    }

    /// A new one-time code: 64 hex digits.
    pub(crate) fn mint_code(&self) -> Result<Minted> {
        let text = hex(&self.random::<TOKEN_BYTES>()?);
        Ok(self.minted(HashPurpose::TicketCode, text))
    }

    /// A new secret of an access key: 64 hex digits (dialects: "secrets 40 hex or longer").
    pub(crate) fn mint_key_secret(&self) -> Result<Minted> {
        let text = hex(&self.random::<TOKEN_BYTES>()?);
        Ok(self.minted(HashPurpose::AccessKeySecret, text))
    }

    /// A new application key: 32 hex digits, as long as the keys clients know.
    pub(crate) fn mint_application_key(&self) -> Result<Minted> {
        let text = hex(&self.random::<COOKIE_BYTES>()?);
        Ok(self.minted(HashPurpose::ApplicationKey, text))
    }

    /// A new bearer token of an application.
    pub(crate) fn mint_application_token(&self) -> Result<Minted> {
        let text = format!("{TOKEN_PREFIX}{}", url_safe(self.random::<TOKEN_BYTES>()?));
        Ok(self.minted(HashPurpose::ApplicationToken, text))
    }

    /// A new bearer token of an operator.
    pub(crate) fn mint_operator_token(&self) -> Result<Minted> {
        let text = format!("{OPERATOR_TOKEN_PREFIX}{}", url_safe(self.random::<TOKEN_BYTES>()?));
        Ok(self.minted(HashPurpose::OperatorToken, text))
    }

    /// A new token of an operator's session.
    pub(crate) fn mint_operator_session(&self) -> Result<Minted> {
        let text = format!("{OPERATOR_SESSION_PREFIX}{}", url_safe(self.random::<TOKEN_BYTES>()?));
        Ok(self.minted(HashPurpose::OperatorSession, text))
    }

    /// A new code of a link whose bearer becomes an operator.
    pub(crate) fn mint_operator_link(&self) -> Result<Minted> {
        let text = url_safe(self.random::<TOKEN_BYTES>()?);
        Ok(self.minted(HashPurpose::OperatorLink, text))
    }

    /// The hash a given secret is stored under.
    pub(crate) fn minted(&self, purpose: HashPurpose, text: String) -> Minted {
        let hash = *self.keys().hash(purpose, text.as_bytes()).bytes();
        Minted { secret: Secret::new(text), hash }
    }
}
