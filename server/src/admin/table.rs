//! Lists for a terminal: columns as wide as their widest cell, nothing drawn around them.

/// A heading and rows; says so when there is none.
pub(crate) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]], none: &str) -> String {
    if rows.is_empty() {
        return format!("{none}\n");
    }
    let heading = heading.map(str::to_uppercase);
    let mut widths = [0; N];
    for row in std::iter::once(&heading).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    std::iter::once(&heading).chain(rows).map(|row| line(row, &widths)).collect()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    let joined: Vec<String> = padded.collect();
    format!("{}\n", joined.join("  ").trim_end())
}

/// One thing: a name and a value on each line; what is empty is left out.
pub(super) fn card(fields: &[(&str, String)]) -> String {
    let shown = fields.iter().filter(|(_, value)| !value.is_empty());
    let width = shown.clone().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    shown.map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let rows = [["ä".to_owned(), "x".to_owned()], ["bbb".to_owned(), String::new()]];
        assert_eq!(table(["a", "b"], &rows, "none"), "A    B\nä    x\nbbb\n");
        assert_eq!(table(["a"], &[], "Nobody here."), "Nobody here.\n");
        assert_eq!(card(&[("name", "x".to_owned()), ("id", String::new())]), "name  x\n");
    }
}
