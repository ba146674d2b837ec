//! What recipients read, whatever strangers put into names; and what operators hear about their templates.

use std::fs;

use doorward_model::{Email, Language, MailKind};
use doorward_server::mail::{CAUGHT_LIMIT, Carrier, Catcher, Letter, Mailer, RenderError, Templates};

use super::fixture::{LINK, NOW, letter};

#[test]
fn every_kind_says_who_what_and_where() {
    let templates = Templates::built_in().unwrap();
    for kind in MailKind::ALL {
        let content = templates.render(&letter(kind, 1), NOW).unwrap();
        assert!(content.subject.contains("Northwind"), "{kind:?}: {}", content.subject);
        assert!(content.text.starts_with("Hello Ana Ruiz,\n"), "{kind:?}: {}", content.text);
        assert!(content.text.lines().any(|line| line == LINK), "the link stands bare: {}", content.text);
        let escaped = LINK.replace('&', "&amp;").replace('/', "&#x2f;");
        assert_eq!(content.html.matches(&format!("href=\"{escaped}\"")).count(), 2, "{}", content.html);
        assert!(
            ["If this was not you", "If you did not expect", "If something here was not you"]
                .iter()
                .any(|otherwise| content.text.contains(otherwise))
        );
        assert!(!content.text.contains("\n\n\n"), "{kind:?}: {}", content.text);
    }
}

#[test]
fn every_kind_is_written_in_the_readers_language() {
    let templates = Templates::built_in().unwrap();
    let hello = |language| match language {
        Language::En => "Hello Ana Ruiz,",
        Language::De => "Guten Tag Ana Ruiz,",
        Language::Fr => "Bonjour Ana Ruiz,",
    };
    for kind in MailKind::ALL {
        let of = |language| templates.render(&Letter { language, ..letter(kind, 1) }, NOW).unwrap();
        for language in Language::ALL {
            let content = of(language);
            assert!(content.subject.contains("Northwind"), "{kind:?}: {}", content.subject);
            assert!(content.text.starts_with(hello(language)), "{kind:?}: {}", content.text);
            assert!(content.html.contains(hello(language)), "{kind:?}: {}", content.html);
            assert!(content.html.contains(&format!("<html lang=\"{}\">", language.as_str())));
            assert!(content.html.contains("<strong>ana@northwind.example</strong>"), "{}", content.html);
            assert!(content.text.lines().any(|line| line == LINK), "the link stands bare: {}", content.text);
            for (part, open) in [(&content.text, "{"), (&content.text, "  \n"), (&content.subject, "{")] {
                assert!(!part.contains(open), "{kind:?} {language:?}: {part}");
            }
            assert!(!content.text.contains("\n\n\n"), "{kind:?} {language:?}: {}", content.text);
        }
        let [en, de, fr] = Language::ALL.map(of);
        assert!(en.subject != de.subject && en.subject != fr.subject && de.subject != fr.subject);
    }
}

#[test]
fn a_sign_in_is_near_a_place_in_every_language() {
    let templates = Templates::built_in().unwrap();
    let mut sign_in = letter(MailKind::NewSignIn, 1);
    sign_in.details.insert("near".to_owned(), "Lyon, France".to_owned());
    let of = |language| templates.render(&Letter { language, ..sign_in.clone() }, NOW).unwrap();
    assert!(of(Language::En).text.contains("  From: 192.0.2.7, near Lyon, France\n"));
    assert!(of(Language::De).html.contains("Von: 192.0.2.7, in der Nähe von Lyon, France"));
    assert!(of(Language::Fr).text.contains("192.0.2.7, près de Lyon, France\n"));
}

#[test]
fn a_digest_tells_what_happened_when_and_from_where() {
    let templates = Templates::built_in().unwrap();
    let of = |letter: &Letter| templates.render(letter, NOW).unwrap();
    let mut digest = letter(MailKind::Digest, 1);
    let text = of(&digest).text;
    assert!(
        text.contains("- A key for programs was made\n  22 November 2026, 08:30 UTC, 192.0.2.7, near Lyon"),
        "{text}"
    );
    assert!(!text.contains("more stand"), "{text}");
    digest.details.insert("more".to_owned(), "12".to_owned());
    digest.language = Language::De;
    let content = of(&digest);
    assert!(
        content.text.contains("- Ein Schlüssel für Programme wurde ausgestellt\n  22. November 2026"),
        "{}",
        content.text
    );
    assert!(content.text.contains("12 weitere") && content.html.contains("12 weitere"));
    assert!(content.html.contains("<li") && content.html.contains("in der Nähe von Lyon, France"));
}

