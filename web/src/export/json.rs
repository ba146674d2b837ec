//! A row as a JSON object of texts.

use super::Columns;
use serde_json::Value;

/// Appends the object, in the order of the columns.
pub(super) fn object<'a>(text: &mut String, columns: Columns, cells: impl Iterator<Item = Option<&'a str>>) {
    text.push('{');
    for (at, (name, cell)) in columns.iter().zip(cells).enumerate() {
        if at > 0 {
            text.push(',');
        }
        // `Value` prints itself escaped, and cannot fail to.
        text.push_str(&Value::from(*name).to_string());
        text.push(':');
        text.push_str(&cell.map_or(Value::Null, Value::from).to_string());
    }
    text.push('}');
}
