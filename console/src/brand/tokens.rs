//! Doorward's own colours, held to the same rules as an operator's: every pair that pages use, in both themes.

use super::colour::{Colour, READABLE};
use std::collections::HashMap;

const TOKENS: &str = include_str!("../../assets/css/tokens.css");

/// What is at least seen: borders of fields, rings of focus (WCAG 2.2, 1.4.11).
const SEEN: f64 = 3.0;

fn themes() -> [(&'static str, HashMap<&'static str, Colour>); 2] {
    let (light, dark) = TOKENS.split_once("@media").expect("two themes");
    [("light", read(light)), ("dark", read(dark))]
}

fn read(text: &'static str) -> HashMap<&'static str, Colour> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
    lines.filter_map(|(name, value)| Some((name, Colour::parse(value.trim_end_matches(';'))?))).collect()
}

#[test]
fn every_text_can_be_read_in_both_themes() {
    let grounds = ["ground", "card", "sunk"];
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for text in ["ink", "soft", "accent", "danger"] {
        pairs.extend(grounds.map(|ground| (text, ground)));
    }
    pairs.extend([("on-brand", "brand"), ("on-danger", "danger")]);
    pairs.extend([("info", "info-ground"), ("good", "good-ground"), ("problem", "problem-ground")]);
    pairs.push(("problem", "card"));
    for (theme, colours) in themes() {
        for (text, ground) in &pairs {
            let ratio = colours[text].contrast(colours[ground]);
            assert!(ratio >= READABLE, "{theme}: {text} on {ground} is {ratio:.2}");
        }
        for ground in grounds {
            let ratio = colours["edge"].contrast(colours[ground]);
            assert!(ratio >= SEEN, "{theme}: edge on {ground} is {ratio:.2}");
        }
    }
}

#[test]
fn both_themes_have_the_same_colours() {
    let [(_, light), (_, dark)] = themes();
    let mut names: [Vec<_>; 2] = [light.keys().collect(), dark.keys().collect()];
    names.iter_mut().for_each(|names| names.sort_unstable());
    assert_eq!(names[0], names[1]);
}
