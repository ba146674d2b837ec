//! Compares an output with what a page shows of it.

/// Anything: within a line any characters, alone on a line any lines.
const ANYTHING: &str = "…";

/// Whether the output is what the page shows. Blanks at the ends of lines and of the whole text do not count.
pub(super) fn matches(shown: &str, output: &str) -> bool {
    let shown: Vec<&str> = shown.trim().lines().map(str::trim_end).collect();
    let output: Vec<&str> = output.trim().lines().map(str::trim_end).collect();
    lines_match(&shown, &output)
}

fn lines_match(shown: &[&str], output: &[&str]) -> bool {
    match (shown, output) {
        ([], []) => true,
        ([line, rest @ ..], _) if line.trim() == ANYTHING => {
            (0..=output.len()).any(|skipped| lines_match(rest, &output[skipped..]))
        }
        ([line, rest @ ..], [first, others @ ..]) => line_matches(line, first) && lines_match(rest, others),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

fn line_matches(shown: &str, line: &str) -> bool {
    match shown.split_once(ANYTHING) {
        None => shown == line,
        Some((start, rest)) => line.strip_prefix(start).is_some_and(|tail| {
            let mut starts = tail.char_indices().map(|(index, _)| index).chain([tail.len()]);
            starts.any(|start| line_matches(rest, &tail[start..]))
        }),
    }
}

#[test]
fn an_ellipsis_stands_for_anything_in_its_place_and_nothing_beyond() {
    assert!(matches("a …-… z", "a 1-2 z\n"));
    assert!(matches("{\n  …\n  \"b\": 2\n}", "{\n  \"a\": 1,\n  \"c\": 3,\n  \"b\": 2\n}"));
    assert!(matches("…\nlast", "last"));
    assert!(!matches("a …", "b 1"));
    assert!(!matches("a … z", "a 1\n2 z"));
    assert!(!matches("one", "one\ntwo"));
}
