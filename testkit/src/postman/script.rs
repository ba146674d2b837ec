//! What runs after an answer: it says whether the answer is the expected one, and keeps what later requests need.

use super::Call;

pub(super) fn after(call: &Call) -> Vec<String> {
    let status = call.answers;
    assert!(status != 0, "{} does not say what it answers", call.name);
    let mut lines = match call.without {
        None => vec![format!("pm.test('answers {status}', () => pm.response.to.have.status({status}));")],
        Some((variable, refusal)) => vec![
            format!("const expected = pm.variables.get('{variable}') ? {status} : {refusal};"),
            "pm.test(`answers ${expected}`, () => pm.response.to.have.status(expected));".to_owned(),
        ],
    };
    if call.keeps.is_empty() && call.until.is_none() {
        return lines;
    }
    lines.push(format!("if (pm.response.code === {status}) {{"));
    lines.push("  const answer = pm.response.json();".to_owned());
    let keep = |(variable, value)| format!("  pm.collectionVariables.set('{variable}', {value});");
    lines.extend(call.keeps.iter().copied().map(keep));
    lines.extend(call.until.into_iter().flat_map(asks_again));
    lines.push("}".to_owned());
    lines
}

/// Lines that have a run ask again, for half a minute at most; after that its test fails.
fn asks_again(until: &str) -> [String; 9] {
    [
        "  // What happens in the background takes a moment; a run asks again until it did.".to_owned(),
        "  const tries = Number(pm.variables.get('tries') || 0) + 1;".to_owned(),
        format!("  const isDone = Boolean({until}), isOver = isDone || tries === 150;"),
        "  if (isOver) pm.test('is over in time', () => pm.expect(isDone).to.be.true);".to_owned(),
        "  pm.variables.set('tries', isOver ? 0 : tries);".to_owned(),
        "  if (!isOver) {".to_owned(),
        "    setTimeout(() => {}, 200);".to_owned(),
        "    pm.execution.setNextRequest(pm.info.requestId);".to_owned(),
        "  }".to_owned(),
    ]
}