#[test]
fn times_and_spans_are_told_in_the_readers_language() {
    let templates = Templates::built_in().unwrap();
    let of =
        |language| templates.render(&Letter { language, ..letter(MailKind::Reset, 1) }, NOW).unwrap().text;
    assert!(of(Language::De).contains("30 Minuten lang, bis 22. November 2026, 09:00 UTC"));
    assert!(of(Language::Fr).contains("pendant 30 minutes, jusqu’au 22 novembre 2026 à 09:00 UTC"));
}

#[test]
fn times_are_told_by_the_readers_clock() {
    let templates = Templates::built_in().unwrap();
    for (kind, told) in [
        (MailKind::Reset, "for 30 minutes, until 22 November 2026, 10:00 (Europe/Berlin)."),
        (MailKind::NewSignIn, "When: 22 November 2026, 09:30 (Europe/Berlin)"),
        (MailKind::Digest, "22 November 2026, 09:30 (Europe/Berlin), 192.0.2.7"),
    ] {
        let mut letter = letter(kind, 1);
        letter.details.insert("zone".to_owned(), "Europe/Berlin".to_owned());
        let text = templates.render(&letter, NOW).unwrap().text;
        assert!(text.contains(told), "{kind:?}: {text}");
    }
}

#[test]
fn html_is_accessible_and_asks_nobody_else() {
    let templates = Templates::built_in().unwrap();
    for kind in MailKind::ALL {
        let html = templates.render(&letter(kind, 1), NOW).unwrap().html;
        assert!(html.contains("<html lang=\"en\">") && html.contains("<h1") && html.contains("color-scheme"));
        for outside in ["<img", "src=", "url(", "@import", "<link", "<script"] {
            assert!(!html.contains(outside), "{kind:?} holds {outside}");
        }
    }
}

#[test]
fn a_link_says_how_long_it_lives_or_that_it_died_on_the_way() {
    let templates = Templates::built_in().unwrap();
    let reset = letter(MailKind::Reset, 1);
    let fresh = templates.render(&reset, NOW).unwrap();
    assert!(fresh.text.contains("once, for 30 minutes, until 22 November 2026, 09:00 UTC"), "{}", fresh.text);
    let late = templates.render(&reset, reset.time("expires").unwrap()).unwrap();
    for part in [late.text, late.html] {
        assert!(part.contains("its link expired on 22 November 2026, 09:00 UTC. Please ask for a new one"));
    }
}

#[test]
fn hostile_names_stay_text_and_stay_short() {
    let templates = Templates::built_in().unwrap();
    let hostile =
        ["<script>alert(1)</script>", "Ana\r\nBcc: victim@evil.example\r\n\r\nHi", &"x".repeat(100_000)];
    for (kind, name) in MailKind::ALL.into_iter().flat_map(|kind| hostile.map(|name| (kind, name))) {
        let content = templates.render(&named(kind, name), NOW).unwrap();
        assert!(!content.subject.chars().any(char::is_control), "{:?}", content.subject);
        assert!(content.subject.chars().count() < 160);
        assert!(!content.html.contains("<script"), "{}", content.html);
        assert!(!content.text.lines().any(|line| line.starts_with("Bcc:")), "{}", content.text);
        assert!(!content.text.contains("victim@evil.example,"), "the greeting carries no address");
        assert!(content.text.len() < 2_000 && content.html.len() < 8_000);
    }
}

#[test]
fn a_link_that_is_none_of_the_web_is_not_mailed() {
    let templates = Templates::built_in().unwrap();
    for link in ["javascript:alert(1)", "https://a.example/\r\nBcc: b@c.example", "", "data:text/html,x"] {
        let letter = Letter { link: Some(link.to_owned()), ..letter(MailKind::Reset, 1) };
        assert!(matches!(templates.render(&letter, NOW), Err(RenderError::BadLink(_))), "{link:?}");
    }
    let without = Letter { link: None, ..letter(MailKind::Invitation, 1) };
    assert!(matches!(templates.render(&without, NOW), Err(RenderError::NoLink(_))));
}

#[test]
fn notices_read_well_without_their_optional_parts() {
    let templates = Templates::built_in().unwrap();
    for kind in [MailKind::PasswordChanged, MailKind::NewSignIn, MailKind::MembershipAdded] {
        let bare = Letter { link: None, person_name: None, details: Default::default(), ..letter(kind, 1) };
        let content = templates.render(&bare, NOW).unwrap();
        assert!(content.text.starts_with("Hello,\n"));
        assert!(!content.html.contains("href="));
        for word in ["none", "undefined", "When:"] {
            assert!(!content.text.contains(word), "{kind:?}: {}", content.text);
        }
    }
}

