//! HAL: what links look like, how an answer is labelled, and lists a page at a time.

use doorward_core::Part;
use doorward_web::reply::{self, Reply};
use doorward_web::{Call, CallContext, Refusal, Response, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

/// The media type of HAL, for clients that ask for it.
const HAL: &str = "application/hal+json";
/// Entries on a page where the client names no number (vendor's documentation, "per_page").
const PER_PAGE: i64 = 30;
/// Most entries on a page: enough for any list a screen shows, few enough to answer at once.
const PER_PAGE_MAX: i64 = 1_000;

/// A link.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) href: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    templated: bool,
}

impl Link {
    pub(crate) fn to(href: impl Into<String>) -> Self {
        Self { href: href.into(), templated: false }
    }

    /// Marked as templated, as the seed marks the link to the one signed in; there is nothing to fill in.
    pub(crate) fn marked(href: impl Into<String>) -> Self {
        Self { href: href.into(), templated: true }
    }
}

/// JSON, labelled as HAL for clients that ask for that.
pub(crate) fn answer(call: &CallContext, status: StatusCode, body: &impl Serialize) -> Response {
    label(call, reply::json(status, body))
}

/// An answer of JSON, labelled as HAL for clients that ask for that.
pub(crate) fn label(call: &CallContext, response: Response) -> Response {
    let accepted = call.headers.get_all("accept").iter().filter_map(|value| value.to_str().ok());
    let wants_hal = accepted.flat_map(|text| text.split(',')).any(is_hal);
    if wants_hal { response.with_header(http::header::CONTENT_TYPE, HAL) } else { response }
}

/// Whether a range of `Accept` is HAL, and not with a weight of nothing (RFC 9110, 12.4.2).
fn is_hal(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let is_nothing =
        |part: &str| part.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
    parts.next().is_some_and(|media| media.eq_ignore_ascii_case(HAL)) && !parts.any(is_nothing)
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    page: i64,
    per_page: i64,
}

impl Page {
    /// From `page` (from 1) and `per_page` of the query.
    pub(crate) fn wanted(call: &Call) -> Result<Self, Refusal> {
        let read = |name: &str, otherwise: i64| match call.query().integer(name)? {
            None => Ok(otherwise),
            Some(number) if number >= 1 => Ok(number),
            Some(_) => Err(Refusal::invalid(name, "expected a whole number from 1")),
        };
        let (page, per_page) = (read("page", 1)?, read("per_page", PER_PAGE)?);
        Ok(Self { page, per_page: per_page.min(PER_PAGE_MAX) })
    }

    /// The part of a list that is on this page.
    pub(crate) fn part(self) -> Part {
        let as_count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let skipped = self.page.saturating_sub(1).saturating_mul(self.per_page);
        Part { start: as_count(skipped), rows: as_count(self.per_page) }
    }

    /// What was found for this page, as a HAL list named `name` at `href`, with `more` links beside its own.
    pub(crate) fn list<T>(
        self,
        name: &str,
        href: &str,
        found: &doorward_core::Page<T>,
        more: &[(&str, String)],
        render: impl Fn(&T) -> Value,
    ) -> Value {
        let items: Vec<Value> = found.items.iter().map(render).collect();
        let Part { start, rows } = self.part();
        let is_last = start.saturating_add(rows) >= found.total;
        let page_at = |page: i64| Link::to(format!("{href}?page={page}&per_page={}", self.per_page));
        let mut links = Map::new();
        let mut add = |rel: &str, link: Link| links.insert(rel.to_owned(), serde_json::json!(link));
        add("self", page_at(self.page));
        if !is_last {
            add("next", page_at(self.page + 1));
        }
        if self.page > 1 {
            add("previous", page_at(self.page - 1));
        }
        for (rel, href) in more {
            add(rel, Link::to(href.as_str()));
        }
        serde_json::json!({ "total_entries": found.total, "_embedded": { name: items }, "_links": links })
    }
}
