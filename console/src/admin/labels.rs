//! What the fields are called that something may be wrong with: by the labels that stand beside them, so that whoever reads what is
//! wrong finds where. A test below goes through the labels of every form.

/// Fields whose label has other words than their name, as the forms or as the core calls them; the words are a part of every label
/// of such a field, whatever the form says around them.
const LABELS: [(&str, &str); 26] = [
    ("app_id", "App-Id"),
    ("at", "Short name"),
    ("audience", "Where it is good"),
    ("base_url", "Address that its answers print"),
    ("cookie_name", "Cookie's name"),
    ("current_password", "Present password"),
    ("days", "For how many days"),
    ("dialect", "What its clients speak"),
    ("display_name", "Name"),
    ("email", "E-mail address"),
    ("expires_at", "For how many days"),
    ("extra", "Facts"),
    ("kind", "Who they are"),
    ("known_as", "What they like to be called"),
    ("origins", "Web origins"),
    ("overlap", "The present one"),
    ("parent", "The tenant above"),
    ("present", "Present password"),
    ("q", "Find people"),
    ("role", "What they may do"),
    ("scopes", "What for"),
    ("slug", "Short name"),
    ("standing", "A word of your own"),
    ("tenant", "One tenant behind it"),
    ("url", "Address of the text"),
    ("your_password", "Your own password"),
];

/// A field's name as people read it; of one without a label, its own words. The values of a policy come with their labels as their
/// names (`policy/change.rs`): an application has `origins`, too.
pub(super) fn spoken(field: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(known, _)| *known == field) {
        return (*label).to_owned();
    }
    let mut words = field.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Fields that nothing is ever said about by their name: choices, and what is asked for by a sentence of its own. The tenant to
    /// move to is refused as `short_name` or `parent`.
    const NEVER: [(&str, &str); 5] = [
        // Refused as `what`.
        ("events.html", "kind"),
        ("mails.html", "state"),
        ("move_tenant.html", "to"),
        ("operators.html", "password_again"),
        ("welcome.html", "password_again"),
    ];

    /// Every label of the console's forms that is beside a field: page, field, label.
    fn labels() -> Vec<(String, String, String)> {
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/console");
        let mut labels = Vec::new();
        for page in fs::read_dir(pages).unwrap().map(Result::unwrap) {
            let (name, text) =
                (page.file_name().into_string().unwrap(), fs::read_to_string(page.path()).unwrap());
            // A box to tick is never wrong.
            for line in text.lines().filter(|line| !line.contains("class=\"tick\"")) {
                for label in line.split("<label for=\"").skip(1) {
                    let (field, rest) = label.split_once("\">").unwrap();
                    let (label, _) = rest.split_once("</label>").unwrap();
                    // A policy's faults come with its labels; a trial's fields are its door's.
                    if !field.contains("{{") {
                        labels.push((name.clone(), field.to_owned(), label.to_owned()));
                    }
                }
            }
        }
        labels
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_beside_the_field() {
        let labels = labels();
        assert!(labels.len() > 40, "{labels:?}");
        for (page, field, label) in labels {
            let said = spoken(&field).to_lowercase();
            let is_never = NEVER.contains(&(page.as_str(), field.as_str()));
            assert!(is_never || label.to_lowercase().contains(&said), "{page}: {said:?} is not {label:?}");
        }
    }

    #[test]
    fn what_has_no_label_is_called_by_its_own_words() {
        assert_eq!(spoken("changed_meanwhile"), "Changed meanwhile");
        assert_eq!(spoken("e-mail_address"), spoken("email"));
        assert_eq!(spoken("expires_at"), spoken("days"));
        assert_eq!(spoken("Shortest password"), "Shortest password");
    }
}
