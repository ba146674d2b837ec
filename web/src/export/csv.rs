//! Comma-separated values (RFC 4180), harmless in a spreadsheet.

/// A line. Every cell is quoted, so that commas, quotes and line ends in it are its own.
pub(super) fn line<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(cell.unwrap_or_default())).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes what begins like this for a formula (OWASP, CSV injection); behind an apostrophe it is text.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '＠'];

fn quoted(cell: &str) -> String {
    let apostrophe = if cell.starts_with(FORMULAS) { "'" } else { "" };
    format!("\"{apostrophe}{}\"", cell.replace('"', "\"\""))
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
            ("\t=1", "\"'\t=1\"\r\n"),
            ("a=1", "\"a=1\"\r\n"),
        ] {
            assert_eq!(line([Some(cell)].into_iter()), told);
        }
    }
}
