//! A device in plain words, from what a client says of itself. It may say anything: this is for recognising one's own
//! sign-ins, and decides nothing.

use crate::words::{Words, fill};

/// Names in a browser's description, and what people call it; the first that fits, as most claim to be others, too.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The same of systems.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Characters of a program's name: enough for one word and its version.
const PROGRAM_CHARS: usize = 40;

/// `Firefox on Windows`; a program by its own name.
pub(crate) fn device(words: &Words, agent: Option<&str>) -> String {
    let agent = agent.unwrap_or_default();
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let words = &words.account;
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            fill(words.browser_on_system, &[("browser", browser), ("system", system)])
        }
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let program: String = agent.split_whitespace().take(1).collect();
            let program: String =
                program.chars().filter(char::is_ascii_graphic).take(PROGRAM_CHARS).collect();
            if program.is_empty() { words.unknown_device.to_owned() } else { program }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_model::Language;

    #[test]
    fn what_people_call_their_devices() {
        let said = |agent: &str| device(Words::of(Language::En), Some(agent));
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
        assert_eq!(said(&format!("{windows} Gecko/20100101 Firefox/143.0")), "Firefox on Windows");
        assert_eq!(said(&format!("{windows} {chrome}")), "Chrome on Windows");
        assert_eq!(said(&format!("{windows} {chrome} Edg/143.0.0.0")), "Edge on Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15";
        assert_eq!(
            said(&format!("{phone} (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1")),
            "Safari on iPhone"
        );
        assert_eq!(said(&format!("Mozilla/5.0 (Linux; Android 15; K) {chrome}")), "Chrome on Android");
        assert_eq!(said("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(said("okhttp/4.12 (x)"), "okhttp/4.12");
        assert_eq!(device(Words::of(Language::De), None), "Unbekanntes Gerät");
        assert_eq!(said("\u{202e}\u{0}"), "Unknown device");
        assert_eq!(said(&"a".repeat(5_000)).len(), PROGRAM_CHARS);
    }
}
