//! "Did you mean": which of several names somebody meant who wrote another.

/// From this likeness on (Jaro-Winkler, 0 to 1) a name is taken for a misspelt one.
const ALIKE: f64 = 0.8;

/// The likeliest of several names, if any is alike.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}