#[test]
fn an_operator_replaces_single_files() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("reset.subject"), "New password\nfor {{ tenant }}\n").unwrap();
    fs::write(directory.path().join("README"), "not a template").unwrap();
    let content =
        Templates::load(directory.path()).unwrap().render(&letter(MailKind::Reset, 1), NOW).unwrap();
    assert_eq!(content.subject, "New password for Northwind");
    assert!(content.text.contains("asked to reset"));
}

/// The layout of the version before mails had languages, as operators copied it.
const LAYOUT_OF_BEFORE: &str = include_str!("layout_of_before.html");

#[test]
fn a_layout_of_the_version_before_still_holds_whole_mails() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("layout.html"), LAYOUT_OF_BEFORE).unwrap();
    let (theirs, ours) = (Templates::load(directory.path()).unwrap(), Templates::built_in().unwrap());
    for kind in MailKind::ALL {
        let of = |templates: &Templates| templates.render(&letter(kind, 1), NOW).unwrap().html;
        let [theirs, ours] = [of(&theirs), of(&ours)];
        assert!(theirs.contains("<strong>ana@northwind.example</strong>"), "{kind:?} says nothing: {theirs}");
        let (_, said) = ours.split_once("Ana Ruiz,</p>\n").unwrap();
        let (said, _) = said.split_once("<p class=\"quiet\"").unwrap();
        assert!(theirs.contains(said), "{kind:?} says no more {said}: {theirs}");
        let (_, otherwise) = ours.split_once("<p class=\"quiet\" style=\"margin:16px").unwrap();
        assert!(theirs.contains(otherwise), "{kind:?} says no more {otherwise}: {theirs}");
    }
    let reset = Letter { language: Language::De, ..letter(MailKind::Reset, 1) };
    let html = theirs.render(&reset, NOW).unwrap().html;
    assert!(html.contains("Hello Ana Ruiz,") && html.contains("Passwort"), "{html}");
}

#[test]
fn a_replaced_file_holds_in_every_language_and_may_ask_which() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("reset.subject"),
        "{% if language == \"de\" %}Neu{% else %}New{% endif %}",
    )
    .unwrap();
    fs::write(directory.path().join("reset.txt"), "{{ say.hello }} {{ say.what }} {{ link }}").unwrap();
    let templates = Templates::load(directory.path()).unwrap();
    let of = |language| templates.render(&Letter { language, ..letter(MailKind::Reset, 1) }, NOW).unwrap();
    assert_eq!([of(Language::De).subject, of(Language::Fr).subject], ["Neu", "New"]);
    assert!(of(Language::Fr).text.starts_with("Bonjour Ana Ruiz, Quelqu’un a demandé"));
}

#[test]
fn mistakes_in_templates_are_told_at_start_up_with_file_and_line() {
    let cases = [
        ("reset.txt", "Hello\n{% if %}", "reset.txt:2: "),
        ("reset.html", "\n\n{{ tennant }}", "reset.html:3: "),
        ("layout.html", "{{ subject }}\n{{ lnk }}", "layout.html:2: "),
        ("rset.txt", "Hello", "did you mean reset.txt?"),
    ];
    for (file, text, expected) in cases {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(file), text).unwrap();
        let told = Templates::load(directory.path()).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
    let missing = tempfile::tempdir().unwrap().path().join("gone");
    assert!(Templates::load(&missing).unwrap_err().to_string().contains("gone"));
}

#[tokio::test]
async fn the_catcher_keeps_the_newest_mails_newest_last() {
    let catcher = Catcher::default();
    let mailer = Mailer::new(Templates::built_in().unwrap(), Carrier::Catcher(catcher.clone()));
    for number in 0..=CAUGHT_LIMIT {
        let to = Email::parse(&format!("n{number}@northwind.example")).unwrap();
        mailer.deliver(&Letter { to, ..letter(MailKind::Reset, 1) }, NOW).await.unwrap();
    }
    let mails = serde_json::to_value(catcher.mails()).unwrap();
    let mails = mails.as_array().unwrap();
    assert_eq!(mails.len(), CAUGHT_LIMIT);
    assert_eq!(mails[0]["to"], "n1@northwind.example");
    let newest = mails.last().unwrap();
    assert_eq!(newest["to"], format!("n{CAUGHT_LIMIT}@northwind.example"));
    assert_eq!(newest["subject"], "Reset your password for Northwind");
    assert_eq!(newest["at"], "2026-11-22T08:30:00Z");
    assert!(newest["text"].as_str().unwrap().contains(LINK) && newest["html"].is_string());
}

fn named(kind: MailKind, name: &str) -> Letter {
    let mut letter = letter(kind, 1);
    letter.person_name = Some(name.to_owned());
    letter.tenant_name = name.to_owned();
    for detail in ["address", "agent"] {
        letter.details.insert(detail.to_owned(), name.to_owned());
    }
    letter
}
