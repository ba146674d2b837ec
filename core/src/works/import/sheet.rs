//! Lines of a table: which column means what.

use super::line::{COLUMNS, Line, Refused};
use crate::{Error, Result, closest};

/// Lines of one file: more than the staff of a large company. All of them are looked through while somebody waits, and a
/// second file may follow the first.
pub const IMPORT_LINES: usize = 10_000;

/// A table as somebody wrote it.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What the columns are called.
    pub header: Vec<String>,
    /// The rows below.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it stands, from 1.
    pub number: i64,
    /// Its cells, or why it cannot be read.
    pub cells: Result<Vec<String>, String>,
}

/// Names that spreadsheets and other programs give these columns.
const ALIASES: [(&str, &str); 13] = [
    ("e_mail", "email"),
    ("mail", "email"),
    ("email_address", "email"),
    ("e_mail_address", "email"),
    ("e_mail_adresse", "email"),
    ("firstname", "first_name"),
    ("given_name", "first_name"),
    ("vorname", "first_name"),
    ("lastname", "last_name"),
    ("surname", "last_name"),
    ("family_name", "last_name"),
    ("nachname", "last_name"),
    ("rolle", "role"),
];

/// The lines of a table, and those that are none.
///
/// Errors: [`Error::Invalid`] of the field `file` for a first line that does not name the columns, and for too many lines.
pub fn lines_of(sheet: Sheet) -> Result<(Vec<Line>, Vec<Refused>)> {
    let columns = columns(&sheet.header)?;
    if sheet.rows.is_empty() {
        return Err(Error::invalid("file", "there is nobody in it: only a first line"));
    }
    if sheet.rows.len() > IMPORT_LINES {
        let found = sheet.rows.len();
        let problem = format!(
            "it has {found} lines, and {IMPORT_LINES} are imported at once at most: split it, each part with the first line"
        );
        return Err(Error::invalid("file", problem));
    }
    let (mut lines, mut refused) = (Vec::new(), Vec::new());
    for Row { number, cells } in sheet.rows {
        let mut line = Line { number, cells: vec![String::new(); COLUMNS.len()] };
        match cells {
            Ok(cells) if cells.iter().skip(columns.len()).all(String::is_empty) => {
                for (cell, at) in cells.into_iter().zip(&columns) {
                    line.cells.get_mut(*at).into_iter().for_each(|known| known.clone_from(&cell));
                }
                lines.push(line);
            }
            Ok(cells) => {
                let reason = format!(
                    "it has {} cells, and the first line names {} columns",
                    cells.len(),
                    columns.len()
                );
                refused.push(Refused { line, reason });
            }
            Err(reason) => refused.push(Refused { line, reason }),
        }
    }
    Ok((lines, refused))
}

/// For each column of the table, which of ours it is.
fn columns(header: &[String]) -> Result<Vec<usize>> {
    let mut columns: Vec<usize> = Vec::new();
    for name in header {
        let plain = plain(name);
        let meant =
            ALIASES.iter().find(|(alias, _)| *alias == plain).map_or(plain.as_str(), |(_, meant)| *meant);
        let Some(at) = COLUMNS.iter().position(|known| *known == meant) else {
            return Err(Error::invalid("file", unknown(name, &plain)));
        };
        if columns.contains(&at) {
            return Err(Error::invalid("file", format!("the first line names the column {meant} twice")));
        }
        columns.push(at);
    }
    if columns.contains(&0) {
        return Ok(columns);
    }
    let all = COLUMNS.join(", ");
    Err(Error::invalid("file", format!("its first line must name the columns, email among them: {all}")))
}

fn plain(name: &str) -> String {
    let plain = |character: char| if matches!(character, ' ' | '-' | '.') { '_' } else { character };
    name.trim().to_lowercase().chars().map(plain).collect()
}

/// Characters of a name that somebody is told again.
const SHOWN: usize = 60;

fn unknown(name: &str, plain: &str) -> String {
    let shown: String = name.chars().take(SHOWN).filter(|character| !character.is_control()).collect();
    let meant = match closest(plain, COLUMNS.into_iter()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there may be {}", COLUMNS.join(", ")),
    };
    format!("its first line names a column \"{shown}\", which means nothing here; {meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(header: &[&str], rows: &[&[&str]]) -> Sheet {
        let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let rows = (2..).zip(rows).map(|(number, cells)| Row { number, cells: Ok(texts(cells)) });
        Sheet { header: texts(header), rows: rows.collect() }
    }

    fn problem(header: &[&str]) -> String {
        lines_of(sheet(header, &[&["a@b.example"]])).unwrap_err().to_string()
    }

    #[test]
    fn columns_are_known_in_any_order_and_by_the_names_of_spreadsheets() {
        let (lines, refused) =
            lines_of(sheet(&["Nachname", "E-Mail"], &[&["Ünal", "a@b.example"], &["Ito"]])).unwrap();
        assert_eq!(refused, []);
        let told: Vec<_> = lines.iter().map(|line| (line.cell("email"), line.cell("last_name"))).collect();
        assert_eq!(told, [("a@b.example", "Ünal"), ("", "Ito")]);
    }

    #[test]
    fn a_misspelt_column_is_told_with_the_one_that_was_meant() {
        assert!(problem(&["emial"]).ends_with("did you mean email?"), "{}", problem(&["emial"]));
        assert!(problem(&["email", "phone"]).contains("there may be email, first_name"));
        assert!(problem(&["email", "mail"]).contains("twice"));
        assert!(problem(&["role"]).contains("email among them"));
    }

    #[test]
    fn a_row_with_more_cells_than_columns_is_refused_by_itself() {
        let (lines, refused) = lines_of(sheet(&["email"], &[&["a@b.example", ""], &["b", "c"]])).unwrap();
        assert_eq!((lines.len(), refused.len()), (1, 1));
        assert!(refused[0].reason.contains("2 cells"), "{refused:?}");
    }

    #[test]
    fn an_empty_file_and_one_that_is_too_long_are_refused_whole() {
        assert!(lines_of(sheet(&["email"], &[])).is_err());
        let row: &[&str] = &["a@b.example"];
        let many = vec![row; IMPORT_LINES + 1];
        assert!(lines_of(sheet(&["email"], &many)).unwrap_err().to_string().contains("split it"));
    }
}
