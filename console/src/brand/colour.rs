//! A colour that an operator chose, made readable: WCAG 2.2, 1.4.3 and 1.4.11.

use super::is_colour;
use std::fmt::Write as _;

/// Text and what it stands on (1.4.3, AA).
pub(super) const READABLE: f64 = 4.5;

/// Twentieths by which a colour is darkened or lightened until it can be read.
const STEPS: u32 = 20;

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([0xff; 3]);
/// The darkest ground that light pages have behind links, and the lightest that dark ones have (`tokens.css`).
const LIGHT_GROUND: Colour = Colour([0xf1, 0xee, 0xe8]);
const DARK_GROUND: Colour = Colour([0x2a, 0x28, 0x24]);

/// Red, green and blue of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb`, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|_| is_colour(text))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// `rrggbb`.
    pub(super) fn digits(self) -> String {
        self.0.iter().fold(String::new(), |mut text, part| {
            // Writing to a text cannot fail.
            let _infallible = write!(text, "{part:02x}");
            text
        })
    }

    /// How well one is read on the other: 1 to 21 (WCAG 2.2, "contrast ratio").
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Black or white, whichever is read better on this.
    fn ink(self) -> Self {
        if self.contrast(BLACK) >= self.contrast(WHITE) { BLACK } else { WHITE }
    }

    /// This, moved towards `end` no further than it takes to be read on `ground`.
    fn readable_on(self, ground: Self, end: Self) -> Self {
        let moved = (0..=STEPS).map(|step| self.towards(end, step));
        moved.into_iter().find(|colour| colour.contrast(ground) >= READABLE).unwrap_or(end)
    }

    fn towards(self, Self(end): Self, step: u32) -> Self {
        let mut mixed = self.0;
        for (part, end) in mixed.iter_mut().zip(end) {
            let sum = u32::from(*part) * (STEPS - step) + u32::from(end) * step;
            *part = u8::try_from(sum / STEPS).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// What replaces Doorward's own colours. Buttons keep the colour as it is; links and focus rings, which stand on the
    /// page's ground, are darkened or lightened as far as reading them takes.
    pub(super) fn stylesheet(self) -> String {
        let light = self.readable_on(LIGHT_GROUND, BLACK).digits();
        let dark = self.readable_on(DARK_GROUND, WHITE).digits();
        let (brand, ink) = (self.digits(), self.ink().digits());
        format!(
            ":root{{--accent:#{light};--brand:#{brand};--on-brand:#{ink}}}\n\
             @media (prefers-color-scheme:dark){{:root{{--accent:#{dark};--brand:#{brand};--on-brand:#{ink}}}}}\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Colour::parse("#0B5cad"), Some(Colour([0x0b, 0x5c, 0xad])));
        for text in
            ["0b5cad", "#0b5ca", "#0b5cad0", "#+b5cad", "#gggggg", "red", "", "#", "#0b5cad;}body{", "#é5cad"]
        {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn whatever_an_operator_chooses_can_be_read() {
        let parts = [0x00, 0x33, 0x66, 0x77, 0x99, 0xcc, 0xff];
        for at in 0..parts.len().pow(3) {
            let [red, green, blue] = [1, 7, 49].map(|of| parts[at / of % parts.len()]);
            let colour = Colour([red, green, blue]);
            assert!(colour.ink().contrast(colour) >= READABLE, "{colour:?} as a button");
            assert!(colour.readable_on(LIGHT_GROUND, BLACK).contrast(LIGHT_GROUND) >= READABLE, "{colour:?}");
            assert!(colour.readable_on(DARK_GROUND, WHITE).contrast(DARK_GROUND) >= READABLE, "{colour:?}");
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let navy = Colour([0x0b, 0x3c, 0x8d]);
        assert_eq!(navy.readable_on(LIGHT_GROUND, BLACK), navy);
        assert!(navy.stylesheet().starts_with(":root{--accent:#0b3c8d;--brand:#0b3c8d;--on-brand:#ffffff}"));
    }
}
