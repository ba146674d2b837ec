//! Matching paths: `/users/{id}` against `/users/7`.
//!
//! Patterns are tried from the most to the least specific (a word beats a parameter, left to right), so the order of
//! a route list does not matter.

use percent_encoding::percent_decode_str;

/// A route's path, cut into segments. Ordered by specificity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PathPattern(Vec<Segment>);

// Words come first in the order, so the derived `Ord` is the order of specificity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(String),
    Parameter(String),
}

impl PathPattern {
    pub(crate) fn parse(text: &str) -> Self {
        let segment = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Word(part.to_owned()),
        };
        Self(text.split('/').map(segment).collect())
    }

    /// How many segments it has: a path with more or fewer is another one, which is the cheapest way to tell most apart.
    pub(crate) fn segments(&self) -> usize {
        self.0.len()
    }

    /// Whether a path could be this one, whatever its parameters hold. Looked at from the end, where paths differ soonest.
    pub(crate) fn fits(&self, path: &str) -> bool {
        let mut parts = path.rsplit('/');
        let fits_each = self.0.iter().rev().all(|segment| {
            parts.next().is_some_and(|part| match segment {
                Segment::Word(word) => word == part,
                Segment::Parameter(_) => !part.is_empty(),
            })
        });
        fits_each && parts.next().is_none()
    }

    /// The parameters in order, percent-decoded; `None` if the path is another one. A parameter is never empty, and
    /// holds neither NUL nor invalid UTF-8: such a path names nothing.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut parts = path.split('/');
        let mut parameters = Vec::new();
        for segment in &self.0 {
            let part = parts.next()?;
            match segment {
                Segment::Word(word) if word == part => {}
                Segment::Word(_) => return None,
                Segment::Parameter(name) => parameters.push((name.clone(), decode(part)?)),
            }
        }
        parts.next().is_none().then_some(parameters)
    }
}

/// The segments of a path, as a pattern counts them.
pub(crate) fn segments(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count() + 1
}

fn decode(part: &str) -> Option<String> {
    let text = percent_decode_str(part).decode_utf8().ok()?.into_owned();
    (!text.is_empty() && !text.contains('\0')).then_some(text)
}
