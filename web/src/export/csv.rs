//! Comma-separated values (RFC 4180), harmless in a spreadsheet.

/// A line. Every cell is quoted, so that commas, quotes and line ends in it are its own.
pub(super) fn line<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(cell.unwrap_or_default())).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes what begins like this for a formula (OWASP, CSV injection); behind an apostrophe it is text.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '＠'];
/// Those of them that are no separators.
const SIGNS: [char; 7] = ['=', '+', '-', '@', '＝', '＋', '＠'];

/// What separates cells for a spreadsheet that splits elsewhere than we do, and does not heed quotes.
const SEPARATORS: [char; 5] = [';', ',', '\t', '\r', '\n'];

fn quoted(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 3);
    text.push('"');
    if cell.starts_with(FORMULAS) {
        text.push('\'');
    }
    let mut begins = false;
    for character in cell.chars() {
        if begins && SIGNS.contains(&character) {
            text.push('\'');
        }
        begins = SEPARATORS.contains(&character);
        if character == '"' {
            text.push('"');
        }
        text.push(character);
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_to_themselves() {
        let told = line([Some("a,b"), None, Some("say \"hi\"\r\nthere")].into_iter());
        assert_eq!(told, "\"a,b\",\"\",\"say \"\"hi\"\"\r\nthere\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, told) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"\r\n"),
            ("+1", "\"'+1\"\r\n"),
            ("-1", "\"'-1\"\r\n"),
            ("@SUM(A1)", "\"'@SUM(A1)\"\r\n"),
            ("\t=1", "\"'\t'=1\"\r\n"),
            ("a=1", "\"a=1\"\r\n"),
            ("a;=1", "\"a;'=1\"\r\n"),
            ("a,+1\t-1", "\"a,'+1\t'-1\"\r\n"),
            ("\"a\"\r\n@SUM(A1)", "\"\"\"a\"\"\r\n'@SUM(A1)\"\r\n"),
            (";;＝1", "\";;'＝1\"\r\n"),
            ("a; b, c - d", "\"a; b, c - d\"\r\n"),
        ] {
            assert_eq!(line([Some(cell)].into_iter()), told);
        }
    }
}
