//! How a work stands, in words.

use crate::admin::when::{When, when};
use doorward_core::works;
use doorward_model::{Work, WorkKind, WorkState};

pub(super) struct Told {
    pub(super) title: &'static str,
    state: WorkState,
    kind: WorkKind,
    /// How it stands, as a sentence.
    pub(super) sentence: String,
    /// What it waits for, or why it ended.
    pub(super) reason: Option<String>,
    /// Lines that are through, and lines in all.
    pub(super) of: Option<(i64, i64)>,
    pub(super) who: String,
    pub(super) made: When,
    pub(super) finished: Option<When>,
    /// Until when rows are kept.
    pub(super) kept: Option<When>,
    pub(super) refused: i64,
    /// Lines that become people once it is started.
    pub(super) good: i64,
    pub(super) invites: bool,
}

pub(super) fn told(work: &Work) -> Told {
    let total = work.total.filter(|_| !work.kind.is_export());
    Told {
        title: title(work.kind),
        state: work.state,
        kind: work.kind,
        sentence: sentence(work),
        reason: work.reason.clone(),
        of: total.map(|total| (work.done.saturating_add(work.refused), total)),
        who: who(&work.actor),
        made: when(work.made_at),
        finished: work.finished_at.map(when),
        kept: work.kept_until().map(when),
        refused: work.refused,
        good: total.unwrap_or(0).saturating_sub(work.refused),
        invites: works::invites(work),
    }
}

impl Told {
    pub(super) fn is_running(&self) -> bool {
        self.state == WorkState::Running
    }

    pub(super) fn is_checked(&self) -> bool {
        self.state == WorkState::Checked
    }

    pub(super) fn is_open(&self) -> bool {
        self.state.is_open()
    }

    pub(super) fn is_export(&self) -> bool {
        self.kind.is_export()
    }

    /// Whether there is a file to take.
    pub(super) fn has_file(&self) -> bool {
        self.is_export() && self.state == WorkState::Done && self.kept.is_some()
    }

    /// The state in a word, and how it is coloured.
    pub(super) fn tag(&self) -> (&'static str, &'static str) {
        match self.state {
            WorkState::Checked => ("info", "not started"),
            WorkState::Running => ("info", "going on"),
            WorkState::Done => ("good", "done"),
            WorkState::Stopped => ("problem", "stopped"),
            WorkState::Canceled => ("", "canceled"),
        }
    }
}

const fn title(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::ImportPeople => "Import of people",
        WorkKind::ExportPeople => "File of people",
        WorkKind::ExportEvents => "File of events",
        WorkKind::ExportConsents => "File of consents",
    }
}

/// What a file is called.
pub(super) const fn file_name(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::ImportPeople | WorkKind::ExportPeople => "people",
        WorkKind::ExportEvents => "events",
        WorkKind::ExportConsents => "consents",
    }
}

fn sentence(work: &Work) -> String {
    let Work { done, refused, state, .. } = work;
    if work.kind.is_export() {
        let rows = counted(*done, "row", "rows");
        return match state {
            WorkState::Checked | WorkState::Running => format!("{rows} so far."),
            WorkState::Done => format!("{rows}."),
            WorkState::Stopped | WorkState::Canceled => format!("It ended after {rows}; there is no file."),
        };
    }
    let total = work.total.unwrap_or(0);
    let (made, bad) = (counted(*done, "person", "people"), counted(*refused, "line", "lines"));
    match state {
        WorkState::Checked => {
            let good = counted(total.saturating_sub(*refused), "person", "people");
            format!("{good} will be made; {bad} cannot be done. Nothing is written yet.")
        }
        WorkState::Running => {
            let through = grouped(done.saturating_add(*refused));
            format!("{through} of {}: {made} made, {bad} refused.", counted(total, "line", "lines"))
        }
        WorkState::Done | WorkState::Stopped | WorkState::Canceled => {
            let left = total.saturating_sub(*done).saturating_sub(*refused);
            let rest = if left > 0 { format!(", {} left", grouped(left)) } else { String::new() };
            format!("{made} made, {bad} refused{rest}.")
        }
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// Who began it, as far as their name says without being looked up.
fn who(actor: &str) -> String {
    let mut words = actor.split(' ');
    match (words.next(), words.next()) {
        (Some("operator"), _) => "an operator".to_owned(),
        (Some("application"), Some(name)) => format!("the program {name}"),
        (Some("person"), Some(id)) => format!("person {id}"),
        (Some("person"), None) => "a person".to_owned(),
        _ => actor.to_owned(),
    }
}

/// A count with its thousands told apart.
pub(super) fn grouped(count: i64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_at_a_glance() {
        for (count, told) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_204_567, "1,204,567")] {
            assert_eq!(grouped(count), told);
        }
    }

    #[test]
    fn whoever_began_it_is_named_without_their_session() {
        assert_eq!(who("operator 1 session 2"), "an operator");
        assert_eq!(who("application crm token 3"), "the program crm");
        assert_eq!(who("person 4"), "person 4");
        assert_eq!(who("person"), "a person", "whose id is gone");
    }
}
