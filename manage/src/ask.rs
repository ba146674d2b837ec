//! One request as a handler sees it.

use crate::problem::{Code, Problem};
use crate::token::Bearer;
use bytes::Bytes;
use doorward_core::once::Once;
use doorward_core::{Branch, Caller, Core, Expected, cursor, tenants};
use doorward_model::{TenantId, Timestamp};
use doorward_web::{Fields, Refusal};
use http::header;
use http::request::Parts;
use std::time::Duration;
use uuid::Uuid;

/// Rows of a page, unless the caller says otherwise.
const ROWS: usize = 50;
/// At most: a page is read, rendered and sent in one piece.
pub(crate) const ROWS_MAX: usize = 200;

/// A request whose caller may ask it.
pub(crate) struct Ask {
    pub(crate) core: Core,
    pub(crate) caller: Caller,
    pub(crate) bearer: Bearer,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) head: Parts,
    /// Empty where none is asked for.
    pub(crate) body: Bytes,
}

/// A part of a list that is wanted.
pub(crate) struct Wanted {
    pub(crate) rows: usize,
    /// Where it begins; `None` at the beginning.
    pub(crate) place: Option<Vec<u8>>,
    /// What the cursor of the next part is made for.
    pub(crate) list: String,
}

impl Ask {
    /// Whether the path has a parameter of this name, be it empty, as in `/tenants//events`.
    pub(crate) fn names(&self, parameter: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == parameter)
    }

    /// A parameter of the path; no id is empty.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The tenant that the path names, if the caller has any right there.
    pub(crate) async fn tenant(&self) -> Result<Branch, Problem> {
        let id = TenantId::parse(self.parameter("id")).ok_or_else(|| Problem::of(Code::NotFound))?;
        Ok(tenants::reached(&self.core, &self.bearer.actor, id).await?)
    }

    /// The query's fields, which must be among these: a misspelt one would be a list of something else.
    pub(crate) fn query(&self, known: &[&str]) -> Result<Fields, Problem> {
        let fields = Fields::of_query(self.head.uri.query().unwrap_or_default())?;
        strange(&fields, known)?;
        Ok(fields)
    }

    /// Which part of a list. `narrowed` is all that says which list it is.
    pub(crate) fn wanted(&self, query: &Fields, narrowed: &str) -> Result<Wanted, Problem> {
        let rows = query.integer("limit")?.map_or(Ok(ROWS), |rows| {
            let rows = usize::try_from(rows).ok().filter(|rows| (1..=ROWS_MAX).contains(rows));
            rows.ok_or_else(|| Problem::of(Code::Invalid).field("limit", format!("expected 1 to {ROWS_MAX}")))
        })?;
        let list = format!("{} {narrowed}", self.head.uri.path());
        let cursor = query.text("cursor")?;
        let place = cursor.map(|cursor| cursor::read(&self.core, &list, cursor)).transpose()?;
        Ok(Wanted { rows, place, list })
    }

    /// The id behind which a list by id goes on; the nil id at its beginning.
    pub(crate) fn after(&self, wanted: &Wanted) -> Result<Uuid, Problem> {
        let place = wanted.place.as_deref().map_or(Ok(Uuid::nil()), Uuid::from_slice);
        place.map_err(|_| Problem::of(Code::Invalid).field("cursor", "not of this list"))
    }

    /// The body, which must be a JSON object of these fields.
    pub(crate) fn fields(&self, known: &[&str]) -> Result<Fields, Problem> {
        if !self.is_of("application/json") {
            return Err(Problem::of(Code::UnsupportedMediaType));
        }
        let text = std::str::from_utf8(&self.body).map_err(|_| Refusal::malformed("expected UTF-8"))?;
        let fields = Fields::of_json_text(text)?;
        if fields.array().is_some() {
            return Err(Problem::of(Code::Malformed).said("expected an object"));
        }
        strange(&fields, known)?;
        Ok(fields)
    }

    /// Whether the body is said to be of this media type.
    pub(crate) fn is_of(&self, wanted: &str) -> bool {
        let media = self.head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        media.unwrap_or_default().split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
    }

    /// The version the request is about, if it names one. A tag that is none of ours is of another version.
    pub(crate) fn expected(&self) -> Result<Expected, Problem> {
        let mut tags = self.head.headers.get_all(header::IF_MATCH).iter();
        let (tag, other) = (tags.next(), tags.next());
        let Some(tag) = tag else { return Ok(None) };
        let tag = tag.to_str().unwrap_or_default().trim();
        if tag == "*" && other.is_none() {
            return Ok(None);
        }
        let version =
            tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|it| it.parse().ok());
        version.filter(|_| other.is_none()).map(Some).ok_or_else(|| Problem::of(Code::Stale))
    }

    /// The name the request gave itself, if it did.
    pub(crate) fn once(&self) -> Result<Option<Once>, Problem> {
        let mut keys = self.head.headers.get_all("idempotency-key").iter();
        let (key, other) = (keys.next(), keys.next());
        let Some(key) = key else { return Ok(None) };
        if other.is_some() {
            return Err(Problem::of(Code::Invalid).field("idempotency_key", "given twice"));
        }
        // With its query: what that says changes what is made.
        let asked = self.head.uri.path_and_query().map_or("", |asked| asked.as_str());
        let request = [self.head.method.as_str().as_bytes(), asked.as_bytes(), &self.body].join(&0);
        let key = key.to_str().unwrap_or_default();
        Ok(Some(Once::new(&self.core, self.bearer.token, key, &request)?))
    }
}

/// A list of texts. `None` if absent or null.
pub(crate) fn texts(fields: &Fields, name: &str) -> Result<Option<Vec<String>>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field(name, "expected a list of texts");
    let Some(value) = fields.value(name)?.filter(|value| !value.is_null()) else { return Ok(None) };
    let items = value.as_array().ok_or_else(wrong)?;
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// What is to become of what may be absent: `None` where it stays, `Some(None)` where null removes it.
pub(crate) fn cleared<T>(
    fields: &Fields,
    name: &str,
    read: impl FnOnce() -> Result<Option<T>, Problem>,
) -> Result<Option<Option<T>>, Problem> {
    let is_said = fields.value(name)?.is_some();
    is_said.then(read).transpose()
}

/// A moment. `None` if absent or null.
pub(crate) fn moment(fields: &Fields, name: &str) -> Result<Option<Timestamp>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field(name, "expected a moment like 2027-01-31T00:00:00Z");
    fields.text(name)?.map(|text| Timestamp::of_civil(text).ok_or_else(wrong)).transpose()
}

/// A span in whole seconds. `None` if absent or null.
pub(crate) fn seconds(fields: &Fields, name: &str) -> Result<Option<Duration>, Problem> {
    let wrong = || Problem::of(Code::Invalid).field(name, "expected whole seconds");
    let read = |seconds| u64::try_from(seconds).map(Duration::from_secs).map_err(|_| wrong());
    fields.integer(name)?.map(read).transpose()
}

fn strange(fields: &Fields, known: &[&str]) -> Result<(), Problem> {
    match fields.names().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Problem::of(Code::Invalid).field(name, "no such field here")),
    }
}
