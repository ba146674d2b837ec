//! The order of a run: signing in first, what ends something last.

use super::Call;

/// Folders of requests in the order of a run. A step is the name of something known, and may go on behind a comma where
/// that is asked more than once.
///
/// Panics where a step names nothing known, or something known is in no step.
pub fn folders<T>(
    run: &[(&str, &[&str])],
    known: &[(String, T)],
    call: impl Fn(&str, &T) -> Call,
) -> Vec<(String, Vec<Call>)> {
    let named = |step: &str| step.split(',').next().unwrap_or_default().to_owned();
    let steps: Vec<String> = run.iter().flat_map(|(_, steps)| steps.iter().map(|step| named(step))).collect();
    let forgotten: Vec<&str> = known
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !steps.iter().any(|it| it == name))
        .collect();
    assert!(forgotten.is_empty(), "no run of the collection asks {forgotten:?}");
    let find = |step: &&str| {
        let found = known.iter().find(|(name, _)| *name == named(step));
        call(step, &found.unwrap_or_else(|| panic!("{step} is nothing known")).1)
    };
    run.iter().map(|(folder, steps)| ((*folder).to_owned(), steps.iter().map(find).collect())).collect()
}
