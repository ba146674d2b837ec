//! Case folding: how texts are compared where case does not matter.

use unicode_normalization::UnicodeNormalization;

/// A text in lower case and NFC. Folded here and compared as bytes, so that both store engines agree on every letter.
pub fn folded(text: &str) -> String {
    // Composed first: what a letter becomes in lower case may depend on the mark it carries.
    text.nfc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_agree() {
        assert_eq!(folded("ZOË"), folded("zoe\u{308}"));
        assert_eq!(folded("Straße 李"), "straße 李");
    }
}
