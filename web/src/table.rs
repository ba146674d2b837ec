//! A file of comma-separated values as people save it: with whatever separator their spreadsheet writes (RFC 4180 says a comma,
//! German ones write a semicolon), with or without a byte order mark, quotes and carriage returns.

use crate::limits;
use doorward_core::works::{Row, Sheet};

/// Reads a table. The error says what is wrong with the whole file, in words; a row that cannot be read says so by itself.
pub fn read(bytes: &[u8]) -> Result<Sheet, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(format!("it is written in UTF-16; {UTF8}"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let before = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} is not written in UTF-8; {UTF8}")
    })?;
    let (text, skipped) = without_hint(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut header, mut rows) = (None, Vec::new());
    let mut record = csv::StringRecord::new();
    // The text is whole and UTF-8, and rows may be of any length: nothing is left that could fail.
    while reader.read_record(&mut record).map_err(|fault| format!("it cannot be read: {fault}"))? {
        let number = i64::try_from(line_of(text, &record).saturating_add(skipped)).unwrap_or(i64::MAX);
        match &header {
            None => header = Some(cells(&record).map_err(|problem| format!("its first line {problem}"))?),
            Some(_) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Some(_) => {
                let cells = cells(&record).map_err(|problem| format!("it {problem}"));
                rows.push(Row { number, cells });
            }
        }
    }
    let header = header.ok_or_else(|| "it is empty".to_owned())?;
    Ok(Sheet { header, rows })
}

const UTF8: &str = "save it as \"CSV UTF-8\"";

/// In which line of the text a row begins, from 1. The reader's own place is before blank lines, which are no rows.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 1 };
    let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    position.line().saturating_add(u64::try_from(blank.count()).unwrap_or(0))
}

/// Excel heeds, and some programs write, a line before the first that says the separator.
fn without_hint(text: &str) -> (&str, u64) {
    let hint = text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("sep="));
    match text.split_once('\n').filter(|_| hint) {
        Some((_, rest)) => (rest, 1),
        None => (text, 0),
    }
}

/// What stands between the cells of the first line, outside of quotes; a comma where there is one column.
fn separator(text: &str) -> u8 {
    let (mut counts, mut is_quoted) = ([(b',', 0_usize), (b';', 0), (b'\t', 0)], false);
    for byte in text.lines().next().unwrap_or_default().bytes() {
        is_quoted ^= byte == b'"';
        counts.iter_mut().filter(|(it, _)| *it == byte && !is_quoted).for_each(|(_, count)| *count += 1);
    }
    let (mut found, mut most) = (b',', 0);
    for (separator, count) in counts {
        if count > most {
            (found, most) = (separator, count);
        }
    }
    found
}

fn cells(record: &csv::StringRecord) -> Result<Vec<String>, String> {
    if record.as_slice().len() > limits::TABLE_LINE_BYTES {
        let most = limits::TABLE_LINE_BYTES;
        return Err(format!("is longer than {most} bytes: is there a quote that is not closed?"));
    }
    if record.iter().any(|cell| cell.contains(['\n', '\r'])) {
        return Err("has a line break in a cell: is there a quote that is not closed?".to_owned());
    }
    Ok(record.iter().map(plain).collect())
}

/// A cell as it was meant: without the apostrophe that our own files, and careful people, put before what a spreadsheet would
/// take for a formula (`export/csv.rs`). What it says stays text.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    let text =
        cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '＝', '＋', '＠']));
    text.unwrap_or(cell).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<(i64, Result<Vec<String>, String>)> {
        read(text).unwrap().rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn good(number: i64, cells: &[&str]) -> (i64, Result<Vec<String>, String>) {
        (number, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn what_spreadsheets_save_is_read_alike() {
        let wanted = [good(2, &["a@b.example", "Zoë, \"Z\""]), good(4, &["c@d.example", ""])];
        for text in [
            "email,name\na@b.example,\"Zoë, \"\"Z\"\"\"\n\nc@d.example,\n",
            "\u{feff}email;name\r\na@b.example;\"Zoë, \"\"Z\"\"\"\r\n;\r\nc@d.example;\r\n",
            "email\tname\na@b.example\tZoë, \"Z\"\n\nc@d.example\t",
        ] {
            assert_eq!(rows(text.as_bytes()), wanted, "{text:?}");
        }
        let hinted = read(b"sep=;\r\nemail;name\r\na;b\r\n").unwrap();
        assert_eq!(hinted.header, ["email", "name"]);
        assert_eq!(hinted.rows[0].number, 3);
    }

    #[test]
    fn another_encoding_is_told_with_its_line() {
        assert!(
            read(b"email\na@b.example\nZo\xeb\n").unwrap_err().starts_with("line 3 is not written in UTF-8")
        );
        assert!(read(b"\xff\xfee\0m\0").unwrap_err().contains("UTF-16"));
        assert_eq!(read(b"").unwrap_err(), "it is empty");
    }

    #[test]
    fn a_row_that_is_no_row_is_refused_by_itself() {
        let long = format!("email\n{}\nc@d.example\n", "x".repeat(limits::TABLE_LINE_BYTES + 1));
        let found = rows(long.as_bytes());
        assert!(found[0].1.as_ref().unwrap_err().contains("longer than"));
        assert_eq!(found[1], good(3, &["c@d.example"]));
        let open = rows(b"email\n\"a@b.example\nc@d.example\n");
        assert!(open[0].1.as_ref().unwrap_err().contains("line break"), "{open:?}");
    }

    #[test]
    fn what_looks_like_a_formula_stays_text() {
        assert_eq!(
            rows(b"email\n'=1+1\n=1+1\n'tis\n"),
            [good(2, &["=1+1"]), good(3, &["=1+1"]), good(4, &["'tis"]),]
        );
    }
}
