//! What is looked at in a statement's text before it is sent.

/// Words a statement of a closure may not begin with: the engine begins and ends transactions.
const NOT_IN_A_TRANSACTION: &[&str] = &[
    "begin",
    "start",
    "commit",
    "end",
    "rollback",
    "abort",
    "savepoint",
    "release",
    "prepare",
    "set",
    "reset",
];

/// Whether the statement would meddle with the transaction it runs in.
pub(super) fn ends_transactions(text: &str) -> bool {
    let word = text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    NOT_IN_A_TRANSACTION.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The highest placeholder of a statement. A `$1` inside a literal, a quoted name or a comment is none.
pub(super) fn placeholders(text: &str) -> usize {
    let mut highest = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"', '-', '$']) {
        let (_, found) = rest.split_at(at);
        let mut signs = found.chars();
        let sign = signs.next().unwrap_or(' ');
        let after = signs.as_str();
        rest = match sign {
            // A doubled quote ends one literal and begins the next, which comes to the same.
            '\'' | '"' => after.split_once(sign).map_or("", |(_, behind)| behind),
            '-' if after.starts_with('-') => after.split_once('\n').map_or("", |(_, behind)| behind),
            '$' => {
                let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                let (number, behind) = after.split_at(end);
                highest = highest.max(number.parse().unwrap_or(0));
                behind
            }
            _ => after,
        };
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_what_only_looks_like_one() {
        for (text, highest) in [
            ("SELECT 1", 0),
            ("SELECT $2, $1", 2),
            ("SELECT $1, '$9', 'it''s $8', \"$7\" -- $6\n, $11", 11),
            ("SELECT a - $3", 3),
            ("SELECT $1 -- $2", 1),
            ("SELECT '$1", 0),
        ] {
            assert_eq!(placeholders(text), highest, "{text}");
        }
    }

    #[test]
    fn what_would_end_the_transaction_is_recognised() {
        for text in ["ROLLBACK", " commit;", "Begin", "SET LOCAL x = 1", "savepoint a"] {
            assert!(ends_transactions(text), "{text}");
        }
        for text in ["SELECT 1", "UPDATE t SET a = 1", "ENDLESS", ""] {
            assert!(!ends_transactions(text), "{text}");
        }
    }
}
