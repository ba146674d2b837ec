//! Addresses that are none, and methods that a page does not know: pages for browsers, what they were for programs.

use crate::asked::Asked;
use crate::trouble::{Trouble, problem};
use doorward_web::{HeaderMap, Response};
use http::header;
use http::request::Parts;

/// Whether somebody reads the answer: browsers ask for `text/html` by name, programs for anything or for JSON.
pub fn is_browser(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut ranges = accepted.flat_map(|value| value.split(',')).map(|range| range.split(';').next());
    ranges.any(|range| range.is_some_and(|range| range.trim().eq_ignore_ascii_case("text/html")))
}

/// There is nothing at this address.
pub fn not_found(parts: &Parts) -> Response {
    problem(&Asked::read(parts), Trouble::NotFound)
}

/// There is something, and it is not used that way.
pub fn wrong_method(parts: &Parts) -> Response {
    problem(&Asked::read(parts), Trouble::WrongMethod)
}
