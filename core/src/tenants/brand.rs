//! Under which name and in which colour a tenant's pages are shown: two facts of its profile, inherited down the tree. A program may
//! write anything into them, and pages leave out what they cannot show; who sets them by hand is told.

use crate::{Error, Result};

/// The fact of the name; else the display name is shown.
pub const NAME: &str = "brand_name";
/// The fact of the colour, `#rrggbb`.
pub const COLOUR: &str = "brand_colour";
/// A name is shown in one line of a small page; the rest of a longer one is cut.
pub const NAME_CHARS: usize = 60;

/// Whether pages show it as a colour.
pub fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether pages show it as a name.
pub fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// The changes of a profile that set a name and a colour; an empty one is left to what is above, `None` stays as it is.
///
/// Errors: [`Error::Invalid`] for what pages would leave out or cut.
pub fn facts(name: Option<&str>, colour: Option<&str>) -> Result<Vec<(String, Option<String>)>> {
    let given =
        |text: Option<&str>, is_fit: fn(&str) -> bool| text.is_none_or(|it| it.is_empty() || is_fit(it));
    if !given(name, |name| is_line(name) && name.chars().count() <= NAME_CHARS) {
        return Err(Error::invalid("name", format!("expected one line of at most {NAME_CHARS} characters")));
    }
    if !given(colour, is_colour) {
        return Err(Error::invalid("colour", "expected # and six digits of 0 to 9 and a to f, like #0b3c8d"));
    }
    let facts = [(NAME, name), (COLOUR, colour)].into_iter();
    let value = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(facts.filter_map(|(fact, text)| Some((fact.to_owned(), value(text?)))).collect())
}
