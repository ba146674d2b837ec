//! Tables as files to keep: CSV, JSON, JSON lines, written page by page as fast as the client reads, so that a table of any
//! length takes the memory of two pages.

mod body;
mod csv;
mod json;

use crate::reply::{self, Reply as _};
use crate::{Response, StatusCode};
use body::{Making, Streamed};
use bytes::Bytes;
use doorward_core::{Keyed, Result};
use http::header;
use std::iter::repeat;
use std::sync::Arc;

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// RFC 4180, in UTF-8, with a line of headings.
    Csv,
    /// The same for somebody who opens it in a spreadsheet, begun with a byte order mark: without one Excel reads UTF-8 as the
    /// machine's own code page.
    SpreadsheetCsv,
    /// One array of objects.
    Json,
    /// An object a line.
    JsonLines,
}

impl Format {
    /// Every format that is asked for by its word.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::JsonLines];

    /// The word for it, which is also how its files' names end.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv | Self::SpreadsheetCsv => "csv",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// The same for a person at a browser: their CSV is opened in a spreadsheet.
    #[must_use]
    pub const fn for_people(self) -> Self {
        match self {
            Self::Csv | Self::SpreadsheetCsv => Self::SpreadsheetCsv,
            Self::Json => Self::Json,
            Self::JsonLines => Self::JsonLines,
        }
    }

    /// The media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv | Self::SpreadsheetCsv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::JsonLines => "application/jsonl",
        }
    }
}

/// What the columns are called.
pub type Columns = &'static [&'static str];
/// A row: a cell for each column, empty where there is nothing to say.
pub type Cells = Vec<Option<String>>;

/// Answers a table as a file. `name` is of our own making: letters, digits and hyphens. The first page is read before anything
/// is answered, so that a refusal is one; a page that cannot be read later breaks the connection off, so that nobody takes
/// a part for the whole.
///
/// Errors: those of `read` for the first page.
pub async fn file<P, F, W>(name: &str, format: Format, columns: Columns, read: F) -> Result<Response>
where
    P: Send + 'static,
    F: Fn(Option<P>) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Keyed<Cells, P>>> + Send + 'static,
{
    let read = Arc::new(read);
    let first = read(None).await?;
    let mut text = head(format, columns);
    let mut is_first = true;
    let next = written(&mut text, format, columns, first, &mut is_first);
    let rest = next.map(|next| making(read, format, columns, next, is_first));
    let response = reply::content(StatusCode::OK, format.media(), Streamed::body(Bytes::from(text), rest));
    let kept = format!("attachment; filename=\"{name}.{}\"", format.as_str());
    Ok(response.with_header(header::CONTENT_DISPOSITION, &kept))
}

fn making<P, F, W>(read: Arc<F>, format: Format, columns: Columns, at: P, mut is_first: bool) -> Making
where
    P: Send + 'static,
    F: Fn(Option<P>) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Keyed<Cells, P>>> + Send + 'static,
{
    Making(Box::pin(async move {
        let page = read(Some(at)).await?;
        let mut text = String::new();
        let next = written(&mut text, format, columns, page, &mut is_first);
        Ok((Bytes::from(text), next.map(|next| making(read, format, columns, next, is_first))))
    }))
}

fn head(format: Format, columns: Columns) -> String {
    match format {
        Format::Csv => csv::line(columns.iter().map(|name| Some(*name))),
        Format::SpreadsheetCsv => format!("\u{feff}{}", head(Format::Csv, columns)),
        Format::Json => "[".to_owned(),
        Format::JsonLines => String::new(),
    }
}

/// Writes a page, and the end behind the last one. `is_first` says whether no row was written yet: pages may be empty.
fn written<P>(
    text: &mut String,
    format: Format,
    columns: Columns,
    page: Keyed<Cells, P>,
    is_first: &mut bool,
) -> Option<P> {
    for row in &page.items {
        // Rows of a file that a version before made have fewer cells: new columns come last.
        let cells = row.iter().map(Option::as_deref).chain(repeat(None)).take(columns.len());
        match format {
            Format::Csv | Format::SpreadsheetCsv => text.push_str(&csv::line(cells)),
            Format::Json => {
                text.push_str(if *is_first { "\n" } else { ",\n" });
                json::object(text, columns, cells);
            }
            Format::JsonLines => {
                json::object(text, columns, cells);
                text.push('\n');
            }
        }
        *is_first = false;
    }
    if page.next.is_none() && format == Format::Json {
        text.push_str("\n]\n");
    }
    page.next
}
