//! Passwords on this wire: Base64 of UTF-8 text, sometimes wrapped in random characters.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use doorward_model::Secret;
use doorward_web::Refusal;

/// Random characters in front of a wrapped password (vendor's documentation, "PasswordReset").
const FRONT_CHARS: usize = 6;
/// Random characters after it.
const BACK_CHARS: usize = 4;

const LENIENT: GeneralPurpose = engine(DecodePaddingMode::Indifferent);
const STRICT: GeneralPurpose = engine(DecodePaddingMode::RequireCanonical);

const fn engine(padding: DecodePaddingMode) -> GeneralPurpose {
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(padding))
}

/// The password of a login: standard or URL-safe alphabet, padding optional.
pub(crate) fn plain(field: &'static str, encoded: &str) -> Result<Secret, Refusal> {
    decode(field, encoded, &LENIENT)
}

/// The password of a reset. Padding is required, so that the length tells plain Base64 (a multiple of four) from
/// Base64 wrapped in ten characters (two more than one).
pub(crate) fn perhaps_wrapped(field: &'static str, given: &str) -> Result<Secret, Refusal> {
    let length = given.chars().count();
    match length % 4 {
        0 => decode(field, given, &STRICT),
        2 => {
            let inside = length.saturating_sub(FRONT_CHARS + BACK_CHARS);
            let encoded: String = given.chars().skip(FRONT_CHARS).take(inside).collect();
            decode(field, &encoded, &STRICT)
        }
        _ => Err(not_base64(field)),
    }
}

fn decode(field: &'static str, encoded: &str, engine: &GeneralPurpose) -> Result<Secret, Refusal> {
    let standard: String = encoded.chars().map(to_standard).collect();
    let bytes = engine.decode(standard).map_err(|_| not_base64(field))?;
    let text = String::from_utf8(bytes).map_err(|_| not_base64(field))?;
    if text.is_empty() { Err(Refusal::invalid(field, "is required")) } else { Ok(Secret::new(text)) }
}

/// The URL-safe alphabet, and a space for the plus sign that some form did not encode: Base64 has no spaces.
fn to_standard(given: char) -> char {
    match given {
        '-' | ' ' => '+',
        '_' => '/',
        other => other,
    }
}

fn not_base64(field: &'static str) -> Refusal {
    Refusal::invalid(field, "expected the Base64 of UTF-8 text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(result: Result<Secret, Refusal>) -> Option<String> {
        result.ok().map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn a_login_takes_either_alphabet_with_or_without_padding() {
        for spelling in ["w7/Dv8O+Pj4/", "w7_Dv8O-Pj4_", "w7/Dv8O Pj4/"] {
            assert_eq!(read(plain("password", spelling)).as_deref(), Some("ÿÿþ>>?"), "{spelling}");
        }
        assert_eq!(read(plain("password", "cGFzcw==")).as_deref(), Some("pass"));
        assert_eq!(read(plain("password", "cGFzcw")).as_deref(), Some("pass"));
        for broken in ["", "=", "cGFzcw===", "p", "pass word!", "/w==", "cGFzcx=="] {
            assert_eq!(read(plain("password", broken)), None, "{broken}");
        }
    }

    #[test]
    fn a_reset_tells_wrapped_from_plain_by_its_length() {
        assert_eq!(read(perhaps_wrapped("p", "cGFzcw==")).as_deref(), Some("pass"));
        assert_eq!(read(perhaps_wrapped("p", "x9?é-_cGFzcw==abcd")).as_deref(), Some("pass"));
        for broken in ["cGFzcw", "cGFzcw=", "1234567890", "12", "123456cGFzcw1234", ""] {
            assert_eq!(read(perhaps_wrapped("p", broken)), None, "{broken}");
        }
    }
}
