//! Lists as files: what their endpoints have in common.

use crate::problem::{Code, Problem};
use crate::schema::{Parameter, Shape, text, word};
use doorward_web::Fields;
use doorward_web::export::Format;

/// Rows read at once: few enough that a page of them is soon read, enough that reading is not asked for too often.
pub(crate) const ROWS: usize = 500;

pub(crate) const FORMAT: Parameter = Parameter {
    name: "format",
    place: "query",
    doc: "How the file is written; csv unless said",
    schema: || word(&Format::ALL.map(Format::as_str)),
};
/// Not JSON of one shape: the document lists the media types (`openapi.rs`).
pub(crate) const EXPORT: Shape = Shape { name: "Export", schema: text };

pub(crate) fn format(query: &Fields) -> Result<Format, Problem> {
    let words = Format::ALL.map(Format::as_str).join(", ");
    let refused = || Problem::of(Code::Invalid).field("format", format!("expected one of {words}"));
    query.text("format")?.map_or(Ok(Format::Csv), |word| Format::parse(word).ok_or_else(refused))
}
